import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

import * as z from 'zod';

/** What a token is checked against. */
export interface Expected {
  audience: string;
  /** How far clocks may differ, in seconds. */
  leeway: number;
  /** In milliseconds since 1970. */
  now: number;
}

const Header = z.object({ alg: z.literal('HS256'), crit: z.undefined().optional() });

const Payload = z.looseObject({
  aud: z.union([z.string(), z.array(z.unknown())]),
  exp: z.number().optional(),
  nbf: z.number().optional(),
  iat: z.number().optional(),
});

/**
 * Gives a function that reads the payload of a token signed with the secret by HS256, and throws when it is not good. It asks what
 * jose's `jwtVerify` asks, but at once: WebCrypto, which jose stands on, takes each token through another thread, and that
 * costs more than everything else a login does.
 */
export function signedWith(secret: string): (token: string, expected: Expected) => unknown {
  const key = createSecretKey(secret, 'utf8');

  return (token, { audience, leeway, now }) => {
    const [header = '', payload = '', signature = '', ...others] = token.split('.');
    if (others.length > 0) throw new Error('A token has three parts.');
    const right = Buffer.from(
      createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url'),
    );
    const given = Buffer.from(signature);
    if (given.length !== right.length || !timingSafeEqual(given, right)) {
      throw new Error('The signature is not of this secret.');
    }
    Header.parse(read(header));
    const claims = Payload.parse(read(payload));
    const { aud, exp = Infinity, nbf = -Infinity } = claims;
    const seconds = Math.floor(now / 1000);
    if (aud !== audience && !(Array.isArray(aud) && aud.includes(audience))) {
      throw new Error('The token is for another audience.');
    }
    if (nbf > seconds + leeway) throw new Error('The token is not valid yet.');
    if (exp <= seconds - leeway) throw new Error('The token has expired.');
    return claims;
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function read(part: string): unknown {
  return JSON.parse(utf8.decode(Buffer.from(part, 'base64url')));
}
