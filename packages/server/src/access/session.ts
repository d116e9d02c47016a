import type { Role } from '@parley/contract';

import type { UserRef } from '../chat/state.ts';

/** Who is behind a connection, as the token says. Only how long it lasts may change, which `extendSession` does. */
export interface Session {
  readonly user: UserRef;
  readonly role: Role;
  /** The rooms an agent may log in to; all when undefined. */
  readonly rooms?: readonly string[] | undefined;
  /** The agent's tier in routing; higher goes first where the algorithm asks for it. */
  readonly tier?: number | undefined;
  readonly langs?: readonly string[] | undefined;
  /** When the token ends, in milliseconds since 1970. */
  expiresAt: number;
  /** When it was issued, in milliseconds since 1970, if it says so. */
  issuedAt?: number | undefined;
  readonly connectionId: number;
}
