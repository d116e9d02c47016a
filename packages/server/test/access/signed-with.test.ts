import { createHmac } from 'node:crypto';

import * as fc from 'fast-check';
import { jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';

import { signedWith } from '../../src/access/signed-with.ts';

const secret = 'a secret for tests that is long enough';
const key = new TextEncoder().encode(secret);
const now = Date.parse('2026-01-01T10:00:00Z');
const seconds = now / 1000;
const expected = { audience: 'parley', leeway: 30, now };
const readPayload = signedWith(secret);

/** The payload, or `undefined` when the token is refused. */
function ours(token: string): unknown {
  try {
    return readPayload(token, expected);
  } catch {
    return undefined;
  }
}

async function ofJose(token: string): Promise<unknown> {
  const options = { algorithms: ['HS256'], audience: 'parley', clockTolerance: 30 };
  return jwtVerify(token, key, { ...options, currentDate: new Date(now) }).then(
    ({ payload }) => payload,
    () => undefined,
  );
}

/** Signs whatever it is given. */
function sign(header: unknown, payload: unknown, by = secret, hash = 'sha256'): string {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part) ?? '').toString('base64url');
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac(hash, by).update(signed).digest('base64url')}`;
}

const mostly = <Value>(good: Value, ...others: fc.Arbitrary<unknown>[]) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(good) }, ...others);
const moment = fc.integer({ min: -61, max: 61 }).map((offset) => seconds + offset);
const odd = fc.constantFrom(null, '1', true, [], {});

const header = fc.record(
  {
    alg: mostly('HS256', fc.constantFrom('none', 'HS384', 'RS256', 'hs256', '', null, 7)),
    typ: fc.constantFrom('JWT', 'other', null),
    kid: fc.string(),
  },
  { requiredKeys: ['alg'] },
);

const payload = fc.record(
  {
    sub: fc.string({ unit: 'grapheme' }),
    aud: mostly('parley', odd, fc.constant('other'), fc.constant(['other', 'parley', 1])),
    exp: fc.oneof({ weight: 4, arbitrary: moment }, odd),
    nbf: fc.oneof({ weight: 4, arbitrary: moment }, odd),
    iat: fc.oneof({ weight: 4, arbitrary: moment }, odd),
    more: fc.jsonValue(),
  },
  { requiredKeys: ['aud'] },
);

test('tokens are read and refused as jose does it', async () => {
  const seen = { read: 0, refused: 0 };
  const token = fc
    .tuple(mostly('object', fc.constantFrom('list', 'text')), header, payload, fc.boolean())
    .map(([shape, head, body, known]) => {
      const content = shape === 'object' ? body : shape === 'list' ? [body] : 'text';
      return sign(head, content, known ? secret : 'another secret of a good length');
    });
  const property = fc.asyncProperty(token, async (each) => {
    const read = ours(each);
    expect(read).toEqual(await ofJose(each));
    seen[read === undefined ? 'refused' : 'read'] += 1;
  });
  await fc.assert(property, { numRuns: 2_000 });
  expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(200);
});

test('no token is good once a character of it is another one', async () => {
  const good = await new SignJWT({ aud: 'parley', sub: 'ann' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(seconds + 60)
    .sign(key);
  expect(ours(good)).toEqual({ aud: 'parley', sub: 'ann', exp: seconds + 60 });
  for (let index = 0; index < good.length; index += 1) {
    for (const other of ['A', 'B', '.', '=', ' ', 'é']) {
      if (other === good[index]) continue;
      expect(ours(good.slice(0, index) + other + good.slice(index + 1))).toBeUndefined();
    }
  }
  for (const more of ['.', '=', 'A', '.A']) expect(ours(good + more)).toBeUndefined();
});

test.each([
  ['says it is not signed', sign({ alg: 'none' }, { aud: 'parley' })],
  ['is signed by another hash', sign({ alg: 'HS512' }, { aud: 'parley' }, secret, 'sha512')],
  [
    'says HS256 and is signed by another hash',
    sign({ alg: 'HS256' }, { aud: 'parley' }, secret, 'sha512'),
  ],
  ['asks for an extension', sign({ alg: 'HS256', crit: ['b64'], b64: true }, { aud: 'parley' })],
  ['is empty', ''],
  ['has two parts', sign({ alg: 'HS256' }, { aud: 'parley' }).split('.').slice(0, 2).join('.')],
])('a token is refused that %s', (_what, token) => {
  expect(ours(token)).toBeUndefined();
});
