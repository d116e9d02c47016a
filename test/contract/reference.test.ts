import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { listenEventNames, sendEventNames } from '@parley/contract/names';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const page = await readFile(join(root, 'docs/events.gen.md'), 'utf8');
const examples = Array.from(page.matchAll(/^```ts\n(.*?)^```/gms), ([, code = '']) => code);

const config = {
  extends: join(root, 'tsconfig.base.json'),
  compilerOptions: {
    noEmit: true,
    composite: false,
    emitDeclarationOnly: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    lib: ['es2024', 'dom', 'esnext.disposable'],
  },
  include: ['*.ts'],
};

/** What the compiler says to examples, in a directory from which the packages resolve as they do for their users. */
async function compile(codes: readonly string[]): Promise<string> {
  const directory = await mkdtemp(join(root, 'test/node_modules/.reference-'));
  const functions = codes.map((code, index) => `async function example${index}() {\n${code}}\n`);
  const source = `import type { Events } from '@parley/client';
declare const events: Events;
${functions.join('')}`;
  try {
    await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(config));
    await writeFile(join(directory, 'examples.ts'), source);
    const tsc = join(root, 'node_modules/.bin/tsc');
    const { stdout } = await promisify(execFile)(tsc, ['-p', directory]).catch(
      (error: { stdout: string }) => error,
    );
    return stdout;
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('the reference has an example for each event that is sent and for each that is heard', () => {
  const named = (call: string) =>
    examples.flatMap((code) => code.match(new RegExp(`events\\.${call}\\(\\s*'(.*?)'`))?.[1] ?? []);
  expect(named('send')).toEqual(sendEventNames);
  expect(named('subscribe')).toEqual(listenEventNames);
});

test('who listens sees an example of what comes', () => {
  const subscribing = examples.filter((code) => code.startsWith('events.subscribe('));
  expect(subscribing.filter((code) => !/=> \{\n  \/\/ \{/.test(code))).toEqual([]);
});

test('its examples compile as readers would write them', async () => {
  expect(await compile(examples)).toBe('');
});

test('an example that does not fit its event would not', async () => {
  const wrong = examples.map((code) => code.replace(`room: 'sales'`, `romm: 'sales'`));
  expect(wrong).not.toEqual(examples);
  expect(await compile(wrong)).toContain('romm');
});

test('every link of the reference leads to a heading', () => {
  const headings = Array.from(page.matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  expect(new Set(headings).size).toBe(headings.length);
  const links = Array.from(page.matchAll(/\]\(#(.*?)\)/g), ([, link = '']) => link);
  expect(links.filter((link) => !headings.includes(link))).toEqual([]);
});
