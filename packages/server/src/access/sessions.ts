import type { UserRef } from '../chat/state.ts';
import type { Environment } from '../environment.ts';
import { EventError } from '../event-error.ts';
import type { Log, Transaction } from '../log/log.ts';
import { createAdmission } from './admission.ts';
import type { Session } from './session.ts';
import type { VerifyToken } from './tokens.ts';

export interface SessionsOptions {
  verify: VerifyToken;
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

export function createSessions({ verify, environment, log, onNew }: SessionsOptions): Sessions {
  const admission = createAdmission({ environment, log, onNew });
  let connections = 0;

  return {
    async of(token) {
      const claims = await verify(token, environment.now());
      const { sub: id, role, name, rooms, langs, tier } = claims;
      const user: UserRef = { id, role, name };
      const issuedAt = claims.iat === undefined ? undefined : claims.iat * 1000;
      if (!(await admission.admit({ user, issuedAt }))) throw new EventError('UNAUTHORIZED');
      const expiresAt = claims.exp * 1000;
      connections += 1;
      return { user, role, rooms, langs, tier, expiresAt, issuedAt, connectionId: connections };
    },
  };
}
