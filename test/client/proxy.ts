import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP way to the server that the test can cut. */
export interface Proxy extends AsyncDisposable {
  url: string;
  /** Cuts every connection and lets no new one through. */
  cut(): void;
  /** Lets nothing of what the server says through. */
  hold(): void;
  /** Lets nothing of what the client says through. */
  stall(): void;
  /** Lets everything through again. */
  mend(): void;
}

export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port, pathname } = new URL(target);
  const open = new Set<Socket>();
  let broken = false;
  let holding = false;
  let stalling = false;

  const server = createServer((near) => {
    if (broken) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    open.add(near);
    near.on('data', (bytes) => stalling || far.write(bytes));
    far.on('data', (bytes) => holding || near.write(bytes));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(near);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The address of a server that listens on a port is never a pipe's name.
  const address = server.address() as AddressInfo;

  function cut() {
    broken = true;
    for (const socket of open) socket.destroy();
  }

  return {
    url: `ws://127.0.0.1:${address.port}${pathname}`,
    cut,
    hold() {
      holding = true;
    },
    stall() {
      stalling = true;
    },
    mend() {
      broken = false;
      holding = false;
      stalling = false;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
