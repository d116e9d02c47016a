import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Auth, SocketKind } from '@parley/server';

import { UsageError } from './failure.ts';

/** What the environment of the process says, for commands whose options do not. */
export type Variables = Record<string, string | undefined>;

/** The settings that every command shares, from options first, then from the environment. */
export const defaults = {
  host: '127.0.0.1',
  port: 4455,
  store: 'sqlite:./data/parley.db',
};

/** A port number; 0 takes any free one. */
export function parsePort(text: string | undefined): number {
  if (text === undefined || text === '') return defaults.port;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`${JSON.stringify(text)} is no port. Use a number from 0 to 65535.`);
}

/** The connection handler: Parley's own unless told. */
export function parseSocket(text: string | undefined): SocketKind {
  if (text === undefined || text === '' || text === 'parley') return 'parley';
  if (text === 'trpc') return 'trpc';
  throw new UsageError(
    `${JSON.stringify(text)} is no connection handler. Set PARLEY_SOCKET to parley or trpc.`,
  );
}

/** For how many days the log is kept; 0 is for ever. */
export function parseRetainDays(text: string | undefined): number {
  const days = Number(text ?? '');
  if (days === 0 || days >= 1) return days;
  throw new UsageError(
    `${JSON.stringify(text)} is no number of days. Set PARLEY_RETAIN_DAYS to 1 or more, or to 0 to keep everything.`,
  );
}

/** Where the server is that a command talks to. */
export function serverUrl(option: string | undefined, variables: Variables): string {
  if (option !== undefined) return option;
  const host = variables['PARLEY_HOST'] ?? defaults.host;
  return variables['PARLEY_URL'] ?? `ws://${host}:${parsePort(variables['PARLEY_PORT'])}/events`;
}

export interface AuthSetting {
  auth: Auth;
  /** The file of a secret that was made because none is configured; development only. */
  developmentSecret?: string;
}

/** The keys tokens are checked with. Without any, development makes a secret and keeps it; production refuses. */
export function authSetting(variables: Variables): AuthSetting {
  const { PARLEY_JWT_SECRET: secret, PARLEY_JWKS_URL: jwksUrl } = variables;
  const issuer = variables['PARLEY_JWT_ISSUER'] || undefined;
  if (secret && jwksUrl)
    throw new UsageError('Set PARLEY_JWT_SECRET or PARLEY_JWKS_URL, not both.');
  if (secret) return { auth: { secret: checkedSecret(secret), issuer } };
  if (jwksUrl) return { auth: { jwksUrl, issuer } };
  if (variables['NODE_ENV'] === 'production') {
    throw new UsageError(
      'Production needs PARLEY_JWT_SECRET or PARLEY_JWKS_URL to check tokens with.',
    );
  }
  const developmentSecret = join('data', 'development-secret');
  return { auth: { secret: keptSecret(developmentSecret), issuer }, developmentSecret };
}

/** HS256 is as strong as its secret; RFC 7518 asks for 32 bytes. */
function checkedSecret(secret: string): string {
  if (Buffer.byteLength(secret) >= 32) return secret;
  throw new UsageError('PARLEY_JWT_SECRET is too short. Use at least 32 random characters.');
}

function keptSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, secret, { mode: 0o600 });
    return secret;
  }
}
