import { roles, type Role } from '@parley/contract';
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyOptions, SignJWT } from 'jose';
import * as z from 'zod';

import { EventError } from '../event-error.ts';

/** Every token is for this audience. */
const audience = 'parley';

/** How far clocks may differ, in seconds. */
const leeway = 30;

/** What a token says. */
export interface Claims {
  sub: string;
  role: Role;
  name?: string | undefined;
  rooms?: string[] | undefined;
  langs?: string[] | undefined;
  /** The agent's tier in routing. */
  tier?: number | undefined;
  /** In seconds since 1970. */
  exp: number;
  iat?: number | undefined;
}

const Claims = z.object({
  sub: z.string().min(1).max(128),
  role: z.enum(roles),
  name: z.string().min(1).max(200).optional(),
  rooms: z.array(z.string().max(64)).max(200).optional(),
  langs: z.array(z.string().max(35)).max(200).optional(),
  tier: z.number().int().min(0).max(1000).optional(),
  exp: z.number(),
  iat: z.number().optional(),
});

/** Where the keys that sign tokens come from: a shared secret, or the address of a JWKS. */
type Keys = { secret: string } | { jwksUrl: string };

/** How tokens are checked. */
export type Auth = Keys & {
  /** Who has to have issued them; anybody with the key unless told. */
  issuer?: string | undefined;
};

/** Checks a token and gives its claims; throws `UNAUTHORIZED` without saying what was wrong with it. */
export type VerifyToken = (token: string, now: number) => Promise<Claims>;

export function createTokenVerifier(auth: Auth): VerifyToken {
  const [verify, algorithms] = verifierOf(auth);
  const { issuer } = auth;
  const fixed = { algorithms, audience, clockTolerance: leeway, ...(issuer && { issuer }) };
  return async (token, now) => {
    try {
      const options = { ...fixed, currentDate: new Date(now) };
      const { payload } = await verify(token, options);
      return Claims.parse(payload);
    } catch (cause) {
      throw new EventError(isOfKeys(cause) ? 'INTERNAL' : 'UNAUTHORIZED', { cause });
    }
  };
}

/** Whether the keys could not be had, which says nothing of the token. */
function isOfKeys(error: unknown): boolean {
  if (error instanceof z.ZodError) return false;
  if (!(error instanceof errors.JOSEError)) return true;
  return unreadableKeys.has(error.code);
}

const unreadableKeys: ReadonlySet<string> = new Set([
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
  // What the address answered was not a JWKS at all.
  errors.JOSEError.code,
]);

type Verify = (token: string, options: JWTVerifyOptions) => Promise<{ payload: unknown }>;

/** Checks by the keys, and the algorithms that are theirs. */
function verifierOf(auth: Keys): [Verify, string[]] {
  if ('jwksUrl' in auth) {
    const getKey = createRemoteJWKSet(addressOf(auth.jwksUrl));
    const verify: Verify = (token, options) => jwtVerify(token, getKey, options);
    return [verify, ['RS256', 'ES256', 'EdDSA']];
  }
  if (auth.secret === '')
    throw new Error('The secret that signs tokens is empty. Set a long random one.');
  // Once for all tokens: to import the bytes for each costs as much as to check it.
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = crypto.subtle.importKey('raw', bytesOf(auth.secret), algorithm, false, [
    'verify',
  ]);
  // jose does less with a key than with a function that gives it.
  return [async (token, options) => jwtVerify(token, await imported, options), ['HS256']];
}

/** Keys that come over a line that others can write on are nobody's keys. */
function addressOf(jwksUrl: string): URL {
  const url = URL.canParse(jwksUrl) ? new URL(jwksUrl) : undefined;
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return url;
  throw new Error(`The JWKS address ${JSON.stringify(jwksUrl)} cannot be trusted. Use https.`);
}

export interface TokenOptions extends Omit<Claims, 'exp' | 'iat'> {
  secret: string;
  /** How long the token is good for, in seconds; an hour unless told. */
  ttl?: number | undefined;
  now?: number | undefined;
  issuer?: string | undefined;
}

/** Signs a token, for development, tests and back ends that share the secret. */
export async function signToken(options: TokenOptions): Promise<string> {
  const { secret, ttl = 3600, now = Date.now(), sub, issuer, ...claims } = options;
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT({ ...claims, ...(issuer && { iss: issuer }) })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttl)
    .sign(bytesOf(secret));
}

function bytesOf(secret: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(secret);
}
