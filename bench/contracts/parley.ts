import { join } from 'node:path';

import { generate, type ClientTypes } from '@parley/contract/codegen';

import { buildProject } from '../kit/build-project.ts';
import type { MadeUpEvent } from './made-up.ts';
import {
  type WriteContract,
  writeBuiltProject,
  writeFiles,
  writeProject,
} from './written-contract.ts';

/** A package of a team's own beside the core: one file for each event, and what `parley generate` makes of them, built. */
export const writeParley: WriteContract = async (directory, events, used) => {
  const built = join(directory, 'tsconfig.built.json');
  await writeWorkspace(directory, events);
  await writeFiles(directory, { 'client.ts': clientOf(used, './contract/types.gen.ts') });
  await writeProject(directory, 'tsconfig.contract.json', ['contract'], [ours('contract')]);
  await writeBuiltProject(directory, 'tsconfig.built.json', ['contract'], [ours('contract')]);
  await writeProject(directory, 'tsconfig.json', ['client.ts'], [ours('client'), built]);
  buildProject(built);
};

/** The same, for a client that says which events it uses and has types of those. */
export const writeParleyOfClient: WriteContract = async (directory, events, used) => {
  const types = 'events.gen.ts';
  await writeWorkspace(directory, events, [{ types, events: used.map(({ name }) => name) }]);
  await writeFiles(directory, { 'client.ts': clientOf(used, `./${types}`) });
  await writeProject(directory, 'tsconfig.json', ['client.ts'], [ours('client')]);
};

async function writeWorkspace(
  directory: string,
  events: readonly MadeUpEvent[],
  clients: ClientTypes[] = [],
) {
  const files = events.map((event) => [`contract/events/${event.file}.ts`, defineOf(event)]);
  await writeFiles(directory, {
    ...Object.fromEntries(files),
    '.oxfmtrc.json': '{}',
    'package.json': '{ "name": "made-up", "version": "0.1.0", "type": "module" }',
  });
  await generate({
    root: directory,
    packages: [{ contract: 'contract', handlers: 'server' }],
    clients,
    check: false,
  });
}

const ours = (name: string) => join(import.meta.dirname, '../../packages', name);

function defineOf({ name, data, reply, heard, sent, example }: MadeUpEvent): string {
  return `import * as z from 'zod';
import { defineEvent } from '@parley/contract';

export default defineEvent('${name}', {
  summary: 'Something happens to something.',
  send: {
    by: ['customer', 'agent', 'supervisor', 'service'],
    data: ${data},
    reply: ${reply},
    errors: ['FORBIDDEN', 'NOT_FOUND'],
    example: ${sent},
  },
  listen: {
    audience: ['chat'],
    durable: true,
    data: ${heard},
    example: ${example},
  },
});
`;
}

function clientOf(used: readonly MadeUpEvent[], types: string): string {
  const uses = used.map(
    ({ name, thing, sent }, index) => `
const reply${index} = await events.send('${name}', ${sent});
seen.push(reply${index}.${thing}.createdAt);
events.subscribe('${name}', ({ ${thing} }) => seen.push(${thing}.createdAt));`,
  );
  return `import { connect } from '@parley/client';
import type { ListenEvents, SendEvents } from '${types}';

const events = connect<SendEvents, ListenEvents>({ url: 'ws://127.0.0.1:4455/events', token: '' });
const seen: Date[] = [];
${uses.join('\n')}
`;
}
