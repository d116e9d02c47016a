import type { Chat, Furniture } from './peer.ts';

/** Chats of servers that ask for no token and keep no members: a name is all there is to one. */
export async function plainChats(_url: string, furniture: Furniture): Promise<Chat[]> {
  const { chats, membersPerChat } = furniture;
  return Array.from({ length: chats }, (_, index) => ({
    id: `c_${String(index).padStart(22, '0')}`,
    members: Array.from({ length: membersPerChat }, () => ({ token: '' })),
    cursor: '0',
  }));
}
