import type { HistoryEntry, SendEvents } from '@parley/contract/types';

import { type EventError, isEventError } from '../errors.ts';
import type { Connection } from './connection.ts';

export interface ImportOptions {
  /** Where it comes from, such as `whatsapp`. */
  source?: string | undefined;
  /** Check only; nothing is imported. */
  dryRun?: boolean | undefined;
  /** Import nothing when any entry is bad: everything is checked first. */
  atomic?: boolean | undefined;
  /** Called after each part. */
  onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Its abort rejects with the signal's reason; what was imported stays. */
  signal?: AbortSignal | undefined;
}

export interface ImportProgress {
  /** Entries that are done, also those that were skipped or bad. */
  done: number;
  total: number;
}

/** Indices are places in what was given to import. */
export type ImportResult = SendEvents['history:import']['reply'];

/** The most entries that the server takes at once. */
const mostEntries = 500;

/** Imports entries in as many parts as it takes, one after another. A part that is cut off is sent again, with one effect. */
export async function importHistory(
  { send }: Pick<Connection, 'send'>,
  chatId: string,
  history: readonly HistoryEntry[],
  { source, dryRun = false, atomic = false, onProgress, signal }: ImportOptions,
): Promise<ImportResult> {
  const total = history.length;

  async function importAll(only: { dryRun: boolean }): Promise<ImportResult> {
    const result: ImportResult = { imported: 0, skipped: 0, errors: [] };

    async function importPart(start: number, end: number): Promise<void> {
      const data = { chatId, history: history.slice(start, end), source, atomic, ...only };
      try {
        const reply = await send('history:import', data, { signal });
        result.imported += reply.imported;
        result.skipped += reply.skipped;
        for (const { index, message } of reply.errors) {
          result.errors.push({ index: start + index, message });
        }
      } catch (error) {
        if (!isUnsent(error)) throw error;
        if (end - start > 1) {
          const middle = (start + end) >> 1;
          await importPart(start, middle);
          return importPart(middle, end);
        }
        result.errors.push({ index: start, message: error.message });
      }
      if (only.dryRun === dryRun) onProgress?.({ done: end, total });
    }

    for (let start = 0; start < total; start += mostEntries) {
      await importPart(start, Math.min(start + mostEntries, total));
    }
    return result;
  }

  if (atomic && !dryRun) {
    const checked = await importAll({ dryRun: true });
    if (checked.errors.length > 0) return { ...checked, imported: 0 };
  }
  return importAll({ dryRun });
}

/** Whether it is about the size of a part, or about an entry that cannot be written, so that smaller parts get further. */
function isUnsent(error: unknown): error is EventError {
  if (!isEventError(error)) return false;
  return error.code === 'TOO_LARGE' || (error.code === 'VALIDATION' && error.cause !== undefined);
}
