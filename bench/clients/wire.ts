import { Connection } from '../kit/connection.ts';
import { Template } from '../kit/frames.ts';
import { parleyRead } from '../peers/index.ts';
import type { Chat } from '../peers/peer.ts';
import type { Client, ClientOptions } from './client.ts';

/** The bare wire, by the connections that load the servers: frames are counted, and nothing in them is decoded. */
export default async function open({ url, token }: ClientOptions): Promise<Client> {
  const connect = () => Connection.open(parleyRead, url, { token });
  const connection = await connect();
  const templates = new Map<string, Template>();
  const waiting = new Map<number, (value: unknown) => void>();
  connection.hearer = {
    onReply: (number) => waiting.get(number)?.(waiting.delete(number)),
    onDelivery: () => {},
  };
  let listening: Connection | undefined;
  return {
    request(chatId) {
      const chat: Chat = { id: chatId, members: [], cursor: '0' };
      const [content = ''] = parleyRead.request(chat, { token });
      const template = templates.get(chatId) ?? new Template(content);
      templates.set(chatId, template);
      return new Promise((resolve) => waiting.set(connection.call(template), resolve));
    },
    async listen(onDelivery) {
      listening = await connect();
      listening.hearer = { onReply: () => {}, onDelivery };
      const params = { path: 'listen.messages:new', input: { json: {} } };
      await listening.subscribe(JSON.stringify({ id: 1, method: 'subscription', params }));
    },
    unlisten: () => void listening?.close(),
  };
}
