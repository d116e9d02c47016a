import { createLimits, LimitError, type LimitSettings } from '@parley/server';

import { UsageError } from './failure.ts';

/** What `PARLEY_LIMITS` says, a JSON object of limits that are to be something else than usual. */
export function parseLimits(text: string | undefined): LimitSettings {
  if (text === undefined || text === '') return {};
  const given = parseJson(text);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new UsageError(
      'PARLEY_LIMITS is no JSON object. Set it to one, such as {"frameBytes":131072}.',
    );
  }
  try {
    createLimits(given);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    throw new UsageError(`PARLEY_LIMITS: ${error.message}`);
  }
  return given;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
