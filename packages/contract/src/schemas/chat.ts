import * as z from 'zod';

import { AssignmentId } from './agent.ts';
import { count, jsonObject, label } from './bounds.ts';
import { ChatId, Message } from './message.ts';
import { Lang, RoomName } from './room.ts';
import { ActivityType, ChatUser, UserId } from './user.ts';

/** Why a chat was closed. Teams may give reasons of their own. */
export const CloseReason = label(64);

export const ExtraData = jsonObject(8192);

const chat = z.strictObject({
  id: ChatId,
  room: RoomName,
  source: label(64).describe('Where the customer came from, such as `web`.'),
  lang: Lang.optional(),
  status: z.enum(['waiting', 'active', 'closed']),
  customerId: UserId,
  agentId: UserId.optional().describe('The agent who owns the chat while it is active.'),
  createdAt: z.date(),
  closedAt: z.date().optional(),
  closeReason: CloseReason.optional(),
  extraData: ExtraData.optional(),
});

export const Chat = chat.meta({ id: 'Chat' });

/** What a user is doing in a chat right now. */
export const ChatActivity = z
  .strictObject({ userId: UserId, type: ActivityType })
  .meta({ id: 'ChatActivity' });

/** A search for an agent that has not ended. */
export const RunningAssignment = z
  .strictObject({
    assignmentId: AssignmentId,
    deadline: z.date().describe('When it ends at the latest.'),
  })
  .meta({ id: 'RunningAssignment' });

/** A chat as one of its users sees it, with the parts that were asked for. */
export const ChatView = chat
  .extend({
    unread: count().describe('Messages of others that this user has not read.'),
    assignment: RunningAssignment.optional().describe('The search for an agent, while one runs.'),
    activity: z.array(ChatActivity).describe('Who is writing or has a draft.'),
    users: z.array(ChatUser).optional(),
    watchers: z.array(ChatUser).optional(),
    history: z
      .array(Message)
      .optional()
      .describe('Oldest first; the page before it is asked for with `before`.'),
  })
  .meta({ id: 'ChatView' });

/** An open chat in a user's list. */
export const ChatSummary = chat.extend({ unread: count() }).meta({ id: 'ChatSummary' });
