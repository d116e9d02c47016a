import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { generate, type ParleyConfig } from '@parley/contract/codegen';
import { defineCommand } from 'citty';

import { CommandError, UsageError } from '../failure.ts';

export default defineCommand({
  meta: {
    name: 'generate',
    description: 'Writes what follows from the events: lists, types, router.',
  },
  args: {
    check: { type: 'boolean', description: 'Write nothing; fail when something is stale' },
  },
  async run({ args }) {
    const root = process.cwd();
    const check = args.check === true;
    const { files } = await generate({ ...(await loadConfig(root)), root, check });
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

async function loadConfig(root: string): Promise<ParleyConfig> {
  const file = resolve(root, 'parley.config.ts');
  try {
    const loaded: { default: ParleyConfig } = await import(pathToFileURL(file).href);
    return loaded.default;
  } catch (cause) {
    throw new UsageError(
      'parley.config.ts is missing here or does not load. Run this at the root of the workspace.',
      {
        cause,
      },
    );
  }
}
