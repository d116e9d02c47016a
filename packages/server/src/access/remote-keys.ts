import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

import { EventError } from '../event-error.ts';

/** What every token has to be for; the libraries that check them name it so. */
export interface Expected {
  audience: string;
  issuer?: string;
  /** How far clocks may differ, in seconds. */
  clockTolerance: number;
}

/** What the keys at the address may have signed with. */
const algorithms = ['RS256', 'ES256', 'EdDSA'];

/** Checks tokens by the keys of the JWKS at an address, and gives what they say. Throws `INTERNAL` when the keys cannot be had. */
export function createRemoteVerifier(jwksUrl: string, expected: Expected) {
  const getKey = createRemoteJWKSet(addressOf(jwksUrl));
  return async (token: string, now: number): Promise<unknown> => {
    try {
      const options = { ...expected, algorithms, currentDate: new Date(now) };
      const { payload } = await jwtVerify(token, getKey, options);
      return payload;
    } catch (cause) {
      throw isOfKeys(cause) ? new EventError('INTERNAL', { cause }) : cause;
    }
  };
}

/** Whether the keys could not be had, which says nothing of the token. */
function isOfKeys(error: unknown): boolean {
  return !(error instanceof errors.JOSEError) || unreadableKeys.has(error.code);
}

const unreadableKeys: ReadonlySet<string> = new Set([
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
  // What the address answered was not a JWKS at all.
  errors.JOSEError.code,
]);

/** Keys that come over a line that others can write on are nobody's keys. */
function addressOf(jwksUrl: string): URL {
  const url = URL.canParse(jwksUrl) ? new URL(jwksUrl) : undefined;
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return url;
  throw new Error(`The JWKS address ${JSON.stringify(jwksUrl)} cannot be trusted. Use https.`);
}
