import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import type { Chance } from './chance.ts';
import type { FaultKind } from './fault-kinds.ts';
import { Line } from './line.ts';

/** How long what only slows down lasts, in milliseconds. */
const slownessMilliseconds = 3000;

/** What became of a fault. */
export interface Injected {
  kind: FaultKind;
  /** From its begin until it was over or, when it makes a connection useless, given up for another one. */
  milliseconds: number;
  /** Of the send whose reply was cut off. */
  key?: string;
}

/** A TCP way to the server, on which things go wrong. It can carry one connection after another. */
export class FaultyProxy implements AsyncDisposable {
  readonly url: string;
  readonly #server: Server;
  readonly #lines: Line[] = [];
  #next = Promise.withResolvers<Line>();

  private constructor(server: Server, target: URL, chance: Chance) {
    this.#server = server;
    // The address of a server that listens on a port is never a pipe's name.
    const { port } = server.address() as AddressInfo;
    this.url = `ws://127.0.0.1:${port}${target.pathname}`;
    server.on('connection', (near: Socket) => {
      const far = connect(Number(target.port), target.hostname);
      const line = new Line(near, far, chance.fork());
      this.#lines.push(line);
      this.#next.resolve(line);
      this.#next = Promise.withResolvers();
    });
  }

  static async start(target: string, chance: Chance): Promise<FaultyProxy> {
    const server = createServer({ noDelay: true, allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultyProxy(server, new URL(target), chance);
  }

  /** Lets something go wrong on the newest connection; resolves when that is over, or the client has gone to another. */
  async inject(kind: FaultKind): Promise<Injected> {
    const newest = this.#lines.at(-1);
    const line = newest?.isOpen ? newest : await this.#next.promise;
    const began = performance.now();
    const suffered = line.suffer(kind, slownessMilliseconds);
    const key = await Promise.race([suffered, this.#next.promise.then(() => undefined)]);
    const milliseconds = performance.now() - began;
    return { kind, milliseconds, ...(key !== undefined && { key }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const line of this.#lines) line.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
