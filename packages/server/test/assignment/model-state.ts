import type { Lang, RoomPolicy } from './sequence.ts';

/** An agent as the test knows them: from what they sent, and from what the log tells. */
export interface ModelAgent {
  id: string;
  tier: number;
  rooms: readonly string[];
  langs: readonly string[];
  capacity: number;
  away: boolean;
  misses: number;
  lastInvitedAt: number;
  lastClosedAt: number;
  availableSince: number;
}

export interface ModelInvitation {
  id: string;
  chatId: string;
  agentId: string;
  expiresAt: number;
  /** When the invited agent's last connection went, at the earliest when invited. */
  lostAt?: number | undefined;
}

export interface ModelAssignment {
  id: string;
  algorithm: string;
  maxAttempts: number;
  interval: number;
  deadline: number;
  attempts: number;
  tried: string[];
  /** Whom routing has just chosen, until the invitation follows. */
  chosen?: string | undefined;
}

export interface ModelChat {
  id: string;
  room: string;
  lang: Lang | string;
  customerId: string;
  createdAt: number;
  status: 'waiting' | 'active' | 'closed';
  owner?: string | undefined;
  /** Since when the owner owns it. */
  ownedSince?: number | undefined;
  /** Agents in it. */
  agents: Set<string>;
  waitingSince: number;
  /** Whether it is for routing to find an agent without being asked again. */
  wantsAgent: boolean;
  /** Until when an agent who missed, rejected or left it is spared. */
  avoid: Map<string, number>;
  seq: number;
  assignment?: ModelAssignment | undefined;
  invitation?: ModelInvitation | undefined;
  /** How each assignment has ended. */
  ended: Map<string, AssignmentEnd>;
  /** Who has just accepted and takes the chat next. */
  taker?: string | undefined;
  /** Whom the customer's earlier chat was with. */
  previousAgents: ReadonlySet<string>;
}

export type AssignmentEnd = 'accepted' | 'failed' | 'withdrawn';

export interface ModelRoom {
  name: string;
  policy: RoomPolicy;
  /** Whom routing invited last to a chat of this room. */
  lastInvited?: string | undefined;
}
