import { access, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { expect, test } from 'vitest';

import { startServer } from '../harness.ts';

const root = resolve(import.meta.dirname, '../..');

const read = (file: string) => readFile(join(root, file), 'utf8');

/** The rows of a document's tables, as cells. */
function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Each threat of SECURITY.md, and the tests that it names. */
async function threats() {
  const [, ...rows] = rowsOf(await read('SECURITY.md'));
  return rows.map(([threat = '', , proof = '']) => ({
    threat,
    files: Array.from(proof.matchAll(/\]\(([^)]+)\)/g), ([, file = '']) => file),
  }));
}

test('every threat of SECURITY.md names a test that there is', async () => {
  const rows = await threats();
  expect(rows.length).toBeGreaterThan(15);
  for (const { threat, files } of rows) {
    expect(files, threat).not.toEqual([]);
    for (const file of files) {
      expect(file).toMatch(/\.test\.ts$/);
      await access(join(root, file));
      // A test that is there and says nothing proves nothing.
      const text = await read(file);
      expect(text, file).toMatch(/\btest(\.each)?\(/);
      expect(text, file).not.toMatch(/\b(test|describe)\.(skip|todo|only)\b/);
    }
  }
});

test('every test of this folder is named in SECURITY.md', async () => {
  const named = (await threats()).flatMap(({ files }) => files);
  const here = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.test.ts'));
  for (const file of here) expect(named).toContain(`test/security/${file}`);
});

test('docs/operating.md lists every metric, and no other', async () => {
  const rows = rowsOf(await read('docs/operating.md'));
  const documented = rows.flatMap(([names = '']) => {
    const [first, ...endings] = Array.from(names.matchAll(/`(\w+)`/g), ([, name = '']) => name);
    if (!first || !/^(parley|process)_/.test(first)) return [];
    const stem = first.replace(/_bucket$/, '');
    return [first, ...endings.map((ending) => stem + ending)];
  });
  await using server = await startServer();
  const text = await (await fetch(`${server.address}/metrics`)).text();
  const told = Array.from(text.matchAll(/^# TYPE (\w+)/gm), ([, name = '']) => name);
  expect(documented.toSorted()).toEqual(told.toSorted());
});
