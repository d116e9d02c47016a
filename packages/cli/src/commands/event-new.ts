import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { audiences, type Role, roles } from '@parley/contract';
import { generate, type NewEvent, planEvent } from '@parley/contract/codegen';
import { defineCommand } from 'citty';

import { askForEvent, type ToldEvent } from '../contract/ask-for-event.ts';
import { UsageError } from '../failure.ts';
import { loadConfig } from '../load-config.ts';

export default defineCommand({
  meta: { name: 'event new', description: 'Writes a new event, its handler and its test.' },
  args: {
    name: { type: 'positional', required: false, description: 'Such as surveys:submit' },
    send: { type: 'boolean', description: 'It can be sent' },
    listen: { type: 'boolean', description: 'It can be listened to' },
    summary: { type: 'string', description: 'What it means, in one sentence' },
    by: { type: 'string', description: `Who may send it, of ${roles.join(',')}; all unless told` },
    audience: {
      type: 'string',
      description: `Who hears it: ${audiences.join(', ')}; chat unless told`,
    },
    ephemeral: { type: 'boolean', description: 'It is not kept in the log' },
    package: {
      type: 'string',
      description: 'The directory of its contract in parley.config.ts; the first unless told',
    },
  },
  async run({ args }) {
    const root = process.cwd();
    const { packages } = await loadConfig(root);
    const directories = packages.find(
      ({ contract }) => contract === (args.package ?? packages[0]?.contract),
    );
    if (!directories) {
      const known = packages.map(({ contract }) => contract).join(', ');
      throw new UsageError(`--package is one of those in parley.config.ts: ${known}.`);
    }
    const audience = audiences.find((each) => each === (args.audience ?? 'chat'));
    if (!audience) throw new UsageError(`--audience is one of ${audiences.join(', ')}.`);

    const told: ToldEvent = {
      name: args.name,
      summary: args.summary,
      send: args.send ? { by: readRoles(args.by) } : undefined,
      listen: args.listen ? { audience, durable: !args.ephemeral } : undefined,
    };
    const files = await planEvent(root, directories, await completed(told));
    for (const { path, text } of files) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
      process.stdout.write(`written ${path}\n`);
    }
    const generated = await generate({ root, packages, check: false });
    for (const { path, state } of generated.files) {
      if (state !== 'unchanged') process.stdout.write(`${state} ${path}\n`);
    }
  },
});

/** Asks for what was not told where somebody is there to answer. */
async function completed(told: ToldEvent): Promise<NewEvent> {
  const { name, summary, send, listen } = told;
  if (name !== undefined && (send || listen)) {
    return { name, send, listen, summary: summary ?? `Say in a sentence what ${name} means.` };
  }
  if (process.stdin.isTTY) return askForEvent(told);
  throw new UsageError('Write parley event new <name> with --send, --listen or both.');
}

function readRoles(text: string | undefined): readonly Role[] {
  if (text === undefined) return roles;
  return text.split(',').map((word) => {
    const role = roles.find((each) => each === word.trim());
    if (!role) throw new UsageError(`--by lists some of ${roles.join(',')}.`);
    return role;
  });
}
