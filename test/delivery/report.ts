import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { expect } from 'vitest';

import { profile } from '../profile.ts';

const file = resolve(import.meta.dirname, '../../docs/reliability.md');

/** Prints a test's report and, when the counts are those of CI or more, puts it in place of the last one in docs/reliability.md. */
export async function report(test: string, lines: readonly string[]): Promise<void> {
  process.stdout.write(`${[test, ...lines].join('\n')}\n`);
  if (profile() === 'newcomer' && !process.env['PARLEY_REPORT']) return;
  await alone(() => {
    const section = [`<!-- ${test} -->`, ...lines, `<!-- end of ${test} -->`].join('\n');
    writeFileSync(file, withSection(readFileSync(file, 'utf8'), test, section));
  });
}

/** The document with the test's section renewed, or added at the end. */
export function withSection(document: string, test: string, section: string): string {
  const [begin, end] = [`<!-- ${test} -->`, `<!-- end of ${test} -->`];
  const [before = '', rest] = document.split(begin, 2);
  if (rest === undefined) return `${document.trimEnd()}\n\n${section}\n`;
  const after = rest.slice(rest.indexOf(end) + end.length);
  return `${before}${section}${after}`;
}

/** Runs the work while no other test process does. */
async function alone(work: () => void): Promise<void> {
  const lock = `${file}.lock`;
  const isMine = () => {
    if (existsSync(lock)) return false;
    try {
      mkdirSync(lock);
      return true;
    } catch {
      return false;
    }
  };
  await expect.poll(isMine, { interval: 10 }).toBe(true);
  try {
    work();
  } finally {
    rmdirSync(lock);
  }
}
