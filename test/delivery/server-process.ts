import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { onTestFinished } from 'vitest';

import { secret, unhurried } from '../harness.ts';

const parley = resolve(import.meta.dirname, '../../packages/cli/bin/parley');

export interface ServerProcessOptions {
  /** Where the process may keep what makes its next start faster. */
  directory: string;
  port: number;
}

/** The server as it is deployed: a process of its own that can be killed, and started again on the same port. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string;
  /** What all its lives have written to standard error, but for the hint where the page is. */
  readonly complaints: string[] = [];
  readonly #options: ServerProcessOptions;
  #child: ChildProcess | undefined;

  constructor(options: ServerProcessOptions) {
    this.#options = options;
    this.url = `ws://127.0.0.1:${options.port}/events`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it on a database file; resolves when its port is open. */
  async start(file: string, variables: Record<string, string> = {}): Promise<void> {
    const { directory, port } = this.#options;
    const words = ['serve', '--port', String(port), '--store', `sqlite:${file}`];
    const { PATH = '' } = process.env;
    const child = spawn(parley, words, {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH,
        PARLEY_JWT_SECRET: secret,
        PARLEY_LOG: 'error',
        PARLEY_LIMITS: JSON.stringify(unhurried),
        NODE_COMPILE_CACHE: join(directory, 'compiled'),
        ...variables,
      },
    });
    this.#child = child;
    // A test that takes too long disposes of nothing.
    onTestFinished(() => void child.kill('SIGKILL'));
    createInterface(child.stderr).on('line', (line) => {
      if (!line.startsWith('Open http')) this.complaints.push(line);
    });
    const ready = once(createInterface(child.stdout), 'line');
    const ended = once(child, 'exit').then(() => {
      throw new Error(`The server ended before it was ready: ${this.complaints.join('\n')}`);
    });
    ended.catch(() => undefined);
    await Promise.race([ready, ended]);
  }

  /** Ends it at once, without a chance to do anything more. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Lets it finish what is in hand; resolves with its exit code. */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM') {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    return child.exitCode;
  }
}

/** A port that is free, below those the system gives to whoever asks for any. Not by seed: tests beside this one would take the same. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error('No port is free.');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
