import type { MadeUpEvent } from './made-up.ts';
import { type WriteContract, writeFiles, writeProject } from './written-contract.ts';

/** Procedures in a file for each event, a router of all, whose type the client infers from them. */
export const writeOrpc: WriteContract = async (directory, events, used) => {
  const files = events.map((event) => [`events/${event.file}.ts`, proceduresOf(event)]);
  await writeFiles(directory, {
    ...Object.fromEntries(files),
    'package.json': '{ "type": "module" }',
    'router.ts': routerOf(events),
    'client.ts': clientOf(used),
  });
  await writeProject(directory, 'tsconfig.json', ['client.ts']);
};

function proceduresOf({ data, reply, heard }: MadeUpEvent): string {
  return `import { eventIterator, os } from '@orpc/server';
import * as z from 'zod';

const heard = ${heard};

export const send = os
  .input(${data})
  .output(${reply})
  .handler(() => {
    throw new Error('Nobody is there.');
  });

export const listen = os
  .output(eventIterator(heard))
  .handler(async function* () {
    yield heard.parse(undefined);
  });
`;
}

function routerOf(events: readonly MadeUpEvent[]): string {
  const imports = events.map(
    ({ file }, index) => `import * as e${index} from './events/${file}.ts';`,
  );
  const members = (half: string) =>
    events.map(({ name }, index) => `    '${name}': e${index}.${half},`).join('\n');
  return `${imports.join('\n')}

export const router = {
  send: {
${members('send')}
  },
  listen: {
${members('listen')}
  },
};
`;
}

function clientOf(used: readonly MadeUpEvent[]): string {
  const uses = used.map(
    ({ name, thing, sent }, index) => `
const reply${index} = await orpc.send['${name}'](${sent});
seen.push(reply${index}.${thing}.createdAt);
for await (const { ${thing} } of await orpc.listen['${name}']()) seen.push(${thing}.createdAt);`,
  );
  return `import type { RouterClient } from '@orpc/server';

import type { router } from './router.ts';

declare const orpc: RouterClient<typeof router>;
const seen: Date[] = [];
${uses.join('\n')}
`;
}
