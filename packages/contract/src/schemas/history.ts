import * as z from 'zod';

import { count, id, label } from './bounds.ts';
import { MessageBody, MessageType } from './message.ts';

/** A message from another system. */
export const HistoryEntry = z
  .strictObject({
    sender: label(128).describe('Who wrote it, as the other system names them.'),
    message: MessageBody,
    created: z
      .union([z.date(), z.number().min(0).max(8_640_000_000_000)])
      .describe('A Date or unix seconds.'),
    type: MessageType.optional(),
    id: id(128)
      .optional()
      .describe(
        "The other system's id. Without one, sender, message and created tell entries apart.",
      ),
  })
  .meta({ id: 'HistoryEntry' });

/** Why one entry of an import was left out. */
export const ImportError = z
  .strictObject({ index: count(), message: z.string() })
  .meta({ id: 'ImportError' });

/**
 * Entries are checked one by one by the handler, so that a bad one is reported by its index and the good ones
 * go in. To senders they are {@link HistoryEntry}.
 */
export const HistoryEntries = z
  .array(z.custom<z.input<typeof HistoryEntry>>().meta({ like: HistoryEntry }))
  .min(1)
  .max(500);
