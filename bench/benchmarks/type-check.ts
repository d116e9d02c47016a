import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { makeUpEvents } from '../contracts/made-up.ts';
import { writeOrpc } from '../contracts/orpc.ts';
import { writeParley, writeParleyOfClient } from '../contracts/parley.ts';
import { writeTrpc } from '../contracts/trpc.ts';
import type { WriteContract } from '../contracts/written-contract.ts';
import { buildProject } from '../kit/build-project.ts';
import { checkTypes, type Compiler } from '../kit/check-types.ts';
import { play, type Sample } from '../kit/contest.ts';
import { makeStoreDirectory } from '../kit/store-directory.ts';
import type { Benchmark } from './benchmark.ts';

interface Contender {
  name: string;
  title: string;
  compiler: Compiler;
  write: WriteContract;
}

const contenders: readonly Contender[] = (['typescript', 'typescript-5'] as const).flatMap(
  (compiler) => {
    const version = compiler === 'typescript' ? '7' : '5.9';
    const one = (name: string, title: string, write: WriteContract) => ({
      name: `${name}-${version}`,
      title: `${title}, TypeScript ${version}`,
      compiler,
      write,
    });
    return [
      one('trpc', 'stock tRPC', writeTrpc),
      one('orpc', 'oRPC', writeOrpc),
      one('parley', 'Parley', writeParley),
      one('parley-own', 'Parley, own types', writeParleyOfClient),
    ];
  },
);
const used = 10;
const caseOf = (count: number) => `a client of ${count} events`;
const contractOf = (count: number) => `a contract of ${count} events`;
const root = join(import.meta.dirname, '../..');

export const typeCheck: Benchmark = {
  id: 'G',
  title: 'What a client’s types cost',
  about:
    `A client that sends and hears ${used} events is checked from nothing, where there are 10, 100, 300 or 1,000 events: made up, ` +
    'always the same, each sent and heard. tRPC’s and oRPC’s clients infer them from the source of the router, a file of ' +
    'procedures for each event; Parley’s from the flat types of all events that `parley generate` has written, by the declarations of ' +
    'the contract and of the client package, as in any workspace with project references. Own types are for those events alone ' +
    'that `parley.config.ts` says the client uses. The contract is a team’s package: events, and all that is ' +
    'generated of them, with the proof that the flat types equal the schemas. TypeScript 7 with one checker: instantiations and megabytes ' +
    'are the compiler’s own count, processor time that of its process.',
  baseline: 'trpc-7',
  contenders,
  columns: [
    { key: 'instantiations', title: 'instantiations', digits: 0, ratio: true },
    { key: 'cpuSeconds', title: 'CPU s', digits: 2, ratio: true },
    { key: 'megabytes', title: 'MB', digits: 0, ratio: true },
  ],
  plotted: ['instantiations'],
  goals: [
    ...['parley-7', 'parley-own-7'].flatMap((contender) =>
      ['instantiations', 'cpuSeconds'].map((key) => ({
        case: caseOf(1000),
        contender,
        key,
        atMost: 1.1,
        of: { case: caseOf(10) },
      })),
    ),
    { case: caseOf(1000), contender: 'parley-7', key: 'instantiations', atMost: 0.02 },
    {
      case: contractOf(1000),
      contender: 'parley-7',
      key: 'cpuSeconds',
      atMost: 15,
      of: 'value',
    },
  ],
  async run({ rounds, quick, progress }) {
    const counts = quick ? [10, 30] : [10, 100, 300, 1000];
    buildProject(join(root, 'packages/client'));
    await using directory = await makeStoreDirectory();
    await symlink(join(root, 'bench/node_modules'), join(directory.path, 'node_modules'));
    const samples: Sample[] = [];
    for (const count of counts) {
      const events = makeUpEvents(count);
      const projects = new Map<Contender, string>();
      for (const contender of contenders) {
        const project = join(directory.path, contender.name, String(count));
        await mkdir(project, { recursive: true });
        await contender.write(project, events, events.slice(0, used));
        projects.set(contender, project);
      }
      const clients = await play(projects, {
        case: caseOf(count),
        rounds,
        play: (project, { compiler }) => checkTypes(compiler, join(project, 'tsconfig.json')),
        progress,
      });
      const ours = Array.from(projects).filter(([{ name }]) => name === 'parley-7');
      const contract = await play(new Map(ours), {
        case: contractOf(count),
        rounds,
        play: (project, { compiler }) =>
          checkTypes(compiler, join(project, 'tsconfig.contract.json')),
        progress,
      });
      samples.push(...clients, ...contract);
    }
    return { settings: { counts: counts.join(', '), used }, samples };
  },
};
