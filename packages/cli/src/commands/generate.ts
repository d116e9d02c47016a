import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

import { generate, type ParleyConfig } from '@parley/contract/codegen';
import { defineCommand } from 'citty';

import { watchSources } from '../contract/watch-sources.ts';

import { CommandError, UsageError } from '../failure.ts';
import { loadConfig } from '../load-config.ts';

export default defineCommand({
  meta: {
    name: 'generate',
    description: 'Writes what follows from the events: lists, types, router, documents.',
  },
  args: {
    check: { type: 'boolean', description: 'Write nothing; fail when something is stale' },
    watch: { type: 'boolean', description: 'Again after each change, until it is stopped' },
  },
  async run({ args }) {
    const root = process.cwd();
    const check = args.check === true;
    if (check && args.watch) throw new UsageError('Take --check or --watch, not both.');
    const config = await loadConfig(root);
    if (args.watch) return watchAndGenerate(root, config);
    const { files } = await generate({ ...config, root, check });
    for (const { path, state } of files) {
      if (state !== 'unchanged') process.stdout.write(`${state} ${path}\n`);
    }
    const stale = files.filter(({ state }) => state === 'stale').length;
    if (stale > 0)
      throw new CommandError(
        `${stale} generated files are stale. Run parley generate and commit them.`,
      );
    process.stdout.write(`${files.length} generated files are up to date\n`);
  },
});

/** Generates at each change in a process of its own: what a process has imported once, it does not read again. */
async function watchAndGenerate(root: string, { packages }: ParleyConfig): Promise<void> {
  const [, program = ''] = process.argv;
  const run = async () => {
    await once(spawn(process.execPath, [program, 'generate'], { stdio: 'inherit' }), 'close');
  };
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  process.once('SIGTERM', () => stopped.abort());
  const directories = packages.flatMap(({ contract, handlers }) => [
    resolve(root, contract),
    resolve(root, handlers, 'handlers'),
  ]);
  const watching = watchSources([...new Set(directories)], run, stopped.signal);
  await run();
  process.stdout.write('watching for changes; end with Ctrl+C\n');
  await watching;
}
