import * as z from 'zod';

import { label } from './bounds.ts';

/** The name of a room: a queue of chats, such as `sales`. */
export const RoomName = label(64);

/** A language tag, such as `en` or `pt-BR`. */
export const Lang = z.string().min(2).max(35);
