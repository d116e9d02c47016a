import type { JsonValue } from '@parley/contract';
import type { Role } from '@parley/contract';

/** A user as the domain needs to know them. */
export interface UserRef {
  id: string;
  name?: string | undefined;
  role: Role;
}

/** Times in the domain are milliseconds since 1970. */
export interface Member {
  userId: string;
  name?: string | undefined;
  role: Role;
  as: 'member' | 'watcher';
  joinedAt: number;
  readSeq: number;
}

/** One run of `chats:assign`. */
export interface Assignment {
  id: string;
  chatId: string;
  algorithm: string;
  maxAttempts: number;
  /** How long one invitation lasts, in seconds. */
  interval: number;
  attempts: number;
  /** The agents invited so far; nobody is invited twice. */
  tried: string[];
  startedAt: number;
  deadline: number;
  /** Until when a slow algorithm may pick; then the default does. */
  pickBy?: number | undefined;
  state: 'running' | 'accepted' | 'failed' | 'withdrawn';
}

/** A chat offered to one agent. */
export interface Invitation {
  id: string;
  chatId: string;
  assignmentId: string;
  agentId: string;
  attempt: number;
  createdAt: number;
  expiresAt: number;
  /** When the agent's last connection was lost; the grace runs from here. */
  agentLostAt?: number | undefined;
  state: 'pending' | 'accepted' | 'rejected' | 'expired';
  reason?: string | undefined;
  endedAt?: number | undefined;
}

export interface ChatState {
  id: string;
  room: string;
  source: string;
  lang?: string | undefined;
  status: 'waiting' | 'active' | 'closed';
  customerId: string;
  /** The owner. */
  agentId?: string | undefined;
  createdAt: number;
  /** When the chat entered the queue, first or again. */
  waitingSince: number;
  /** When an owner took it. */
  activeSince?: number | undefined;
  closedAt?: number | undefined;
  closeReason?: string | undefined;
  extraData?: { [key: string]: JsonValue } | undefined;
  /** The seq of the newest occurrence. */
  seq: number;
  /** The seq of the oldest imported message, or 1 when nothing was imported. */
  firstSeq: number;
  /** Whether an agent was asked for, so that routing tries again by itself. */
  wantsAgent: boolean;
  /** Agents not to be invited before the given time. */
  avoid: Record<string, number>;
  agentLostAt?: number | undefined;
  customerLostAt?: number | undefined;
  /** When the newest message was written. */
  lastMessageAt?: number | undefined;
  /** The agent of the customer's chat before this one. */
  previousAgentId?: string | undefined;
  /** The start of the customer's newest message, for the invitation. */
  preview?: string | undefined;
  members: Member[];
  /** The read marks of those who have left, for when they come back. */
  formerMarks: Record<string, number>;
  assignment?: Assignment | undefined;
  invitation?: Invitation | undefined;
}

/** A copy of a chat that can be changed in place. */
export function copyChat(chat: Readonly<ChatState>): ChatState {
  const { members, avoid, formerMarks, assignment, invitation } = chat;
  return {
    ...chat,
    members: members.map((member) => ({ ...member })),
    avoid: { ...avoid },
    formerMarks: { ...formerMarks },
    assignment: assignment && { ...assignment, tried: [...assignment.tried] },
    invitation: invitation && { ...invitation },
  };
}

/** An agent in routing. */
export interface AgentState {
  id: string;
  name?: string | undefined;
  rooms: string[];
  langs: string[];
  capacity: number;
  /** Higher tiers go first where the algorithm asks for it. */
  tier: number;
  status: 'available' | 'away';
  reason?: string | undefined;
  /** Invitations missed in a row. */
  misses: number;
  lastInvitedAt: number;
  lastClosedAt: number;
  availableSince: number;
  /** Owned open chats and pending invitations. */
  load: number;
  connected: boolean;
}

/** How a room treats its chats; durations in seconds. */
export interface RoomSettings {
  /** Whether a new chat is assigned without being asked. */
  assignOnCreate: boolean;
  algorithm: string;
  maxAttempts: number;
  interval: number;
  onForeverAlone: 'waiting' | 'close';
  /** Whether a chat left without an agent is assigned again as soon as somebody can take it. */
  autoRetry: boolean;
  oneChatPerCustomer: boolean;
  /** How long an invited agent may be without a connection. */
  invitedAgentGrace: number;
  /** How long the owner may be without a connection before the chat goes back to the queue. */
  ownerGrace: number;
  /** What becomes of a chat whose owner is lost: a new assignment, back to the queue, nothing, or its end. */
  onOwnerLost: 'assign' | 'queue' | 'keep' | 'close';
  /** How long a waiting customer may be without a connection before the chat counts as abandoned. */
  customerGrace: number;
  /** How long an agent who missed, rejected or left a chat is not invited to it again. */
  coolDown: number;
  /** How long a slow algorithm may think before the default one picks. */
  pickTimeout: number;
  /** Closes an active chat in which nobody has written for so long; 0 never does. */
  idleTimeout: number;
  /** Closes a chat that nobody took for so long; 0 never does. */
  waitTimeout: number;
}

export const defaultRoomSettings: RoomSettings = {
  assignOnCreate: false,
  algorithm: 'least-busy',
  maxAttempts: 3,
  interval: 30,
  onForeverAlone: 'waiting',
  autoRetry: true,
  oneChatPerCustomer: true,
  invitedAgentGrace: 5,
  ownerGrace: 60,
  onOwnerLost: 'assign',
  customerGrace: 300,
  coolDown: 120,
  pickTimeout: 1,
  idleTimeout: 0,
  waitTimeout: 0,
};
