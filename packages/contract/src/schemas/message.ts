import * as z from 'zod';

import { roles } from '../roles.ts';
import { id, jsonObject, label } from './bounds.ts';
import { UserId } from './user.ts';

export const ChatId = id();

/** The place of a message: its chat and its seq, such as `c_8fJ2….12`. */
export const MessageId = id(96);

/** Text of at most 8 KiB, or a JSON object that a front end knows how to show. */
export const MessageBody = z.union([z.string().min(1).max(8192), jsonObject(8192)]);

export const MessageType = z.enum(['text', 'object']);

/** Who wrote a message. Imported entries may name somebody Parley does not know. */
export const Sender = z
  .strictObject({
    id: UserId,
    name: label().optional(),
    role: z.enum(roles).optional(),
  })
  .meta({ id: 'Sender' });

export const Message = z
  .strictObject({
    id: MessageId,
    chatId: ChatId,
    seq: z.number().int().describe('Place within the chat. Imported history has seq 0 and below.'),
    sender: Sender,
    type: MessageType,
    message: MessageBody,
    visibility: z.enum(['all', 'agents']).describe('`agents`: never shown to customers.'),
    created: z.date(),
    source: label().optional().describe('Where an imported message came from.'),
  })
  .meta({ id: 'Message' });
