import { useCallback, useState } from 'react';

export interface Attempt {
  /** Does the work; what goes wrong becomes the failure. Says whether it went well. */
  attempt(work: () => Promise<unknown>): Promise<boolean>;
  busy: boolean;
  failure: unknown;
}

/** Runs what a button starts, and keeps what went wrong for the page to show. */
export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const attempt = useCallback(async (work: () => Promise<unknown>) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      setFailure(error);
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { attempt, busy, failure };
}
