import type { Chat } from '@parley/client/chats';
import { withChats } from '@parley/client/chats';
import { connect } from '@parley/client';

import { bob, type BusyDesk } from './busy-desk.ts';

/** What is shown of a chat, but for how far back its messages go. */
function lookOf(chat: Chat) {
  const { id, room, status, agentId, closeReason, unread, users } = chat;
  const marks = users.map((user) => `${user.id} has read ${user.readSeq}`).toSorted();
  return { id, room, status, agentId, closeReason, unread, marks };
}

/** What is wrong with what Bob is shown, as somebody sees it who comes just now. */
export async function differences(desk: BusyDesk, shown: readonly Chat[]): Promise<unknown[]> {
  await using fresh = connect({ url: desk.url, token: () => desk.token(bob) });
  const { chats } = withChats(fresh);
  using list = await chats.list();
  const found: unknown[] = [];
  for (const { id } of list.chats) {
    if (!shown.some((chat) => chat.id === id)) found.push({ missing: id });
  }
  for (const chat of shown) {
    using truth = await chats.open(chat.id);
    while ((await truth.history({ limit: 200 })).length > 0);
    const all = truth.messages.map(({ id }) => id);
    const kept = chat.messages.map(({ id }) => id);
    const [look, looks] = [lookOf(chat), lookOf(truth)];
    if (JSON.stringify(look) !== JSON.stringify(looks)) found.push({ look, looks });
    const expected = all.slice(all.length - Math.max(kept.length, Math.min(50, all.length)));
    if (kept.join() !== expected.join()) found.push({ kept, expected });
  }
  return found;
}
