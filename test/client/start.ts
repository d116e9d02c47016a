import { connect, type ConnectOptions, type Events } from '@parley/client';
import type { ListenEvents, SendEvents } from '@parley/contract';
import { type ServeOptions, signToken } from '@parley/server';

import { type Identity, secret, startServer } from '../harness.ts';
import { type Proxy, startProxy } from './proxy.ts';

const ann: Identity = { sub: 'ann', role: 'customer', name: 'Ann' };

export interface Started extends AsyncDisposable {
  /** A way to the server that can be cut. */
  proxy: Proxy;
  /** A client of ours, which asks for a new token for each connection. */
  connect(options?: Partial<ConnectOptions>): Events<SendEvents, ListenEvents>;
  /** Ann's token, good for so many seconds; below zero it has expired. */
  token(ttl?: number): Promise<string>;
}

/** Starts a server for Ann. It ends with the test, and every client connected to it before. */
export async function start(options: Partial<ServeOptions> = {}): Promise<Started> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startServer(options));
  const proxy = opened.use(await startProxy(server.url));
  const kept = opened.move();
  const token = (ttl?: number) => signToken({ ...ann, secret, ttl });
  return {
    proxy,
    token,
    connect: (connectOptions) =>
      kept.use(connect({ url: server.url, token: () => token(), ...connectOptions })),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/**
 * Comes back after a few milliseconds and not a few seconds. Not for clients that send more than once: all their keys
 * are the same.
 */
export const impatient: Partial<ConnectOptions> = {
  environment: { random: { bytes: (size) => new Uint8Array(size).fill(1) } },
};
