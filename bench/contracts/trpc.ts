import type { MadeUpEvent } from './made-up.ts';
import { type WriteContract, writeFiles, writeProject } from './written-contract.ts';

/** Procedures in a file for each event, a router of all, whose type the client infers from them. */
export const writeTrpc: WriteContract = async (directory, events, used) => {
  const files = events.map((event) => [`events/${event.file}.ts`, proceduresOf(event)]);
  await writeFiles(directory, {
    ...Object.fromEntries(files),
    'package.json': '{ "type": "module" }',
    'trpc.ts': `import { initTRPC } from '@trpc/server';
import superjson from 'superjson';

const trpc = initTRPC.create({ transformer: superjson });
export const { router, procedure } = trpc;
`,
    'router.ts': routerOf(events),
    'client.ts': clientOf(used),
  });
  await writeProject(directory, 'tsconfig.json', ['client.ts']);
};

function proceduresOf({ data, reply, heard }: MadeUpEvent): string {
  return `import { tracked } from '@trpc/server';
import * as z from 'zod';

import { procedure } from '../trpc.ts';

const heard = ${heard};

export const send = procedure
  .input(${data})
  .output(${reply})
  .mutation(() => {
    throw new Error('Nobody is there.');
  });

export const listen = procedure
  .input(z.object({ lastEventId: z.string().optional() }))
  .subscription(async function* () {
    yield tracked('1', heard.parse(undefined));
  });
`;
}

function routerOf(events: readonly MadeUpEvent[]): string {
  const imports = events.map(
    ({ file }, index) => `import * as e${index} from './events/${file}.ts';`,
  );
  const members = (half: string) =>
    events.map(({ name }, index) => `    '${name}': e${index}.${half},`).join('\n');
  return `import { router } from './trpc.ts';
${imports.join('\n')}

export const appRouter = router({
  send: router({
${members('send')}
  }),
  listen: router({
${members('listen')}
  }),
});
export type AppRouter = typeof appRouter;
`;
}

function clientOf(used: readonly MadeUpEvent[]): string {
  const uses = used.map(
    ({ name, thing, sent }, index) => `
const reply${index} = await trpc.send['${name}'].mutate(${sent});
seen.push(reply${index}.${thing}.createdAt);
trpc.listen['${name}'].subscribe({}, { onData: ({ data }) => seen.push(data.${thing}.createdAt) });`,
  );
  return `import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import superjson from 'superjson';

import type { AppRouter } from './router.ts';

const client = createWSClient({ url: 'ws://127.0.0.1:4455/events' });
const trpc = createTRPCClient<AppRouter>({ links: [wsLink({ client, transformer: superjson })] });
const seen: Date[] = [];
${uses.join('\n')}
`;
}
