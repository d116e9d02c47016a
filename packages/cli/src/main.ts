import { runCommand, showUsage } from 'citty';

import { explain } from './failure.ts';
import { checkOptions, parley, splitName, subCommand } from './parley.ts';

const { name, rest: words } = splitName(process.argv.slice(2));

try {
  if (name === '--help') {
    await showUsage(parley);
  } else {
    const command = await subCommand(name);
    if (words.includes('--help')) {
      await showUsage(command, parley);
    } else {
      checkOptions(name, Object.keys((await command.args) ?? {}), words);
      await runCommand(command, { rawArgs: words });
    }
  }
} catch (error) {
  const { message, exitCode } = explain(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}
