import type { Chat } from '@parley/client/chats';

/** The name to show for a user of the chat. */
export function nameOf({ users }: Chat, userId: string): string {
  return users.find(({ id }) => id === userId)?.name ?? userId;
}
