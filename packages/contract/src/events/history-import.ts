import * as z from 'zod';

import { defineEvent } from '../define-event.ts';
import { count, label } from '../schemas/bounds.ts';
import { HistoryEntries, ImportError } from '../schemas/history.ts';
import { ChatId } from '../schemas/message.ts';

export default defineEvent('history:import', {
  summary: 'External history is put before the live messages of a chat.',
  send: {
    by: ['agent', 'supervisor', 'service'],
    queueable: true,
    data: z.strictObject({
      chatId: ChatId,
      history: HistoryEntries,
      source: label().optional().describe('Where it comes from, such as `whatsapp`.'),
      batch: label().optional().describe("The caller's name for this part of a longer import."),
      dryRun: z.boolean().optional().describe('Check only; nothing is imported.'),
      atomic: z.boolean().optional().describe('Import nothing when any entry is bad.'),
    }),
    reply: z.strictObject({
      imported: count(),
      skipped: count().describe('Entries that were there already.'),
      errors: z.array(ImportError),
    }),
    errors: ['FORBIDDEN', 'NOT_FOUND'],
    example: {
      chatId: 'c_1',
      source: 'whatsapp',
      history: [{ sender: 'Ann', message: 'Are you open today?', created: 1767258000 }],
    },
  },
  listen: {
    audience: ['chat'],
    durable: true,
    data: z.strictObject({ chatId: ChatId, batch: label(), imported: count() }),
    example: { chatId: 'c_1', batch: 'b_1', imported: 120 },
  },
});
