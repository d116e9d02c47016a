import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { RepositoryCopy } from '../repository-copy.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const contract = 'packages/contract/contract.gen.json';
const event = 'packages/contract/src/events/forever-alone.ts';

/** One contract, so that what is said is all about it. */
const packages = [{ contract: 'packages/contract/src', handlers: 'packages/server/src' }];

let copy: RepositoryCopy;
let source: string;

const git = (...words: string[]) => promisify(execFile)('git', words, { cwd: copy.directory });
/** A commit of a tree, by its hash. */
const commit = async (tree: string) => {
  const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  const { stdout } = await git(...author, 'commit-tree', '-m', 'The contract', tree);
  return stdout.trim();
};
const diff = (...words: string[]) =>
  copy.runNode('packages/cli/src/main.ts', 'contract', 'diff', ...words);

/** Writes the event with another list of reasons, and more if asked for. */
async function writeReasons(reasons: string, more = '') {
  const changed = source
    .replace(/reason: z\.enum\(\[.*?\]\)/s, `reason: z.enum([${reasons}])`)
    .replace('  listen: {', `  ${more}\n  listen: {`);
  expect(changed).not.toBe(source);
  await copy.write(event, changed);
}

const oneMore =
  "'no-candidates', 'candidates-exhausted', 'attempts-exhausted', 'deadline', 'closed'";
const oneLess = "'no-candidates', 'candidates-exhausted', 'attempts-exhausted'";

beforeAll(async () => {
  copy = await RepositoryCopy.create();
  source = await copy.read(event);
  await copy.write('parley.config.ts', `export default ${JSON.stringify({ packages })};\n`);
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', contract);
  const { stdout: tree } = await git('write-tree');
  await git('update-ref', 'refs/heads/main', await commit(tree.trim()));
});

afterAll(() => copy[Symbol.asyncDispose]());

test('a contract that is as it was has no changes', async () => {
  await copy.write(event, source);
  expect(await diff('--against', 'git:main')).toEqual({
    exitCode: 0,
    output: 'Nothing has changed since git:main.\n',
  });
});

test('a change that breaks listeners is told with its reason, and fails', async () => {
  await writeReasons(oneMore);
  const { exitCode, output } = await diff('--against', 'git:HEAD');
  expect(exitCode).toBe(1);
  expect(output.split('\n')).toEqual([
    'forever:alone  (receivers: breaking)',
    '  breaking     listen.data.reason  "closed" is new: listeners may get a value that they do not know.  [member-added]',
    '',
    'Changes since git:HEAD: 1 breaking, 0 deprecating, 0 compatible.',
    'parley: 1 of the changes break others. Take them back, or decide in the event: deprecated, or replaces.',
    '',
  ]);
});

test('on GitHub it is shown at the file of the event', async () => {
  await writeReasons(oneMore);
  const { exitCode, output } = await diff('--against', 'git:main', '--format', 'github');
  expect(exitCode).toBe(1);
  expect(output.split('\n')[0]).toBe(
    `::error file=${event},title=forever%3Aalone%3A member-added::` +
      'listen.data.reason: "closed" is new: listeners may get a value that they do not know.',
  );
});

test('a change that breaks nobody passes, against a file as well', async () => {
  await writeReasons(oneLess);
  const { exitCode, output } = await diff('--against', contract, '--format', 'json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    against: contract,
    verdict: 'compatible',
    events: [{ event: 'forever:alone', output: 'compatible' }],
    changes: [{ rule: 'member-removed', place: 'listen.data.reason' }],
  });
});

test('a change that breaks others passes once the event says so', async () => {
  await writeReasons(oneMore, "replaces: { event: 'forever:alone', since: '0.2.0' },");
  const { exitCode, output } = await diff('--against', 'git:main');
  expect(exitCode).toBe(0);
  expect(output).toContain('Decided: it replaces its earlier form since 0.2.0.');
  expect(output).toContain('0 breaking, 1 deprecating, 0 compatible');
});

test('an event that is broken itself is told with its file', async () => {
  await copy.write(event, 'export const nothing = 1;');
  const { exitCode, output } = await diff('--against', 'git:main');
  expect({ exitCode, output }).toEqual({
    exitCode: 1,
    output: `${event}: cannot be loaded: write \`export default defineEvent(…)\`.\n`,
  });
  await copy.write(event, source);
});

test.each<[words: string[], message: string]>([
  [[], 'Missing required argument: --against'],
  [['--against', 'git:nowhere'], 'Git knows no commit "nowhere" here.'],
  [['--against', 'git:'], 'Git knows no commit "" here.'],
  [['--against', 'git:--all'], 'Git knows no commit "--all" here.'],
  [['--against', 'nowhere.json'], 'There is no file nowhere.json to compare with.'],
  [['--against', 'package.json'], 'package.json is no contract.'],
  [['--against', 'README.md'], 'README.md is no contract.'],
  [['--against', 'git:main', '--format', 'xml'], '--format is one of text, json, github.'],
  [['--against', 'git:main', '--loud'], 'There is no option --loud of parley contract diff.'],
  [['--against', 'git:main', 'twice'], 'There is no use for "twice".'],
])('%j is bad usage: one line that says so, and exit code 2', async (words, message) => {
  const { exitCode, output } = await diff(...words);
  expect(exitCode).toBe(2);
  expect(output).toContain(message);
  expect(output.trimEnd().split('\n')).toHaveLength(1);
});

test('a commit from before there was a contract is bad usage', async () => {
  const { stdout: tree } = await git('write-tree', '--prefix=packages/');
  const { exitCode, output } = await diff('--against', `git:${await commit(tree.trim())}`);
  expect({ exitCode, output }).toEqual({
    exitCode: 2,
    output: expect.stringContaining(`There is no ${contract} at git:`),
  });
});
