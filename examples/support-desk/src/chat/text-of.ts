import type { Message } from '@parley/client';

/** What to show of a message. */
export function textOf(message: Message['message']): string {
  return typeof message === 'string' ? message : JSON.stringify(message);
}
