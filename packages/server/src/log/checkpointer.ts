import type { StoreThread } from './store-thread.ts';

/** After so many statements what they wrote ahead is brought to where it belongs. */
const statementsBetween = 8000;

/**
 * Brings pages that are written ahead to where they belong. That takes as long as many commits, so a thread does it, in
 * two passes: the first while others go on writing; the second, which finds little left, before a transaction begins, so
 * that everything is where it belongs and the file of what is written ahead begins anew.
 */
export interface Checkpointer {
  /** Notes that statements were run. */
  count(statements: number): void;
  /** Resolves when a transaction may begin. */
  ready(): Promise<void> | undefined;
}

type Stage = 'idle' | 'first pass' | 'between' | 'second pass' | 'over';

/** When the thread fails, somebody else has to do it. */
export function createCheckpointer(
  thread: StoreThread,
  onFailure: (cause: unknown) => void,
): Checkpointer {
  let stage: Stage = 'idle';
  let counted = 0;

  async function pass(during: Stage, then: Stage): Promise<void> {
    stage = during;
    try {
      await thread.checkpoint();
      stage = then;
    } catch (cause) {
      stage = 'over';
      onFailure(cause);
    }
  }

  return {
    count(statements) {
      counted += statements;
      if (counted < statementsBetween || stage !== 'idle' || !thread.isFree) return;
      counted = 0;
      void pass('first pass', 'between');
    },
    ready: () => (stage === 'between' ? pass('second pass', 'idle') : undefined),
  };
}
