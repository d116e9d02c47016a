import { defineCommand, type SubCommandsDef } from 'citty';

import { UsageError } from './failure.ts';

/** Each is loaded when it is called, so that `parley serve` does not wait for what only others need. */
const subCommands: SubCommandsDef = {
  serve: () => import('./commands/serve.ts').then((module) => module.default),
  token: () => import('./commands/token.ts').then((module) => module.default),
  send: () => import('./commands/send.ts').then((module) => module.default),
  listen: () => import('./commands/listen.ts').then((module) => module.default),
  simulate: () => import('./commands/simulate.ts').then((module) => module.default),
  generate: () => import('./commands/generate.ts').then((module) => module.default),
  'event new': () => import('./commands/event-new.ts').then((module) => module.default),
  'contract diff': () => import('./commands/contract-diff.ts').then((module) => module.default),
};

/** The `parley` command. */
export const parley = defineCommand({
  meta: { name: 'parley', description: 'A typed real-time event layer for live chat.' },
  subCommands,
});

/** The name of a command, of one word or two, and the words after it. */
export function splitName(words: readonly string[]): { name: string; rest: string[] } {
  const [first = '--help', ...rest] = words;
  const isPair = Object.keys(subCommands).some((name) => name.startsWith(`${first} `));
  return isPair
    ? { name: words.slice(0, 2).join(' '), rest: words.slice(2) }
    : { name: first, rest };
}

/** The sub-command of a name. */
export async function subCommand(name: string) {
  const load = Object.hasOwn(subCommands, name) ? subCommands[name] : undefined;
  if (!load) throw new UsageError(`There is no command ${JSON.stringify(name)}.`);
  return typeof load === 'function' ? load() : load;
}

/** Refuses options that the command does not have, which would otherwise be passed over in silence. */
export function checkOptions(
  name: string,
  known: readonly string[],
  words: readonly string[],
): void {
  const options = new Set(known.map((option) => `--${option}`));
  const unknown = words.find(
    (word) => word.startsWith('--') && !options.has(word.split('=', 1)[0] ?? ''),
  );
  if (unknown) throw new UsageError(`There is no option ${unknown} of parley ${name}.`);
}
