import { expect, test } from 'vitest';

import { Connection, request } from '../../conformance/connection.ts';
import { ann, backend } from '../../conformance/desk.ts';
import { Chance } from '../../delivery/chance.ts';
import { firstSeed, profile } from '../../profile.ts';
import { hostileEnvelope } from './hostile-envelopes.ts';
import { WatchedServer } from './server.ts';

const count = { newcomer: 4_000, ci: 100_000, long: 1_000_000 }[profile()];
const perConnection = 250;
/** Few enough that a turn of the event loop has to do with few of them. */
const perBarrier = 10;
const atOnce = 8;

const users = [ann, backend, { sub: 'bob', role: 'agent' }] as const;

const bytesOf = (texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/** The most bytes that may refuse a frame, however many messages there are in it. */
const most = (envelope: string) => 2 * Buffer.byteLength(envelope) + 1024;

/**
 * Sends envelopes by their ids, and a call after them whose answer tells that they were dealt with. Gives what was too long
 * about the refusals, of one envelope or, where they name none, of all.
 */
async function attack(
  connection: Connection,
  envelopes: ReadonlyMap<string, string>,
): Promise<string[]> {
  const before = connection.frames.length;
  for (const envelope of envelopes.values()) connection.sendText(envelope);
  const barrier = `barrier ${before}`;
  connection.send(request(barrier, 'mutation', 'send.users:chats', { data: { userId: 'nobody' } }));
  await connection.answer(barrier);
  const said = connection.frames.slice(before).filter((frame) => !frame.includes(barrier));
  const refusals = said.filter((frame) => frame.includes('"error":'));
  const byId = Map.groupBy(refusals, (frame) => /^\{"id":(\d+)/.exec(frame)?.[1] ?? '');
  const all = Array.from(envelopes.values(), most).reduce((sum, bytes) => sum + bytes, 0);
  return Array.from(byId, ([id, frames]) => {
    const envelope = envelopes.get(id);
    const bound = envelope === undefined ? all : most(envelope);
    const bytes = bytesOf(frames);
    return bytes <= bound ? '' : `${bytes} bytes answered ${envelope ?? 'all'}: ${frames.join()}`;
  }).filter(Boolean);
}

test(`${count} hostile envelopes are refused shortly, and nothing else happens`, async () => {
  await using server = await WatchedServer.start();
  const first = firstSeed();
  const wrong: string[] = [];
  let next = 0;
  let watched = false;

  async function work() {
    while (next < count && wrong.length < 5) {
      const from = next;
      next += perConnection;
      await using connection = await Connection.as(
        server.url,
        users[(from / perConnection) % users.length] ?? ann,
      );
      for (let start = from; start < from + perConnection; start += perBarrier) {
        const ids = Array.from({ length: perBarrier }, (_, index) => start + index);
        const envelopes = ids.map((id): [string, string] => [
          `${id}`,
          hostileEnvelope(new Chance(first + id), id),
        ]);
        const faults = await attack(connection, new Map(envelopes)).catch((error) => [`${error}`]);
        wrong.push(
          ...faults.map((fault) => `seeds from ${first + start}: ${fault.slice(0, 1000)}`),
        );
      }
      if (!watched && next >= 2_000) {
        watched = true;
        await server.watch();
      }
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));
  expect(wrong).toEqual([]);
  const { longestTurn } = await server.expectWell();
  process.stdout.write(
    `${count} envelopes from seed ${first}; the longest turn took ${longestTurn} ms.\n`,
  );
}, 900_000);
