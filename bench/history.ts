/**
 * Benchmark J, in small: whether a page of history costs the same in a short chat and in a very long one.
 * Client and server share the process and the disk is real; only ratios within one run are worth reading.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect, type Events, type ListenEvents, type SendEvents } from '@parley/client';
import { serve, signToken } from '@parley/server';

/** How many entries the chats have, how many go in at once, and how large a page is. */
const sizes = [1_000, 10_000, 100_000];
const batchSize = 500;
const pageSize = 50;
const rounds = 200;

type Client = Events<SendEvents, ListenEvents>;

const directory = await mkdtemp(join(tmpdir(), 'parley-bench-'));
const secret = 'a secret for benchmarks that is long enough';
await using server = await serve({
  port: 0,
  store: `sqlite:${join(directory, 'parley.db')}`,
  auth: { secret },
});
await using service = connect({
  url: server.url,
  token: await signToken({ secret, sub: 'bench', role: 'service' }),
});

const entry = (index: number) => ({
  sender: index % 2 === 0 ? 'Ann' : 'Bob',
  message: `Message ${index} of a long history`,
  created: 1_600_000_000 + index,
});

/** Imports so many entries and gives the milliseconds it took. */
async function importEntries(client: Client, chatId: string, size: number) {
  const start = performance.now();
  const total = { imported: 0, skipped: 0 };
  for (let first = 0; first < size; first += batchSize) {
    const history = Array.from({ length: Math.min(batchSize, size - first) }, (_, index) =>
      entry(first + index),
    );
    const { imported, skipped } = await client.send('history:import', { chatId, history });
    total.imported += imported;
    total.skipped += skipped;
  }
  return { ...total, milliseconds: performance.now() - start };
}

/** The median milliseconds of the newest page, and of one in the middle of the chat. */
async function measurePages(client: Client, chatId: string, size: number) {
  const middle = `${chatId}.${-Math.floor(size / 2)}`;
  const newest: number[] = [];
  const deep: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [times, before] of [
      [newest, undefined],
      [deep, middle],
    ] as const) {
      const start = performance.now();
      const page = { chatId, fields: 'history', limit: pageSize, ...(before && { before }) };
      const { chat } = await client.send('chats:get', page);
      times.push(performance.now() - start);
      if (chat.history?.length !== pageSize)
        throw new Error(`A page of ${chat.history?.length} messages`);
    }
  }
  return { newest: median(newest), deep: median(deep) };
}

function median(numbers: number[]): number {
  return (
    numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? Number.NaN
  );
}

const results = [];
for (const size of sizes) {
  const { chat } = await service.send('chats:create', {
    room: 'bench',
    source: 'bench',
    creator: `customer-${size}`,
  });
  const first = await importEntries(service, chat.id, size);
  const second = await importEntries(service, chat.id, size);
  if (first.imported !== size || second.imported !== 0 || second.skipped !== size) {
    throw new Error(`Imported ${first.imported}, then ${second.imported} again, of ${size}`);
  }
  const pages = await measurePages(service, chat.id, size);
  results.push({ size, importMs: first.milliseconds, againMs: second.milliseconds, ...pages });
  process.stderr.write(`${size} entries done\n`);
}

const [shortest] = results;
const row = (cells: readonly string[]) => `${cells.map((cell) => cell.padStart(14)).join('')}\n`;
process.stdout.write(
  row([
    'entries',
    'import ms',
    'again ms',
    'newest page ms',
    'deep page ms',
    'newest ratio',
    'deep ratio',
  ]),
);
for (const { size, importMs, againMs, newest, deep } of results) {
  const ratios = [newest / (shortest?.newest ?? 1), deep / (shortest?.deep ?? 1)];
  process.stdout.write(
    row([
      String(size),
      importMs.toFixed(0),
      againMs.toFixed(0),
      newest.toFixed(2),
      deep.toFixed(2),
      ...ratios.map((ratio) => ratio.toFixed(2)),
    ]),
  );
}
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
await mkdir(join(import.meta.dirname, 'results'), { recursive: true });
await writeFile(
  join(import.meta.dirname, 'results/history.json'),
  `${JSON.stringify({ at: new Date(), machine, pageSize, rounds, results }, null, 2)}\n`,
);
await rm(directory, { recursive: true });
