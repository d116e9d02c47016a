import type { UserRef } from '../chat/state.ts';
import type { Environment } from '../environment.ts';
import type { Log, Transaction } from '../log/log.ts';
import { loadRevocations } from '../tables/revocations.ts';
import { loadUsers, saveUser } from '../tables/users.ts';
import { isRevoked } from './revocation.ts';

/** Somebody with a token that is good by itself. */
export interface Applicant {
  user: UserRef;
  /** When the token was issued, in milliseconds since 1970. */
  issuedAt: number | undefined;
}

/** Lets users in whose tokens are not revoked, and keeps who they are. */
export interface Admission {
  /** Whether the user may come in. */
  admit(applicant: Applicant): Promise<boolean>;
}

export interface AdmissionOptions {
  environment: Environment;
  log: Log;
  /** Tells of a user who is new, in the transaction that keeps them. */
  onNew(transaction: Transaction, user: UserRef): void;
}

/** Applicants that are looked at together. */
interface Group {
  applicants: Applicant[];
  revokedAt: Promise<ReadonlyMap<string, number>>;
}

/** The most that are looked at together, and for how many turns of the event loop the first of them waits for others. */
const mostTogether = 100;
const mostTurns = 50;

/** After so many turns in which nobody came, nobody else is waited for: by one alone, and where more have come. */
const quietTurnsAlone = 4;
const quietTurnsTogether = 16;

/** When everybody comes at once, as after a restart, looking at each alone costs more than all else of coming in. */
export function createAdmission({ environment, log, onNew }: AdmissionOptions): Admission {
  let waiting: Group | undefined;

  const turn = () => new Promise<void>((done) => environment.scheduler.soon(done));

  async function gather(applicants: Applicant[]): Promise<ReadonlyMap<string, number>> {
    for (let turns = 0, quiet = 0; turns < mostTurns; turns += 1) {
      const before = applicants.length;
      if (before >= mostTogether) break;
      if (quiet >= (before > 1 ? quietTurnsTogether : quietTurnsAlone)) break;
      await turn();
      quiet = applicants.length > before ? 0 : quiet + 1;
    }
    if (waiting?.applicants === applicants) waiting = undefined;
    return look(applicants);
  }

  async function look(applicants: readonly Applicant[]) {
    const ids = applicants.map(({ user }) => user.id);
    const { revokedAt, known } = await log.read(async (snapshot) => ({
      revokedAt: await loadRevocations(snapshot, ids),
      known: await loadUsers(snapshot, ids),
    }));
    const changed = applicants.filter(
      ({ user, issuedAt }) =>
        !isRevoked(issuedAt, revokedAt.get(user.id)) && !isSame(known.get(user.id), user),
    );
    if (changed.length > 0) await log.commit((transaction) => keep(transaction, changed));
    return revokedAt;
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

  return {
    async admit(applicant) {
      if (waiting && waiting.applicants.length < mostTogether) {
        waiting.applicants.push(applicant);
      } else {
        const applicants = [applicant];
        waiting = { applicants, revokedAt: gather(applicants) };
      }
      const revokedAt = await waiting.revokedAt;
      return !isRevoked(applicant.issuedAt, revokedAt.get(applicant.user.id));
    },
  };
}

function isSame(known: UserRef | undefined, { name, role }: UserRef): boolean {
  return known?.name === name && known?.role === role;
}
