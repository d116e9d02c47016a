import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Order, Report } from '../clients/client.ts';
import type { ClientName } from '../clients/clients.ts';

const entry = join(import.meta.dirname, '../drive-client.ts');

/** A client under test in a process of its own, which obeys one order at a time. */
export class ClientProcess implements AsyncDisposable {
  readonly #child: ChildProcess;

  constructor(name: ClientName) {
    this.#child = fork(entry, [name], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  }

  async obey(order: Order): Promise<Report> {
    this.#child.send(order);
    const ended = new AbortController();
    const { signal } = ended;
    try {
      const [answer] = await Promise.race([
        once(this.#child, 'message', { signal }),
        once(this.#child, 'exit', { signal }).then(() => {
          throw new Error('The client ended.');
        }),
      ]);
      return answer;
    } finally {
      ended.abort();
    }
  }

  async [Symbol.asyncDispose]() {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
