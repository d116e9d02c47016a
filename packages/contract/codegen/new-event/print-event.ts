import { roles } from '../../src/roles.ts';
import type { EventPlace, NewEvent } from './new-event.ts';

/** The codes a new event declares: a chat that is not there and, where not everybody may send it, who may not. */
function codesOf({ by }: NonNullable<NewEvent['send']>): string[] {
  return roles.every((role) => by.includes(role)) ? ['NOT_FOUND'] : ['FORBIDDEN', 'NOT_FOUND'];
}

/** Prints the event's file. */
export function printEvent({ name, summary, send, listen }: NewEvent, { isCore }: EventPlace) {
  const imports = isCore
    ? `import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { ChatId } from '../schemas/message.ts';`
    : `import { ChatId, defineEvent } from '@parley/contract';
import * as z from 'zod';`;
  const sent =
    send &&
    `  send: {
    by: ${JSON.stringify(send.by)},
    data: z.strictObject({ chatId: ChatId, note: z.string().min(1).max(500) }),
    reply: z.strictObject({ done: z.boolean() }),
    errors: ${JSON.stringify(codesOf(send))},
    example: { chatId: 'c_1', note: 'Hello' },
  },
`;
  const heard =
    listen &&
    `  listen: {
    audience: [${JSON.stringify(listen.audience)}],
    durable: ${listen.durable},
    data: z.strictObject({ chatId: ChatId, note: z.string() }),
    example: { chatId: 'c_1', note: 'Hello' },
  },
`;
  return `${imports}

export default defineEvent(${JSON.stringify(name)}, {
  summary: ${JSON.stringify(summary)},
${sent ?? ''}${heard ?? ''}});
`;
}
