import type { JsonValue } from '@parley/contract/types';

interface JsonObject {
  [key: string]: JsonValue;
}

/** Why a chat is closed, and what is kept with it. */
export interface CloseOptions {
  reason?: string | undefined;
  extraData?: JsonObject | undefined;
}

/** Tells options from extra data that stands alone: they have nothing but a `reason`, `extraData` or both. */
export function closeOptionsOf(given: CloseOptions | JsonObject): CloseOptions {
  return isCloseOptions(given) ? given : { extraData: given };
}

function isCloseOptions(given: CloseOptions | JsonObject): given is CloseOptions {
  const { reason = '', extraData = {}, ...rest } = given;
  const isObject = Object(extraData) === extraData && !Array.isArray(extraData);
  return isObject && typeof reason === 'string' && Object.keys(rest).length === 0;
}
