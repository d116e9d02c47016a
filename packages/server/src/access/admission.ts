import { Batches } from '../batches.ts';
import type { UserRef } from '../chat/state.ts';
import type { Environment } from '../environment.ts';
import { EventError } from '../event-error.ts';
import type { Log, Transaction } from '../log/log.ts';
import { loadRevocations } from '../tables/revocations.ts';
import { loadUsers, saveUser } from '../tables/users.ts';
import { isRevoked } from './revocation.ts';
import type { CheckToken, Claims } from './tokens.ts';

/** Somebody with a token that is good by itself. */
export interface Applicant {
  user: UserRef;
  claims: Claims;
  /** When the token was issued, in milliseconds since 1970. */
  issuedAt: number | undefined;
}

/** Lets users in whose tokens are good and not revoked, and keeps who they are. */
export interface Admission {
  /** Who the token says it is; throws `UNAUTHORIZED`. */
  admit(check: CheckToken): Promise<Applicant>;
}

export interface AdmissionOptions {
  environment: Environment;
  log: Log;
  /** Tells of a user who is new, in the transaction that keeps them. */
  onNew(transaction: Transaction, user: UserRef): void;
}

/** What came of a check. */
type Checked = PromiseSettledResult<Applicant>;

/** The most that are looked at together, and for how many turns of the event loop the first of them waits for others. */
const mostTogether = 100;
const mostTurns = 200;

/** After so many turns in which nobody came, nobody else is waited for: by one alone, and where more have come. */
const quietTurnsAlone = 4;
const quietTurnsTogether = 32;

/** When everybody comes at once, as after a restart, looking at each alone costs more than all else of coming in. */
export function createAdmission({ environment, log, onNew }: AdmissionOptions): Admission {
  const turn = () => new Promise<void>((done) => environment.scheduler.soon(done));

  const together = new Batches<CheckToken, Applicant>({
    most: mostTogether,
    async work(checks, close) {
      await waitForOthers(checks);
      close();
      return look(checks);
    },
  });

  async function waitForOthers(checks: readonly CheckToken[]) {
    for (let turns = 0, quiet = 0; turns < mostTurns; turns += 1) {
      const before = checks.length;
      if (before >= mostTogether) break;
      if (quiet >= (before > 1 ? quietTurnsTogether : quietTurnsAlone)) break;
      await turn();
      quiet = checks.length > before ? 0 : quiet + 1;
    }
  }

  async function look(checks: readonly CheckToken[]): Promise<readonly Checked[]> {
    const now = environment.now();
    // One right after the other, which takes half the processor time of one in each turn.
    const checked = checks.map((check) => applicantOf(check, now));
    const applicants = checked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    if (applicants.length === 0) return checked;
    const ids = applicants.map(({ user }) => user.id);
    const { revokedAt, known } = await log.read(async (snapshot) => ({
      revokedAt: await loadRevocations(snapshot, ids),
      known: await loadUsers(snapshot, ids),
    }));
    const isOut = ({ user, issuedAt }: Applicant) => isRevoked(issuedAt, revokedAt.get(user.id));
    const changed = applicants.filter(
      (each) => !isOut(each) && !isSame(known.get(each.user.id), each.user),
    );
    if (changed.length > 0) await log.commit((transaction) => keep(transaction, changed));
    return checked.map((each) =>
      each.status === 'fulfilled' && isOut(each.value)
        ? refused(new EventError('UNAUTHORIZED'))
        : each,
    );
  }

  /** Keeps names and roles, and tells of who is new. */
  async function keep(transaction: Transaction, applicants: readonly Applicant[]) {
    const known = await loadUsers(
      transaction,
      applicants.map(({ user }) => user.id),
    );
    for (const { user } of applicants) {
      const before = known.get(user.id);
      if (isSame(before, user)) continue;
      saveUser(transaction, user);
      known.set(user.id, user);
      if (!before) onNew(transaction, user);
    }
  }

  return { admit: (check) => together.add(check) };
}

const refused = (reason: unknown): Checked => ({ status: 'rejected', reason });

function applicantOf(check: CheckToken, now: number): Checked {
  try {
    const claims = check(now);
    const { sub: id, role, name, iat } = claims;
    const issuedAt = iat === undefined ? undefined : iat * 1000;
    return { status: 'fulfilled', value: { user: { id, role, name }, claims, issuedAt } };
  } catch (error) {
    return refused(error);
  }
}

function isSame(known: UserRef | undefined, { name, role }: UserRef): boolean {
  return known?.name === name && known?.role === role;
}
