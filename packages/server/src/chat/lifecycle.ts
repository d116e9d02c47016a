import chatsClose from '@parley/contract/events/chats-close';
import chatsCreate from '@parley/contract/events/chats-create';
import chatsJoin from '@parley/contract/events/chats-join';
import chatsLeave from '@parley/contract/events/chats-leave';
import chatsToinbox from '@parley/contract/events/chats-toinbox';
import type { JsonValue } from '@parley/contract';

import { EventError } from '../event-error.ts';
import { avoidAgent } from './agents.ts';
import { type Decision, type ListenData, occur } from './decision.ts';
import { withdrawAssignment } from './invitation.ts';
import type { ChatState, Member, UserRef } from './state.ts';
import { viewChat, viewMember } from './views.ts';

type InboxReason = ListenData<typeof chatsToinbox>['reason'];

export interface NewChat {
  id: string;
  room: string;
  source: string;
  lang?: string | undefined;
  customer: UserRef;
  /** The agent of the customer's chat before. */
  previousAgentId?: string | undefined;
  now: number;
}

/** The state a chat starts from; the customer is its first member. */
export function newChat({ customer, now, ...chat }: NewChat): ChatState {
  const { id: userId, name, role } = customer;
  return {
    ...chat,
    status: 'waiting',
    customerId: userId,
    createdAt: now,
    waitingSince: now,
    seq: 0,
    firstSeq: 1,
    wantsAgent: false,
    avoid: {},
    formerMarks: {},
    members: [{ userId, name, role, as: 'member', joinedAt: now, readSeq: 0 }],
  };
}

/** Tells of a new chat. */
export function openChat(decision: Decision): void {
  const { chat } = decision;
  occur(decision, chatsCreate, { chat: viewChat(chat) }, { chat: chat.id, room: chat.room });
}

export function memberOf(chat: ChatState, userId: string): Member | undefined {
  for (const member of chat.members) {
    if (member.userId === userId) return member;
  }
  return undefined;
}

/** Makes a member of a watcher, whom the chat gets to know by that. */
export function takePart(decision: Decision, member: Member): void {
  const { chat } = decision;
  member.as = 'member';
  occur(decision, chatsJoin, { chatId: chat.id, user: viewMember(member) }, { chat: chat.id });
}

/** Puts a user into the chat. Watchers are not shown to customers. */
export function addMember(decision: Decision, user: UserRef, as: Member['as']): void {
  const { chat, now } = decision;
  const { id: userId, name, role } = user;
  const readSeq = chat.formerMarks[userId] ?? 0;
  delete chat.formerMarks[userId];
  const member: Member = { userId, name, role, as, joinedAt: now, readSeq };
  chat.members.push(member);
  occur(
    decision,
    chatsJoin,
    { chatId: chat.id, user: viewMember(member) },
    as === 'watcher' ? { agents: chat.id } : { chat: chat.id },
  );
}

function removeMember(decision: Decision, member: Member, reason?: string): void {
  const { chat } = decision;
  chat.members = chat.members.filter(({ userId }) => userId !== member.userId);
  chat.formerMarks[member.userId] = member.readSeq;
  occur(
    decision,
    chatsLeave,
    { chatId: chat.id, user: viewMember(member), reason },
    member.as === 'watcher' ? { agents: chat.id } : { chat: chat.id },
  );
}

/** Makes an agent the owner. On a transfer the one before leaves. */
export function takeChat(decision: Decision, agent: UserRef): void {
  const { chat } = decision;
  const before = chat.agentId === undefined ? undefined : memberOf(chat, chat.agentId);
  freeOwner(decision);
  chat.status = 'active';
  chat.activeSince = decision.now;
  chat.agentId = agent.id;
  chat.wantsAgent = false;
  const owner = decision.agents.get(agent.id);
  if (owner) owner.load += 1;
  if (!memberOf(chat, agent.id)) addMember(decision, agent, 'member');
  if (before) removeMember(decision, before, 'transferred');
}

/** The owner's capacity is free again. */
function freeOwner(decision: Decision): void {
  const { chat, now } = decision;
  const owner = chat.agentId === undefined ? undefined : decision.agents.get(chat.agentId);
  if (owner) {
    owner.load -= 1;
    owner.lastClosedAt = now;
  }
  chat.agentId = undefined;
  chat.agentLostAt = undefined;
}

/** Puts the chat back into a room's queue; whoever owned it is in it no more. */
export function queueChat(decision: Decision, room: string, reason: InboxReason): void {
  const { chat, now, settings } = decision;
  const owner = chat.agentId === undefined ? undefined : memberOf(chat, chat.agentId);
  const from = chat.room;
  if (reason === 'sent') withdrawAssignment(decision, 'superseded');
  freeOwner(decision);
  chat.room = room;
  chat.status = 'waiting';
  chat.waitingSince = now;
  if (owner) {
    avoidAgent(decision, owner.userId);
    removeMember(decision, owner, reason);
  }
  chat.wantsAgent = settings.autoRetry && reason !== 'sent' && !chat.assignment;
  occur(
    decision,
    chatsToinbox,
    { chatId: chat.id, room, reason },
    { chat: chat.id, room: from === room ? room : [from, room] },
  );
}

export interface Closing {
  /** Who closes it, or `system`. */
  userId: string;
  reason: string;
  extraData?: { [key: string]: JsonValue } | undefined;
}

/** Ends the chat for good. Invitations are withdrawn first. False when it was closed already. */
export function closeChat(decision: Decision, { userId, reason, extraData }: Closing): boolean {
  const { chat, now } = decision;
  if (chat.status === 'closed') return false;
  withdrawAssignment(decision, 'chat-closed');
  const { agentId } = chat;
  freeOwner(decision);
  chat.agentId = agentId;
  chat.status = 'closed';
  chat.closedAt = now;
  chat.closeReason = reason;
  chat.extraData = extraData;
  chat.wantsAgent = false;
  chat.customerLostAt = undefined;
  occur(
    decision,
    chatsClose,
    { chatId: chat.id, userId, reason, extraData },
    { chat: chat.id, room: chat.room },
  );
  return true;
}

/** Takes a user out of the chat. An owner's chat goes back to the queue; without its customer it closes. False when not in it. */
export function leaveChat(decision: Decision, userId: string): boolean {
  const { chat } = decision;
  if (chat.status === 'closed') throw new EventError('CHAT_CLOSED');
  const member = memberOf(chat, userId);
  if (!member) return false;
  if (userId === chat.agentId) {
    queueChat(decision, chat.room, 'left');
    return true;
  }
  removeMember(decision, member);
  if (userId === chat.customerId) closeChat(decision, { userId, reason: 'customer-left' });
  return true;
}
