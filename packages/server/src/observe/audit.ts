import type { Role } from '@parley/contract';

import { hearsEverything } from '../access/audience.ts';
import type { Session } from '../access/session.ts';

/** Who did what to what, and whether it was allowed. What was said, and with which token, is never in it. */
export interface AuditEntry {
  at: Date;
  /** Missing where it is not known. */
  by?: { id: string; role: Role };
  /** Such as `send chats:close`, `listen messages:new`, `log in`, `revoke`. */
  action: string;
  /** `ok`, or the code of the refusal. */
  outcome: string;
  /** The ids that the action named. */
  of: Readonly<Record<string, string>>;
}

/** Gets every entry, once. */
export type Audit = (entry: AuditEntry) => void;

/** What an entry is made from. */
export interface Act {
  session: Session | undefined;
  action: string;
  outcome: string;
  /** What came with it; only ids are looked at. */
  data?: unknown;
}

/** The codes by which somebody was kept from something. What may not be seen looks as if it did not exist. */
const denials: ReadonlySet<string> = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND']);

/** The fields that name something, and hold nothing that was said. */
const idFields = ['chatId', 'messageId', 'invitationId', 'userId', 'creator'];

/** Whether an act is an administrator's or was denied: what supervisors do, and what anybody does in another's name. */
export function isAudited({ session, outcome, data }: Act): boolean {
  if (denials.has(outcome)) return true;
  if (outcome !== 'ok') return false;
  // Without a session it was done by the program that runs the server.
  return !session || session.role === 'supervisor' || actsForAnother(session, data);
}

export function auditEntry({ session, action, outcome, data }: Act, now: number): AuditEntry {
  const of = idsIn(data);
  const entry: AuditEntry = { at: new Date(now), action, outcome, of };
  if (session) entry.by = { id: session.user.id, role: session.role };
  return entry;
}

function actsForAnother({ user, role }: Session, data: unknown): boolean {
  if (!hearsEverything(role)) return false;
  const { userId, creator }: { userId?: unknown; creator?: unknown } = Object(data);
  return isAnother(userId, user.id) || isAnother(creator, user.id);
}

function isAnother(named: unknown, userId: string): boolean {
  return typeof named === 'string' && named !== userId;
}

function idsIn(data: unknown): Record<string, string> {
  const ids: Record<string, string> = {};
  for (const [name, value] of Object.entries(Object(data))) {
    if (idFields.includes(name) && typeof value === 'string') ids[name] = value;
  }
  return ids;
}
