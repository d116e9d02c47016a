import { createId, type Random } from '../environment.ts';
import type { Driver } from './driver.ts';

/** Where somebody goes on from; the epoch, if it is known, is that of the log at the time. */
export interface Cursor {
  position: number;
  epoch?: string | undefined;
}

/** Why nobody can go on from a cursor: it is of another store, or what came after it is no longer kept. */
export type Unreachable = 'store' | 'retention';

interface Epoch {
  id: string;
  since: number;
}

/** Where the horizon is kept. */
export const horizonSetting = 'horizon';

/** How far back the log reaches, and which cursors are of it. */
export class Reach {
  readonly #epochs: readonly Epoch[];
  #horizon: number;

  constructor(epochs: readonly Epoch[], horizon: number) {
    this.#epochs = epochs;
    this.#horizon = horizon;
  }

  /** Begins an epoch, where nobody else writes to the store: a copy of it that is opened begins another one. */
  static async open(
    driver: Driver,
    random: Random,
    { head, horizon }: { head: number; horizon: number },
  ): Promise<Reach> {
    const rows = await driver.all('SELECT id, since FROM epoch ORDER BY number');
    const epochs = rows.map(({ id, since }) => ({ id: String(id), since: Number(since) }));
    if (driver.isExclusive || epochs.length === 0) {
      const epoch = { id: createId('epoch', random), since: head };
      const sql = 'INSERT INTO epoch (id, since) VALUES (?, ?)';
      await driver.commitAll([{ sql, values: [epoch.id, epoch.since] }]);
      epochs.push(epoch);
    }
    return new Reach(epochs, horizon);
  }

  /** The newest one. */
  get epoch(): string {
    return this.#epochs.at(-1)?.id ?? '';
  }

  /** What happened up to this position cannot be replayed any more. */
  get horizon(): number {
    return this.#horizon;
  }

  /** From now on nobody goes on from before the position. */
  forget(position: number): void {
    this.#horizon = Math.max(this.#horizon, position);
  }

  /** Why nobody can go on from the cursor, if so. Without an epoch 0 is the beginning, wherever that is, and what is yet to come is waited for. */
  refusal({ position, epoch }: Cursor, head: number): Unreachable | undefined {
    if (epoch !== undefined && position > this.#endOf(epoch, head)) return 'store';
    const isBeginning = position === 0 && epoch === undefined;
    return position < this.#horizon && !isBeginning ? 'retention' : undefined;
  }

  /** The last position of an epoch; below all of one that this store has never had. */
  #endOf(id: string, head: number): number {
    const index = this.#epochs.findIndex((epoch) => epoch.id === id);
    return index < 0 ? -1 : (this.#epochs[index + 1]?.since ?? head);
  }
}

/** The newest position there has been, also if it is forgotten, and the horizon. */
export async function readExtent(driver: Driver): Promise<{ head: number; horizon: number }> {
  const newest = await driver.first('SELECT max(position) AS head FROM event WHERE position > 0');
  const kept = await driver.first('SELECT value FROM setting WHERE name = ?', horizonSetting);
  const horizon = Number(kept?.['value'] ?? 0);
  return { head: Math.max(Number(newest?.['head'] ?? 0), horizon), horizon };
}
