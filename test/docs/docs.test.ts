import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { expect, test, vi } from 'vitest';
import { startVitest } from 'vitest/node';

// Compiling takes seconds of an idle processor, and more of a busy one.
vi.setConfig({ testTimeout: 60_000 });

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What the examples take for granted. */
const around = `
declare const token: string;
declare const events: import('@parley/client').Events;
declare function fetchToken(): Promise<string>;
declare function show(name: string | undefined, body: unknown): void;
declare function reopen(chatId: string): void;
declare const chatId: string;
declare const url: string;
declare function ask(question: string): void;
`;

/** The TypeScript of a document's fenced blocks, wherever they are indented. */
async function codeOf(file: string): Promise<string[]> {
  const text = await readFile(join(root, file), 'utf8');
  return Array.from(text.matchAll(/^( *)```ts\n(.*?)^\1```/gms), ([, indent = '', code = '']) =>
    code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** Type-checks files in a directory from which the packages resolve as they do for their users. */
async function typeCheck(files: Record<string, string>, place = 'test'): Promise<string> {
  const directory = await mkdtemp(join(root, place, 'node_modules/.docs-'));
  try {
    const options = {
      noEmit: true,
      composite: false,
      emitDeclarationOnly: false,
      noUnusedLocals: false,
    };
    const lib = ['es2024', 'dom', 'esnext.disposable'];
    await writeFile(
      join(directory, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.base.json'),
        compilerOptions: { ...options, lib, types: ['node'] },
        include: ['*.ts'],
      }),
    );
    await writeFile(join(directory, 'around.d.ts'), around);
    for (const [name, code] of Object.entries(files)) await writeFile(join(directory, name), code);
    const { stdout } = await run(join(root, 'node_modules/.bin/tsc'), ['-p', directory]).catch(
      (error: { stdout: string }) => error,
    );
    return stdout;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Whether the code is a test that runs where an example is. */
const isOfExample = (code: string) => /'(\.\/stream\.ts|@parley\/surveys)'/.test(code);

/** Runs the code as a test file of its own. */
async function runTests(code: string): Promise<{ passed: number; failed: number }> {
  const directory = await mkdtemp(join(root, 'test/node_modules/.docs-'));
  try {
    await writeFile(join(directory, 'guide.test.ts'), code);
    const vitest = await startVitest('test', [], {
      root: directory,
      config: false,
      watch: false,
      include: ['guide.test.ts'],
      exclude: [],
      reporters: [{}],
    });
    const tests = [...(vitest.state.getTestModules()[0]?.children.allTests() ?? [])];
    await vitest.close();
    const count = (state: string) => tests.filter((each) => each.result().state === state).length;
    return { passed: count('passed'), failed: count('failed') };
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('the code in README.md compiles as its readers would write it', async () => {
  const blocks = await codeOf('README.md');
  expect(blocks.length).toBeGreaterThanOrEqual(3);

  const files = blocks.map((code, index) => [`readme-${index}.ts`, `${code}\nexport {};\n`]);
  expect(await typeCheck(Object.fromEntries(files))).toBe('');
});

test('the code of the five steps in CONTRIBUTING.md compiles in the places it names', async () => {
  const [event, handler] = await codeOf('CONTRIBUTING.md');
  const inPackages = (code: string | undefined) =>
    (code ?? '')
      .replaceAll(`'../define-event.ts'`, `'${root}/packages/contract/src/define-event.ts'`)
      .replaceAll(`'../schemas/`, `'${root}/packages/contract/src/schemas/`)
      .replaceAll(`'../define-handler.ts'`, `'${root}/packages/server/src/define-handler.ts'`)
      .replaceAll(`'@parley/contract/events/ratings-give'`, `'./ratings-give.ts'`);
  const files = {
    'ratings-give.ts': inPackages(event),
    'ratings-give-handler.ts': inPackages(handler),
  };
  expect(await typeCheck(files)).toBe('');
});

test.each([
  ['docs/routing.md', 'test'],
  ['examples/surveys/README.md', 'examples/surveys'],
])('the code in %s compiles', async (path, place) => {
  const blocks = await codeOf(path);
  expect(blocks.length).toBeGreaterThanOrEqual(2);
  const files = blocks.map((code, index) => [`block-${index}.ts`, `${code}\nexport {};\n`]);
  expect(await typeCheck(Object.fromEntries(files), place)).toBe('');
});

test('the tests in docs/testing.md pass as its readers would write them', async () => {
  const blocks = await codeOf('docs/testing.md');
  const ours = blocks.filter((code) => /^test\(/m.test(code) && !isOfExample(code));
  expect(ours.length).toBeGreaterThanOrEqual(4);
  const tests = await runTests(ours.join('\n'));
  expect(tests).toEqual({ passed: ours.length, failed: 0 });
  const wrong = ours.join('\n').replace("code: 'CHAT_EXISTS'", "code: 'NOT_FOUND'");
  expect(await runTests(wrong)).toEqual({ passed: ours.length - 1, failed: 1 });
});

test('docs/testing.md shows tests of the examples as they are', async () => {
  const blocks = await codeOf('docs/testing.md');
  for (const file of ['support-desk/src/record-events.test.ts', 'surveys/front-end.test.ts']) {
    expect(blocks).toContain(await readFile(join(root, 'examples', file), 'utf8'));
  }
});

test('a mistake in an example is found', async () => {
  const [first = ''] = await codeOf('README.md');
  const wrong = first.replace(`room: 'sales'`, `romm: 'sales'`);
  expect(wrong).not.toBe(first);
  expect(await typeCheck({ 'wrong.ts': wrong })).toContain('romm');
});
