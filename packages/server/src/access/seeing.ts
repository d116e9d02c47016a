import type { Role } from '@parley/contract';

import type { ChatState } from '../chat/state.ts';
import { memberOf } from '../chat/lifecycle.ts';
import type { Snapshot } from '../log/log.ts';
import { roomsOfAgent } from '../tables/agents.ts';
import { hearsEverything } from './audience.ts';
import type { Session } from './session.ts';

/**
 * Whether a session may see a chat: its customer and members, the invited agent, agents logged in to its room,
 * supervisors and services. To anybody else it is as if there were none.
 */
export function maySeeChat(
  snapshot: Snapshot,
  session: Session,
  chat: Readonly<ChatState>,
): boolean | Promise<boolean> {
  const { user, role } = session;
  if (hearsEverything(role) || chat.customerId === user.id || memberOf(chat, user.id)) return true;
  if (role !== 'agent') return false;
  if (chat.invitation?.agentId === user.id) return true;
  if (!mayEnterRoom(session, chat.room)) return false;
  return roomsOfAgent(snapshot, user.id).then((rooms) => rooms.includes(chat.room));
}

/** Whether the token is that of an agent of the room. */
export function mayEnterRoom({ role, rooms }: Session, room: string): boolean {
  return role === 'agent' && (rooms === undefined || rooms.includes(room));
}

/** Whether a session may change a chat it sees: members, supervisors and services; watchers only look on. */
export function mayActInChat(session: Session, chat: ChatState): boolean {
  if (hearsEverything(session.role) || chat.customerId === session.user.id) return true;
  return memberOf(chat, session.user.id)?.as === 'member';
}

/** Whether a user of this role sees what is told among agents only. */
export function seesHidden(role: Role): boolean {
  return role !== 'customer';
}
