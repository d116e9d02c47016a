import type { HistoryEntry, ImportError } from '@parley/contract/types';
import superjson from 'superjson';

/** A part of an import that one send can carry. */
export interface HistoryBatch {
  entries: HistoryEntry[];
  /** Where each entry stands in the whole. */
  indices: number[];
}

const mostEntries = 500;

/** Half of the largest frame: whatever else is sent at the same moment goes into the same one. */
const mostBytes = 32_768;

/** Splits an import into parts that can be sent. What cannot be written, or not in one part, is an error. */
export function historyBatches(history: readonly HistoryEntry[]) {
  const batches: HistoryBatch[] = [];
  const errors: ImportError[] = [];
  let bytesLeft = 0;
  for (const [index, entry] of history.entries()) {
    const size = sizeOf(entry);
    if (typeof size === 'string') {
      errors.push({ index, message: size });
      continue;
    }
    let batch = batches.at(-1);
    if (!batch || batch.entries.length === mostEntries || size > bytesLeft) {
      batch = { entries: [], indices: [] };
      batches.push(batch);
      bytesLeft = mostBytes;
    }
    batch.entries.push(entry);
    batch.indices.push(index);
    bytesLeft -= size;
  }
  return { batches, errors };
}

/** How many bytes an entry takes as the transport writes it, or why it cannot be sent. */
function sizeOf(entry: HistoryEntry): number | string {
  try {
    const size = new TextEncoder().encode(superjson.stringify(entry)).length;
    return size > mostBytes ? 'This entry is too large to be sent.' : size;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
