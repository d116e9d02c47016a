import { generate } from '@parley/contract/codegen';
import { defineCommand } from 'citty';

import { CommandError } from '../failure.ts';
import { loadConfig } from '../load-config.ts';

export default defineCommand({
  meta: {
    name: 'generate',
    description: 'Writes what follows from the events: lists, types, router, documents.',
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
