import type { Chat, Peer } from '../peers/peer.ts';
import { Connection } from './connection.ts';
import { Template } from './frames.ts';

/** How much of one chat is under way at the same time. */
const inFlight = 8;

/** Publishes so much in each chat while nobody listens. */
export async function publishEach(
  peer: Peer,
  url: string,
  chats: readonly Chat[],
  count: number,
): Promise<void> {
  await Promise.all(chats.map((chat) => publish(peer, url, chat, count)));
}

async function publish(peer: Peer, url: string, chat: Chat, count: number) {
  const [member] = chat.members;
  if (!member) return;
  const connection = await Connection.open(peer, url, member);
  const templates = peer.publication(chat, member).map((content) => new Template(content));
  await new Promise<void>((resolve) => {
    let sent = 0;
    let replied = 0;
    const send = () => {
      const template = templates[sent % templates.length];
      if (!template || sent === count) return;
      sent += 1;
      connection.call(template);
    };
    connection.hearer = {
      onDelivery: () => {},
      onReply() {
        replied += 1;
        if (replied === count) resolve();
        else send();
      },
    };
    for (let index = 0; index < inFlight; index += 1) send();
  });
  await connection.close();
}
