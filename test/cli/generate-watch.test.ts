import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { expect, test, vi } from 'vitest';

import { RepositoryCopy } from '../repository-copy.ts';

vi.setConfig({ testTimeout: 60_000 });

test('parley generate --watch follows what is written, says what is wrong, and goes on', async () => {
  await using copy = await RepositoryCopy.create();
  const join = 'packages/contract/src/events/chats-join.ts';
  const source = await copy.read(join);
  const child = spawn(process.execPath, ['packages/cli/src/main.ts', 'generate', '--watch'], {
    cwd: copy.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, complaints] = [new Array<string>(), new Array<string>()];
  createInterface(child.stdout).on('line', (line) => said.push(line));
  createInterface(child.stderr).on('line', (line) => complaints.push(line));
  const patiently = { timeout: 30_000 };
  await expect.poll(() => said, patiently).toContain('watching for changes; end with Ctrl+C');

  await copy.write(join, source.replace('A user joins a chat.', 'Somebody comes into a chat.'));
  await expect.poll(() => said, patiently).toContain('written docs/events.gen.md');
  expect(await copy.read('packages/contract/src/types.gen.ts')).toContain('Somebody comes into');

  await copy.write(join, 'export default {};');
  await expect.poll(() => complaints.join('\n'), patiently).toContain(`${join}: cannot be loaded`);

  said.length = 0;
  await copy.write(join, source);
  await expect.poll(() => said, patiently).toContain('written docs/events.gen.md');
  expect(await copy.read('packages/contract/src/types.gen.ts')).toContain('A user joins a chat.');

  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
});
