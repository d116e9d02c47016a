import type { Agent, Chat, ChatUser, RunningAssignment } from '@parley/contract/types';

import type { AgentState, Assignment, ChatState, Member } from './state.ts';

/** The chat as its users see it. */
export function viewChat(chat: ChatState): Chat {
  return {
    id: chat.id,
    room: chat.room,
    source: chat.source,
    lang: chat.lang,
    status: chat.status,
    customerId: chat.customerId,
    agentId: chat.agentId,
    createdAt: new Date(chat.createdAt),
    closedAt: chat.closedAt === undefined ? undefined : new Date(chat.closedAt),
    closeReason: chat.closeReason,
    extraData: chat.extraData,
  };
}

export function viewAssignment({ id, deadline }: Assignment): RunningAssignment {
  return { assignmentId: id, deadline: new Date(deadline) };
}

export function viewMember(member: Member): ChatUser {
  const { userId: id, name, role, as, joinedAt, readSeq } = member;
  return { id, name, role, as, joinedAt: new Date(joinedAt), readSeq };
}

export function viewAgent(agent: AgentState): Agent {
  const { id, name, rooms, langs, capacity, load, status, reason } = agent;
  return { id, name, rooms, langs, capacity, load, status, reason };
}
