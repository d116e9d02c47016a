import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ServerName } from '../peers/servers.ts';
import { processorTime } from './processor-time.ts';

const entry = join(import.meta.dirname, '../serve-peer.ts');

/** What `parley` gives to Node, here for every server. */
export const deployed: readonly string[] = [
  '--max-semi-space-size=32',
  '--heap-growing-percent=100',
  '--initial-old-space-size=128',
  '--no-allocation-site-pretenuring',
];

/** How long a server may take to stop, in milliseconds. */
const patience = 5000;

/** A server under test in a process of its own, with a directory of its own that goes with it unless one was given. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #directory: string | undefined;

  private constructor(child: ChildProcess, url: string, directory: string | undefined) {
    this.#child = child;
    this.url = url;
    this.#directory = directory;
  }

  /** Resolves when the server accepts connections. */
  static async start(name: ServerName, directory?: string): Promise<ServerProcess> {
    const own = directory ?? (await mkdtemp(join(tmpdir(), 'parley-bench-')));
    const profile = process.env['PARLEY_BENCH_PROFILE'];
    const child = fork(entry, [name, own], {
      execArgv: [
        '--expose-gc',
        ...deployed,
        ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}/${name}`] : []),
      ],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const url = await answerOf(child, isReady);
    return new ServerProcess(child, url.url, directory === undefined ? own : undefined);
  }

  /** Seconds of processor time, of all threads, since the process started. */
  processorTime(): Promise<number> {
    return processorTime(this.#child.pid ?? 0);
  }

  /** What the process holds after a full garbage collection. */
  async memory(): Promise<NodeJS.MemoryUsage> {
    this.#child.send('memory');
    const { memory } = await answerOf(this.#child, isMemory);
    return memory;
  }

  async [Symbol.asyncDispose]() {
    const exited = once(this.#child, 'exit');
    this.#child.send('stop');
    const giveUp = setTimeout(() => this.#child.kill('SIGKILL'), patience);
    await exited;
    clearTimeout(giveUp);
    if (this.#directory) await rm(this.#directory, { recursive: true, force: true });
  }
}

/** The child's next message of a kind; rejects when it ends before. */
function answerOf<Answer>(child: ChildProcess, is: (message: unknown) => message is Answer) {
  return new Promise<Answer>((resolve, reject) => {
    const ended = () => reject(new Error('The server ended.'));
    child.once('exit', ended);
    child.on('message', function listener(message) {
      if (!is(message)) return;
      child.off('message', listener);
      child.off('exit', ended);
      resolve(message);
    });
  });
}

const isReady = (message: unknown): message is { url: string } =>
  typeof message === 'object' && message !== null && 'url' in message;

const isMemory = (message: unknown): message is { memory: NodeJS.MemoryUsage } =>
  typeof message === 'object' && message !== null && 'memory' in message;
