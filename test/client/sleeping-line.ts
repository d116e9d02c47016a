import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What the connections of before the sleep are found to be: still there, closed by the server, or dead without a word. */
export type Found = 'open' | 'closed' | 'dead';

/** The way of a computer to the server, which the computer's sleep ends without telling either side. */
export interface SleepingLine extends AsyncDisposable {
  url: string;
  /** What the server says does not arrive yet. */
  deafen(): void;
  /** Nothing goes in or out. */
  sleep(): void;
  wake(found: Found): void;
}

interface Way {
  near: Socket;
  far: Socket;
}

export async function startSleepingLine(target: string): Promise<SleepingLine> {
  const { hostname, port, pathname } = new URL(target);
  const ways = new Set<Way>();
  const dead: Socket[] = [];
  let asleep = false;

  const server = createServer((near) => {
    const way: Way = { near, far: connect(Number(port), hostname) };
    const { far } = way;
    ways.add(way);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => near.write(bytes));
    near.on('error', () => far.destroy());
    near.on('close', () => {
      ways.delete(way);
      far.destroy();
    });
    // Nobody is told of an end while the computer sleeps.
    far.on('error', () => {});
    far.on('close', () => asleep || near.destroySoon());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The address of a server that listens on a port is never a pipe's name.
  const address = server.address() as AddressInfo;

  return {
    url: `ws://127.0.0.1:${address.port}${pathname}`,
    deafen() {
      for (const { far } of ways) far.pause();
    },
    sleep() {
      asleep = true;
      for (const { near, far } of ways) {
        near.pause();
        far.pause();
      }
    },
    wake(found) {
      asleep = false;
      for (const way of [...ways]) {
        const { near, far } = way;
        if (found === 'dead') {
          ways.delete(way);
          dead.push(near);
          far.destroy();
          near.removeAllListeners('close');
          near.on('error', () => {});
        } else {
          near.resume();
          far.resume();
          if (far.closed) near.destroySoon();
          else if (found === 'closed') far.end();
        }
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { near } of ways) near.destroy();
      for (const near of dead) near.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
