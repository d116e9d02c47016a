"""Talks to a server as autobahn does, a WebSocket library that none of ours knows of, and prints what came of it as JSON.

autobahn fails a connection whose server breaks RFC 6455: then a close is not clean.
"""

import asyncio
import json
import sys

from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol

PATIENCE_SECONDS = 10

TEXT, CONTINUATION = 1, 0


class Client(WebSocketClientProtocol):
    """A connection; what comes on it is kept until somebody asks."""

    def __init__(self):
        super().__init__()
        self.opened = asyncio.get_running_loop().create_future()
        self.ended = asyncio.get_running_loop().create_future()
        self.messages = asyncio.Queue()
        self.pongs = asyncio.Queue()

    def onOpen(self):
        self.opened.set_result(None)

    def onMessage(self, payload, isBinary):
        self.messages.put_nowait("binary" if isBinary else payload.decode("utf8"))

    def onPong(self, payload):
        self.pongs.put_nowait(payload.decode("utf8"))

    def onClose(self, wasClean, code, reason):
        self.ended.set_result([wasClean, code])

    def say(self, value, **options):
        text = value if isinstance(value, str) else json.dumps(value)
        self.sendMessage(text.encode("utf8"), **options)

    async def heard(self):
        text = await asyncio.wait_for(self.messages.get(), PATIENCE_SECONDS)
        return text if text in ("PING", "PONG") else json.loads(text)

    async def fate(self):
        return await asyncio.wait_for(self.ended, PATIENCE_SECONDS)


def call(id, method, path, input):
    return {"id": id, "method": method, "params": {"path": path, "input": {"json": input}}}


def send(id, event, data):
    return call(id, "mutation", f"send.{event}", {"data": data})


def login(token):
    return {"method": "connectionParams", "data": {"token": token}}


async def create_chat(client):
    client.say(send(1, "chats:create", {"room": "sales", "source": "web"}))
    return (await client.heard())["result"]["data"]["json"]["chat"]["id"]


async def request(client):
    client.say(send(1, "users:chats", {}))
    return (await client.heard())["result"]["type"]


async def refusal(client):
    client.say(send(1, "chats:get", {"chatId": "c_none"}))
    return (await client.heard())["error"]["json"]["data"]["code"]


async def subscription(client):
    chat_id = await create_chat(client)
    client.say(call(2, "subscription", "listen.messages:new", {"chatId": chat_id}))
    started = (await client.heard())["result"]["type"]
    client.say(send(3, "messages:send", {"chatId": chat_id, "message": "Grüße 💬"}))
    both = {message["id"]: message["result"]["data"]["json"] for message in [await client.heard(), await client.heard()]}
    client.say({"id": 2, "method": "subscription.stop"})
    stopped = (await client.heard())["result"]["type"]
    return [started, both[2]["data"]["data"]["message"]["message"], stopped]


async def pings(client):
    client.sendPing(b"of the protocol")
    client.say("PING")
    return [await asyncio.wait_for(client.pongs.get(), PATIENCE_SECONDS), await client.heard()]


async def fragments(client):
    client.say(send(1, "users:chats", {}), fragmentSize=3)
    return (await client.heard())["result"]["type"]


async def ping_within_a_message(client):
    text = json.dumps(send(1, "users:chats", {})).encode("utf8")
    client.sendFrame(opcode=TEXT, payload=text[:9], fin=False)
    client.sendPing(b"between")
    client.sendFrame(opcode=CONTINUATION, payload=text[9:])
    pong = await asyncio.wait_for(client.pongs.get(), PATIENCE_SECONDS)
    return [pong, (await client.heard())["result"]["type"]]


async def close(client):
    client.sendClose(1000, "done")
    return await client.fate()


async def bad_utf8(client):
    client.sendFrame(opcode=TEXT, payload=b"\xc0\xaf")
    return await client.fate()


async def reserved_bits(client):
    client.sendFrame(opcode=TEXT, payload=b"{}", rsv=2)
    return await client.fate()


async def unknown_opcode(client):
    client.sendFrame(opcode=3)
    return await client.fate()


async def no_mask(client):
    client.maskClientFrames = False
    client.sendFrame(opcode=TEXT, payload=b"{}")
    return await client.fate()


async def too_large(client):
    client.sendFrame(opcode=TEXT, payload=b"x", payload_len=65_537)
    return await client.fate()


async def too_many_fragments(client):
    client.say("x" * 65, fragmentSize=1)
    return await client.fate()


SCENARIOS = [
    request,
    refusal,
    subscription,
    pings,
    fragments,
    ping_within_a_message,
    close,
    bad_utf8,
    reserved_bits,
    unknown_opcode,
    no_mask,
    too_large,
    too_many_fragments,
]


async def play(url, token, scenario):
    factory = WebSocketClientFactory(f"{url}?connectionParams=1")
    factory.protocol = Client
    loop = asyncio.get_running_loop()
    transport, client = await loop.create_connection(factory, factory.host, factory.port)
    await asyncio.wait_for(client.opened, PATIENCE_SECONDS)
    client.say(login(token))
    try:
        return await scenario(client)
    finally:
        transport.close()


async def main(url, token):
    print(json.dumps({each.__name__: await play(url, token, each) for each in SCENARIOS}))


asyncio.run(main(*sys.argv[1:]))
