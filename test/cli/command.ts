import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { onTestFinished } from 'vitest';

const parley = resolve(import.meta.dirname, '../../node_modules/.bin/parley');

/** What a finished command wrote, and its exit code. */
export interface Finished {
  code: number | null;
  out: string;
  errors: string;
}

/** A directory of its own to run commands in, with nothing configured but what is given. */
export async function openWorkplace(variables: Record<string, string> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'parley-cli-'));
  const { PATH = '' } = process.env;
  function start(...words: string[]) {
    const child = spawn(parley, words, { cwd: directory, env: { PATH, ...variables } });
    // A test that takes too long disposes of nothing.
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  }

  return {
    directory,
    start,
    async run(...words: string[]): Promise<Finished> {
      const child = start(...words);
      const finished: Finished = { code: null, out: '', errors: '' };
      child.stdout.on('data', (chunk) => (finished.out += String(chunk)));
      child.stderr.on('data', (chunk) => (finished.errors += String(chunk)));
      const [code] = await once(child, 'close');
      return { ...finished, code: code as number | null };
    },
    /** Starts a command that goes on until it is told to stop, and gives its first line. */
    async startAndRead(...words: string[]) {
      const child = start(...words);
      const lines = createInterface(child.stdout);
      // Unread, it would keep the child from ever closing.
      child.stderr.resume();
      return {
        child,
        lines,
        firstLine: once(lines, 'line').then(([line]) => String(line)),
        async [Symbol.asyncDispose]() {
          if (child.exitCode !== null || child.signalCode !== null) return;
          child.kill('SIGTERM');
          await once(child, 'close');
        },
      };
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}
