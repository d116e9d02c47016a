import * as z from 'zod';

import { roles } from '../roles.ts';
import { id, label } from './bounds.ts';

/** Whoever a token's `sub` names. */
export const UserId = id(128);

/** A user by id, with the name to show. */
export const User = z
  .strictObject({
    id: UserId,
    name: label().optional(),
    role: z.enum(roles),
  })
  .meta({ id: 'User' });

/** A user as part of a chat. */
export const ChatUser = z
  .strictObject({
    id: UserId,
    name: label().optional(),
    role: z.enum(roles),
    as: z.enum(['member', 'watcher']),
    joinedAt: z.date(),
    readSeq: z.number().int().describe('Everything up to this seq is read.'),
  })
  .meta({ id: 'ChatUser' });

/** What a user does in a chat: keys pressed now, paused with a draft, or nothing written. */
export const ActivityType = z.enum(['writing', 'stop-writing', 'not-writing']);
