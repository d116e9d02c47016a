import { compareContracts, loadContracts } from '@parley/contract/codegen';
import { defineCommand } from 'citty';

import { printReport, reportFormats } from '../contract/print-changes.ts';
import { readOldContracts } from '../contract/read-old-contracts.ts';
import { CommandError, UsageError } from '../failure.ts';
import { loadConfig } from '../load-config.ts';

export default defineCommand({
  meta: {
    name: 'contract diff',
    description: 'Says which changes of the events break those who use them, and why.',
  },
  args: {
    against: {
      type: 'string',
      required: true,
      description: 'What to compare with: git:<ref>, or a contract.gen.json',
    },
    format: { type: 'string', description: `${reportFormats.join(', ')}; text unless told` },
  },
  async run({ args }) {
    const [stray] = args._;
    if (stray !== undefined) throw new UsageError(`There is no use for ${JSON.stringify(stray)}.`);
    const format = reportFormats.find((each) => each === (args.format ?? 'text'));
    if (!format) throw new UsageError(`--format is one of ${reportFormats.join(', ')}.`);

    const root = process.cwd();
    const { packages } = await loadConfig(root);
    const loaded = await loadContracts(root, packages);
    const { against } = args;
    const old = await readOldContracts(
      against,
      root,
      loaded.map(({ path }) => path),
    );
    const changes = compareContracts(
      old,
      loaded.map(({ contract }) => contract),
    );
    const files = new Map(loaded.flatMap((each) => [...each.files]));
    process.stdout.write(printReport({ against, changes, files }, format));

    const breaking = changes.filter(({ verdict }) => verdict === 'breaking').length;
    if (breaking > 0) {
      throw new CommandError(
        `${breaking} of the changes break others. Take them back, or decide in the event: deprecated, or replaces.`,
      );
    }
  },
});
