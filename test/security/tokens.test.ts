import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { serve, signToken } from '@parley/server';
import { base64url, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';

import {
  openClient,
  refusalCode,
  secret,
  startServer,
  type TestServer,
  TestUser,
} from '../harness.ts';

const issuer = 'https://login.shop.example';
const claims = { role: 'customer', name: 'Ann', aud: 'parley', iss: issuer, sub: 'ann' };
const now = () => Math.floor(Date.now() / 1000);

type Algorithm = 'RS256' | 'ES256';

/** One who issues tokens, with a key of each algorithm. */
async function createIssuer() {
  const keys = {
    RS256: await generateKeyPair('RS256', { extractable: true }),
    ES256: await generateKeyPair('ES256', { extractable: true }),
  };
  const jwks = await Promise.all(
    (['RS256', 'ES256'] as const).map(async (alg): Promise<JWK> => {
      return { ...(await exportJWK(keys[alg].publicKey)), alg, use: 'sig', kid: alg };
    }),
  );
  return {
    keys,
    jwks,
    /** A good token, but for what is changed of it. */
    sign: (alg: Algorithm, changes: object = {}, header: object = {}) =>
      new SignJWT({ ...claims, iat: now(), exp: now() + 600, ...changes })
        .setProtectedHeader({ alg, kid: alg, ...header })
        .sign(keys[alg].privateKey),
  };
}

type Issuer = Awaited<ReturnType<typeof createIssuer>>;

/** Serves keys on this machine, until it is told to fail. */
async function serveKeys({ jwks }: Issuer) {
  let status = 200;
  let asked = 0;
  const http = createServer((_request, response) => {
    asked += 1;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: jwks }));
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  // The address of a server that listens on a port is never a pipe's name.
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    fail: () => (status = 500),
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

/** What comes of a token: `ok`, or the code of the refusal. */
async function outcome({ url }: TestServer, token: string): Promise<string> {
  await using user = new TestUser('ann', openClient(url, { token }));
  const sent = user.send('users:chats', {});
  return await sent.then(
    () => 'ok',
    () => refusalCode(sent),
  );
}

describe('tokens of a JWKS', () => {
  let known: Issuer;
  let stranger: Issuer;
  let keys: Awaited<ReturnType<typeof serveKeys>>;
  let server: TestServer;
  beforeAll(async () => {
    known = await createIssuer();
    stranger = await createIssuer();
    keys = await serveKeys(known);
    server = await startServer({ auth: { jwksUrl: keys.url, issuer } });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await keys[Symbol.asyncDispose]();
  });

  test.each(['RS256', 'ES256'] as const)('one signed by %s is good', async (alg) => {
    expect(await outcome(server, await known.sign(alg))).toBe('ok');
  });

  test('the keys are fetched once, not for each token', async () => {
    for (let count = 0; count < 5; count += 1) await outcome(server, await known.sign('ES256'));
    expect(keys.asked()).toBe(1);
  });

  const bad: [string, () => Promise<string> | string][] = [
    ['of another who has the same ids of keys', () => stranger.sign('ES256')],
    ['of another RSA key', () => stranger.sign('RS256')],
    ['of a key nobody knows', () => known.sign('ES256', {}, { kid: 'another' })],
    ['whose algorithm is not that of its key', () => known.sign('ES256', {}, { kid: 'RS256' })],
    ['that has expired', () => known.sign('ES256', { exp: now() - 31 })],
    ['that is not valid yet', () => known.sign('ES256', { nbf: now() + 60 })],
    ['without an end', () => known.sign('ES256', { exp: undefined })],
    ['for another audience', () => known.sign('ES256', { aud: 'shop' })],
    ['without an audience', () => known.sign('ES256', { aud: undefined })],
    ['of another issuer', () => known.sign('ES256', { iss: 'https://evil.example' })],
    ['without an issuer', () => known.sign('ES256', { iss: undefined })],
    ['of a role that there is not', () => known.sign('ES256', { role: 'admin' })],
    ['of nobody', () => known.sign('ES256', { sub: '' })],
    [
      'with none for an algorithm',
      () => new UnsecuredJWT({ ...claims, exp: now() + 600 }).encode(),
    ],
    [
      'that brings its own key',
      async () => {
        const jwk = await exportJWK(stranger.keys.ES256.publicKey);
        return stranger.sign('ES256', {}, { jwk, kid: undefined });
      },
    ],
    [
      'that says where its key is',
      () => stranger.sign('ES256', {}, { jku: 'https://evil.example' }),
    ],
    [
      'that uses a public key as a shared secret',
      () =>
        new SignJWT({ ...claims, exp: now() + 600 })
          .setProtectedHeader({ alg: 'HS256', kid: 'RS256' })
          .sign(new TextEncoder().encode(JSON.stringify(known.jwks[0]))),
    ],
    [
      'that asks for what nobody understands',
      () => known.sign('ES256', {}, { crit: ['exp'], b64: true }).catch(() => 'not.a.token'),
    ],
    [
      'whose claims were changed',
      async () => {
        const [header, , signature] = (await known.sign('ES256')).split('.');
        const forged = { ...claims, role: 'supervisor', exp: now() + 600 };
        return `${header}.${base64url.encode(JSON.stringify(forged))}.${signature}`;
      },
    ],
    [
      'that is very long',
      () => known.sign('ES256', { padding: 'x'.repeat(30_000) }).then((token) => `${token}x`),
    ],
  ];

  test.each(bad)('one %s is refused', async (_what, makeToken) => {
    expect(await outcome(server, await makeToken())).toBe('UNAUTHORIZED');
  });

  test('clocks may differ by half a minute', async () => {
    expect(await outcome(server, await known.sign('ES256', { exp: now() - 10 }))).toBe('ok');
    expect(await outcome(server, await known.sign('ES256', { nbf: now() + 25 }))).toBe('ok');
  });
});

test('when the keys cannot be had, nobody is let in, and it is not said to be the token’s fault', async () => {
  const known = await createIssuer();
  await using keys = await serveKeys(known);
  keys.fail();
  const refused: string[] = [];
  await using server = await startServer({
    auth: { jwksUrl: keys.url },
    onRefused: ({ refusal }) => refused.push(refusal.code),
  });
  expect(await outcome(server, await known.sign('ES256'))).toBe('INTERNAL');
  expect(refused).toEqual(['INTERNAL']);
});

test.each(['http://keys.example/jwks.json', 'ftp://127.0.0.1/keys', 'keys.json'])(
  'keys are not taken from %s',
  async (jwksUrl) => {
    await expect(startServer({ auth: { jwksUrl } })).rejects.toThrow('Use https.');
  },
);

test('a shared secret signs for one issuer, when it is told which', async () => {
  await using server = await startServer({ auth: { secret, issuer } });
  const ann = { sub: 'ann', role: 'customer', secret } as const;
  expect(await outcome(server, await signToken({ ...ann, issuer }))).toBe('ok');
  expect(await outcome(server, await signToken(ann))).toBe('UNAUTHORIZED');
});

test('what is in a token is what the session is: nobody becomes more by asking', async () => {
  await using server = await startServer();
  const token = await signToken({ sub: 'ann', role: 'customer', secret });
  const client = openClient(server.url, { token, role: 'supervisor', sub: 'sue' });
  await using user = new TestUser('ann', client);
  const { chat } = await user.send('chats:create', { room: 'sales', source: 'web' });
  expect(chat.customerId).toBe('ann');
  expect(await refusalCode(user.send('routing:explain', { chatId: chat.id }))).toBe('FORBIDDEN');
});

test('there is nothing to start a server with but a key', async () => {
  await expect(serve({ port: 0, store: 'sqlite::memory:' })).rejects.toThrow('auth: { secret }');
  await expect(startServer({ auth: { secret: '' } })).rejects.toThrow('is empty');
});

const Health = z.object({ status: z.string() });

test('health is told without a token, and nothing else', async () => {
  await using server = await startServer();
  const response = await fetch(`${server.address}/health`);
  expect(Health.parse(await response.json())).toEqual({ status: 'alive' });
  expect((await fetch(`${server.address}/events`)).status).toBe(404);
});
