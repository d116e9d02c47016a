import { brotliCompressSync, gzipSync } from 'node:zlib';

import { build, type Plugin } from 'vite';

import { play } from '../kit/contest.ts';
import type { Values } from '../kit/measure.ts';
import type { Benchmark } from './benchmark.ts';

const contenders = [
  {
    name: 'trpc',
    title: 'tRPC’s client + superjson',
    page: `export { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
export { default as superjson } from 'superjson';`,
  },
  { name: 'parley', title: 'our client', page: `export * from '@parley/client';` },
  {
    name: 'parley-chats',
    title: 'our client with the Chat object',
    page: `export * from '@parley/client';
export * from '@parley/client/chats';`,
  },
];

export const bundle: Benchmark = {
  id: 'H',
  title: 'What the client adds to a page',
  about:
    'A page’s bundle of nothing but the client, made for production by Vite: all that our packages export, and of tRPC what ' +
    'it takes to talk to a WebSocket with superjson. Our client speaks superjson too, reconnects, resumes, and sends once. The types cost nothing.',
  baseline: 'trpc',
  contenders,
  columns: [
    { key: 'brotli', title: 'KiB min + brotli', digits: 1, ratio: true },
    { key: 'gzip', title: 'KiB min + gzip', digits: 1, ratio: true },
    { key: 'minified', title: 'KiB min', digits: 1, ratio: true },
  ],
  plotted: ['brotli'],
  goals: [],
  async run({ progress }) {
    const pages = new Map(contenders.map((contender) => [contender, contender.page]));
    const samples = await play(pages, { case: 'bundle', rounds: 1, play: measureBundle, progress });
    return { settings: {}, samples };
  },
};

async function measureBundle(source: string): Promise<Values> {
  const entry = `${import.meta.dirname}/page.js`;
  const page: Plugin = {
    name: 'page',
    resolveId: (id) => (id === entry ? id : null),
    load: (id) => (id === entry ? source : null),
  };
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [page],
    build: {
      write: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' },
    },
  });
  const code = [built]
    .flat()
    .flatMap((each) => ('output' in each ? each.output : []))
    .flatMap((output) => (output.type === 'chunk' ? output.code : []))
    .join('\n');
  return {
    minified: Buffer.byteLength(code) / 1024,
    gzip: gzipSync(code).length / 1024,
    brotli: brotliCompressSync(code).length / 1024,
  };
}
