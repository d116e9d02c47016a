import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { expect, test } from 'vitest';

const docs = resolve(import.meta.dirname, '../../docs');

/** A test that a document names. */
interface Proof {
  file: string;
  title: string;
}

/** The rows of all tables: what each is about, and the tests that prove it. */
function rowsOf(document: string): { trap: string; proofs: Proof[] }[] {
  const rows = document.split('\n').filter((line) => line.startsWith('|'));
  return rows
    .filter((_, index) => !rows[index]?.startsWith('|---') && !rows[index + 1]?.startsWith('|---'))
    .map((line) => {
      const [trap = '', , proofs = ''] = line.slice(1, -1).split(' | ');
      return {
        trap: trap.trim(),
        proofs: Array.from(
          proofs.matchAll(/\[[^\]]+\]\(([^)]+)\): (.+?)(?=<br>|\s*$)/g),
          ([, file = '', title = '']) => ({ file, title }),
        ),
      };
    });
}

/** What is wrong with a proof; undefined when there is such a test, and it runs. */
async function faultOf({ file, title }: Proof): Promise<string | undefined> {
  if (!file.endsWith('.test.ts')) return `${file} is no test.`;
  const text = await readFile(join(docs, file), 'utf8').catch(() => undefined);
  if (text === undefined) return `There is no ${file}.`;
  const titles = Array.from(
    text.matchAll(/\(\s*(['"`])((?:\\.|(?!\1).)*)\1,\s/g),
    ([, , each = '']) => each.replaceAll(/\\(.)/g, '$1'),
  );
  if (!titles.includes(title)) return `No test of ${file} is called "${title}".`;
  if (/\b(it|test|describe)\.(skip|todo|only|fails)\b/.test(text))
    return `${file} leaves something out.`;
  return undefined;
}

async function faultsOf(document: string): Promise<string[]> {
  const proofs = rowsOf(document).flatMap((row) => row.proofs);
  const faults = await Promise.all(proofs.map(faultOf));
  return faults.filter((fault) => fault !== undefined);
}

const document = await readFile(join(docs, 'traps.md'), 'utf8');

test('docs/traps.md names tests that there are, one at least for each promise and each trap', async () => {
  const rows = rowsOf(document);
  expect(rows.length).toBeGreaterThanOrEqual(8 + 19 + 11);
  for (const { trap, proofs } of rows) expect(proofs, trap).not.toEqual([]);
  for (const promise of ['G1', 'G2', 'G3', 'G4', 'G5', 'G6', 'G7', 'G8']) {
    expect(rows.map(({ trap }) => trap.split(' ')[0])).toContain(promise);
  }
  expect(await faultsOf(document)).toEqual([]);
});

test('a test that was renamed, or a file that was, would be found', async () => {
  const renamed = document.replace(
    'wait neither for a timer nor for each other',
    'wait for a timer',
  );
  expect(await faultsOf(renamed)).toEqual([
    'No test of ../test/client/connection.test.ts is called "wait for a timer".',
  ]);
  const moved = document.replace('slow-reader.test.ts', 'slow-readers.test.ts');
  expect(await faultsOf(moved)).toEqual(['There is no ../test/slow-readers.test.ts.']);
});
