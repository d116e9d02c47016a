import { expect, test } from 'vitest';

import { Chance } from '../../delivery/chance.ts';
import { firstSeed, profile } from '../../profile.ts';
import { malformed } from './malformed-frames.ts';
import { closeCodeFor } from './raw-connection.ts';
import { WatchedServer } from './server.ts';

const count = { newcomer: 500, ci: 10_000, long: 100_000 }[profile()];
const atOnce = 20;

test(`each of ${count} connections with a malformed frame is closed with the right code, and nothing else happens`, async () => {
  await using server = await WatchedServer.start();
  const first = firstSeed();
  const wrong: string[] = [];
  const tried = new Set<string>();
  let next = 0;
  let watched = false;

  async function attack() {
    while (next < count) {
      const seed = first + next;
      next += 1;
      const chance = new Chance(seed);
      const { what, code, bytes } = malformed(chance);
      tried.add(what);
      const closed = await closeCodeFor(server.url, bytes, chance);
      if (closed !== code)
        wrong.push(`seed ${seed}: ${what} was closed with ${closed} instead of ${code}`);
      if (!watched && next >= 200) {
        watched = true;
        await server.watch();
      }
    }
  }

  await Promise.all(Array.from({ length: atOnce }, attack));
  expect(wrong).toEqual([]);
  expect(tried.size).toBe(16);
  const { longestTurn } = await server.expectWell();
  process.stdout.write(
    `${count} connections from seed ${first}; the longest turn took ${longestTurn} ms.\n`,
  );
}, 600_000);
