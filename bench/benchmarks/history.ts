import { connect, type Events } from '@parley/client';
import { signToken } from '@parley/server';

import { enter, play, type Sample } from '../kit/contest.ts';
import type { Values } from '../kit/measure.ts';
import { ServerProcess } from '../kit/server-process.ts';
import { median } from '../kit/statistics.ts';
import { secret } from '../peers/parley/secret.ts';
import type { Benchmark } from './benchmark.ts';

const batchSize = 500;
const pageSize = 50;

const ofLength = (size: number) => ({ name: String(size), title: `${size} entries`, size });
const contenders = [1000, 3000, 10_000, 100_000].map(ofLength);

/** A chat with an imported history, and how long the import took. */
interface Imported extends AsyncDisposable {
  chatId: string;
  size: number;
  values: Values;
}

export const history: Benchmark = {
  id: 'J',
  title: 'Long histories',
  about:
    'How long a page of 50 messages takes (`chats:get` with `fields: history`, through our client) in chats of different ' +
    'lengths in one store, imported with `history:import` in batches of 500: the newest page, and one from the middle. ' +
    'A long chat must not be slower than a short one.',
  baseline: '1000',
  contenders,
  columns: [
    { key: 'pageMs', title: 'ms per page', digits: 2, ratio: true },
    { key: 'importMs', title: 'import ms', digits: 0 },
    { key: 'againMs', title: 'import again ms', digits: 0 },
  ],
  plotted: ['pageMs'],
  goals: [],
  async run({ rounds, quick, progress }) {
    const sizes = quick ? [1000, 3000] : [1000, 10_000, 100_000];
    const pages = quick ? 20 : 100;
    await using server = await ServerProcess.start('parley');
    const token = await signToken({ secret, sub: 'bench', role: 'service' });
    await using service = connect({ url: server.url, token });

    async function timePages({ chatId, size }: Imported, newest: boolean) {
      const before = newest ? {} : { before: `${chatId}.${-Math.floor(size / 2)}` };
      const times: number[] = [];
      for (let index = 0; index < pages; index += 1) {
        const start = performance.now();
        const page = { chatId, fields: 'history', limit: pageSize, ...before };
        const { chat } = await service.send('chats:get', page);
        times.push(performance.now() - start);
        if (chat.history?.length !== pageSize)
          throw new Error(`A page of ${chat.history?.length} messages`);
      }
      return { pageMs: median(times) };
    }

    await using stages = await enter(
      contenders.filter(({ size }) => sizes.includes(size)),
      ({ size }) => importHistory(service, size),
      progress,
    );
    const imports = await play(stages.of, {
      case: 'import',
      rounds: 1,
      play: async ({ values }) => values,
      progress,
    });
    const samples: Sample[] = [];
    for (const newest of [true, false]) {
      const played = await play(stages.of, {
        case: newest ? 'newest page' : 'page from the middle',
        rounds,
        play: (imported) => timePages(imported, newest),
        progress,
      });
      samples.push(...played);
    }
    return {
      settings: { sizes: sizes.join(', '), batchSize, pageSize, pages },
      samples: [...imports, ...samples],
    };
  },
};

async function importHistory(service: Events, size: number): Promise<Imported> {
  const creator = `customer-${size}`;
  const { chat } = await service.send('chats:create', { room: 'bench', source: 'bench', creator });
  const first = await importEntries(service, chat.id, size);
  const again = await importEntries(service, chat.id, size);
  if (first.imported !== size || again.imported !== 0 || again.skipped !== size) {
    throw new Error(`Imported ${first.imported}, then ${again.imported} again, of ${size}`);
  }
  const values = { importMs: first.milliseconds, againMs: again.milliseconds };
  return { chatId: chat.id, size, values, [Symbol.asyncDispose]: async () => {} };
}

async function importEntries(service: Events, chatId: string, size: number) {
  const start = performance.now();
  const total = { imported: 0, skipped: 0 };
  for (let first = 0; first < size; first += batchSize) {
    const length = Math.min(batchSize, size - first);
    const entries = Array.from({ length }, (_, index) => entryOf(first + index));
    const { imported, skipped } = await service.send('history:import', {
      chatId,
      history: entries,
    });
    total.imported += imported;
    total.skipped += skipped;
  }
  return { ...total, milliseconds: performance.now() - start };
}

const entryOf = (index: number) => ({
  sender: index % 2 === 0 ? 'Ann' : 'Bob',
  message: `Message ${index} of a long history`,
  created: 1_600_000_000 + index,
});
