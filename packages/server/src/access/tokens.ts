import { createSecretKey } from 'node:crypto';

import { roles, type Role } from '@parley/contract';
import jsonwebtoken, { type Algorithm } from 'jsonwebtoken';
import * as z from 'zod';

import { EventError } from '../event-error.ts';
import type { Expected } from './remote-keys.ts';

/** Every token is for this audience. */
const audience = 'parley';

/** What a shared secret signs with. */
const algorithm: Algorithm = 'HS256';

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
export type CheckToken = (now: number) => Claims;

/** Waits for what is needed to check a token and is not at hand, such as a key; throws as the check does, or `INTERNAL` without it. */
export type PrepareCheck = (token: string, now: number) => Promise<CheckToken>;

export async function createTokenVerifier(auth: Auth): Promise<PrepareCheck> {
  const { issuer } = auth;
  const expected: Expected = { audience, clockTolerance: leeway, ...(issuer && { issuer }) };
  if (!('jwksUrl' in auth)) {
    const verify = createSecretVerifier(auth.secret, expected);
    return async (token) => (now) => claimsOf(() => verify(token, now));
  }
  // What checks by them takes long to load, and a start with a secret does not wait for it.
  const { createRemoteVerifier } = await import('./remote-keys.ts');
  const verify = createRemoteVerifier(auth.jwksUrl, expected);
  return async (token, now) => {
    const verified = await verify(token, now).catch(unauthorized);
    return () => claimsOf(() => verified);
  };
}

function claimsOf(verify: () => unknown): Claims {
  try {
    return Claims.parse(verify());
  } catch (cause) {
    return unauthorized(cause);
  }
}

function unauthorized(cause: unknown): never {
  throw cause instanceof EventError ? cause : new EventError('UNAUTHORIZED', { cause });
}

/** What is shared needs no other thread, which jose asks for each token: that costs as much as a third of a connection. */
function createSecretVerifier(secret: string, expected: Expected) {
  if (secret === '')
    throw new Error('The secret that signs tokens is empty. Set a long random one.');
  const key = createSecretKey(secret, 'utf8');
  const fixed = { ...expected, complete: true } as const;
  return (token: string, now: number): unknown => {
    const options = { ...fixed, algorithms: [algorithm], clockTimestamp: secondsOf(now) };
    const { header, payload } = jsonwebtoken.verify(token, key, options);
    // The library does not look whether anything has to be understood, as RFC 7515 wants it.
    if ('crit' in header) throw new Error('Nothing critical in a token is understood.');
    return payload;
  };
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
  const { secret, ttl = 3600, now = Date.now(), issuer: iss, ...claims } = options;
  const iat = secondsOf(now);
  const payload = { ...claims, ...(iss && { iss }), aud: audience, iat, exp: iat + ttl };
  return jsonwebtoken.sign(payload, createSecretKey(secret, 'utf8'), { algorithm });
}

const secondsOf = (milliseconds: number) => Math.floor(milliseconds / 1000);
