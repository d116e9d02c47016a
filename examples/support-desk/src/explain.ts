import { isEventError } from '@parley/client';

/** The code and the sentence of whatever went wrong. */
export function explain(error: unknown): { code: string; message: string } {
  if (isEventError(error)) return { code: error.code, message: error.message };
  return { code: 'ERROR', message: error instanceof Error ? error.message : String(error) };
}
