import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** After so many statements what they wrote ahead is brought to where it belongs. */
const statementsBetween = 8000;

/**
 * Brings pages that are written ahead to where they belong. That takes as long as many commits, so a thread does it, in
 * two passes: the first while others go on writing; the second, which finds little left, before a transaction begins, so
 * that everything is where it belongs and the file of what is written ahead begins anew.
 */
export interface Checkpointer extends AsyncDisposable {
  /** Notes that statements were run. */
  count(statements: number): void;
  /** Resolves when a transaction may begin. */
  ready(): Promise<void> | undefined;
}

type Stage = 'idle' | 'first pass' | 'between' | 'second pass' | 'over';

/** The thread starts when there is something to do for the first time. When it fails, somebody else has to do it. */
export function createCheckpointer(
  file: string,
  onFailure: (cause: unknown) => void,
): Checkpointer {
  let stage: Stage = 'idle';
  let counted = 0;
  let thread: Worker | undefined;
  let passing: Promise<void> | undefined;

  function pass(during: Stage, then: Stage): Promise<void> {
    stage = during;
    passing = run().then(
      () => void (stage = stage === 'over' ? 'over' : then),
      (cause: unknown) => {
        stage = 'over';
        onFailure(cause);
      },
    );
    return passing;
  }

  async function run() {
    thread ??= openThread(file);
    thread.postMessage('pass');
    await once(thread, 'message');
  }

  return {
    count(statements) {
      counted += statements;
      if (counted < statementsBetween || stage !== 'idle') return;
      counted = 0;
      void pass('first pass', 'between');
    },
    ready: () => (stage === 'between' ? pass('second pass', 'idle') : undefined),
    async [Symbol.asyncDispose]() {
      stage = 'over';
      await passing;
      await thread?.terminate();
    },
  };
}

function openThread(file: string): Worker {
  const thread = new Worker(new URL('checkpoint-thread.ts', import.meta.url), { workerData: file });
  thread.unref();
  return thread;
}
