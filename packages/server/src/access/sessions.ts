import type { UserRef } from '../chat/state.ts';
import type { Environment } from '../environment.ts';
import type { Log, Transaction } from '../log/log.ts';
import { createAdmission } from './admission.ts';
import type { Session } from './session.ts';
import type { PrepareCheck } from './tokens.ts';

export interface SessionsOptions {
  prepare: PrepareCheck;
  environment: Environment;
  log: Log;
  /** Tells of a user who is new, in the transaction that keeps them. */
  onNew(transaction: Transaction, user: UserRef): void;
}

/** Who may come in, with which token. */
export interface Sessions {
  /** The session of a token; keeps who is new. Throws `UNAUTHORIZED`. */
  of(token: string): Promise<Session>;
}

export function createSessions({ prepare, environment, log, onNew }: SessionsOptions): Sessions {
  const admission = createAdmission({ environment, log, onNew });
  let connections = 0;

  return {
    async of(token) {
      const check = await prepare(token, environment.now());
      const { user, claims, issuedAt } = await admission.admit(check);
      const { role, rooms, langs, tier } = claims;
      const expiresAt = claims.exp * 1000;
      connections += 1;
      return { user, role, rooms, langs, tier, expiresAt, issuedAt, connectionId: connections };
    },
  };
}
