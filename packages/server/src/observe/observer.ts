import type { Session } from '../access/session.ts';
import type { Environment } from '../environment.ts';
import { type Act, type Audit, auditEntry, isAudited } from './audit.ts';
import type { Refused } from '../shape-error.ts';
import { describeError } from './describe-error.ts';
import type { Logger } from './logger.ts';
import type { Tally } from './tally.ts';

export interface ObserverOptions {
  environment: Environment;
  tally: Tally;
  logger: Logger;
  audit: Audit;
}

/** Sees what calls do and tells those who keep it: the tally, the log, the audit. */
export class Observer {
  readonly tally: Tally;
  readonly #options: ObserverOptions;

  constructor(options: ObserverOptions) {
    this.tally = options.tally;
    this.#options = options;
  }

  /** Something was done or denied. */
  acted(act: Act): void {
    const { environment, logger, audit } = this.#options;
    const { session, action, outcome } = act;
    logger.trace({ user: session?.user.id, action, outcome }, 'a call ended');
    if (isAudited(act)) audit(auditEntry(act, environment.now()));
  }

  /** A client was told no; with what it was not told. */
  refused({ errorId, refusal, path }: Refused): void {
    const { logger } = this.#options;
    const { code, cause } = refusal;
    if (code !== 'INTERNAL') logger.debug({ errorId, path, code }, 'a call was refused');
    else logger.error({ errorId, path, err: describeError(cause ?? refusal) }, 'a call failed');
  }

  /** Work that nobody waits for has failed. */
  failed(error: unknown): void {
    this.#options.logger.error({ err: describeError(error) }, 'work in the background failed');
  }

  connected({ user: { id }, role, connectionId }: Session): void {
    this.tally.connections.add(role, 1);
    this.#options.logger.debug({ user: id, role, connectionId }, 'a user connected');
  }

  disconnected({ user: { id }, role, connectionId }: Session): void {
    this.tally.connections.add(role, -1);
    this.#options.logger.debug({ user: id, role, connectionId }, 'a user disconnected');
  }
}
