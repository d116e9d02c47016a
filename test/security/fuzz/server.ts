import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { expect } from 'vitest';

import { secret } from '../../harness.ts';
import type { Report } from './watched-server.ts';

/** A server in a process of its own that is watched from inside. */
export class WatchedServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<WatchedServer> {
    const child = fork(join(import.meta.dirname, 'watched-server.ts'), {
      execArgv: ['--max-old-space-size=512'],
      env: { PATH: process.env['PATH'], FUZZ_SECRET: secret },
    });
    const [url] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('The server did not start.'))),
    ]);
    return new WatchedServer(child, String(url));
  }

  /** From now on no turn of the event loop may take long; before, code was still being compiled. */
  async watch(): Promise<void> {
    await this.#ask('watch');
  }

  /** Fails unless the server is as well as it was. */
  async expectWell(): Promise<Report> {
    expect(this.#child.exitCode, 'the server is alive').toBeNull();
    const report = await this.#ask('report');
    expect(report.faults).toEqual([]);
    expect(report.prototype).toEqual(Object.getOwnPropertyNames(Object.prototype));
    expect(report.longestTurn).toBeLessThan(50);
    return report;
  }

  async #ask(word: 'watch' | 'report'): Promise<Report> {
    const answered = once(this.#child, 'message');
    this.#child.send(word);
    const [report]: Report[] = await answered;
    if (!report) throw new Error('The server did not answer.');
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
