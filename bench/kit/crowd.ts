import type { Chat, Peer } from '../peers/peer.ts';
import { atOnce } from './at-once.ts';
import { Connection } from './connection.ts';

/** How many connections are opened at the same time; a server's backlog holds 511. */
export const opening = 100;

/** A member of a chat, connected. */
export interface Present {
  connection: Connection;
  chat: Chat;
}

/** Connects every member of the chats. */
export function connectAll(peer: Peer, url: string, chats: readonly Chat[]): Promise<Present[]> {
  const members = chats.flatMap((chat) => chat.members.map((member) => ({ chat, member })));
  return atOnce(opening, members, async ({ chat, member }) => ({
    connection: await Connection.open(peer, url, member),
    chat,
  }));
}

/** Connects every member of the chats and subscribes each as soon as it is connected. */
export function connectAndSubscribe(peer: Peer, url: string, chats: readonly Chat[]) {
  const members = chats.flatMap((chat) => chat.members.map((member) => ({ chat, member })));
  return atOnce(opening, members, async ({ chat, member }): Promise<Present> => {
    const connection = await Connection.open(peer, url, member);
    await connection.subscribe(peer.subscription(chat));
    return { connection, chat };
  });
}

export async function disconnectAll(crowd: readonly Present[]): Promise<void> {
  await Promise.all(crowd.map(({ connection }) => connection.close()));
}
