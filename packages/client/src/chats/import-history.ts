import type { HistoryEntry, SendEvents } from '@parley/contract/types';

import type { Connection } from './connection.ts';
import { historyBatches } from './history-batches.ts';

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

/** Imports entries in as many parts as it takes, one after another. A part that is cut off is sent again, with one effect. */
export async function importHistory(
  { send }: Pick<Connection, 'send'>,
  chatId: string,
  history: readonly HistoryEntry[],
  { source, dryRun = false, atomic = false, onProgress, signal }: ImportOptions,
): Promise<ImportResult> {
  const { batches, errors: unwritable } = historyBatches(history);

  async function importBatches(only: { dryRun: boolean }): Promise<ImportResult> {
    const result: ImportResult = { imported: 0, skipped: 0, errors: [...unwritable] };
    let done = unwritable.length;
    for (const { entries, indices } of batches) {
      const data = { chatId, history: entries, source, atomic, ...only };
      const reply = await send('history:import', data, { signal });
      result.imported += reply.imported;
      result.skipped += reply.skipped;
      for (const { index, message } of reply.errors) {
        result.errors.push({ index: indices[index] ?? index, message });
      }
      done += entries.length;
      if (only.dryRun === dryRun) onProgress?.({ done, total: history.length });
    }
    result.errors.sort((left, right) => left.index - right.index);
    return result;
  }

  if (atomic && !dryRun) {
    const checked = await importBatches({ dryRun: true });
    if (checked.errors.length > 0) return { ...checked, imported: 0 };
  }
  return importBatches({ dryRun });
}
