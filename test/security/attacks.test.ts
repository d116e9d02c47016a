import { serve, type LimitName, type LimitSettings } from '@parley/server';
import { describe, expect, test } from 'vitest';

import { sockets, type Socket } from '../conformance/sockets.ts';
import { secret } from '../harness.ts';
import { createVirtualEnvironment } from '../virtual-environment.ts';
import { type Attack, attacks } from './attacks.ts';

/** Other programs may keep the machine busy, and what is done about that has its own tests. */
const busy: LimitSettings = { shedLagMs: 0, shedQueue: 0 };

/** Runs an attack against a server with the usual limits but for those given; what came of it, and which limits were reached. */
async function attack({ run, takesTime }: Attack, socket: Socket, limits: LimitSettings) {
  const reached = new Set<LimitName>();
  const environment = createVirtualEnvironment();
  await using server = await serve({
    port: 0,
    store: 'sqlite::memory:',
    auth: { secret },
    socket,
    ...(!takesTime && { environment }),
    limits: { ...busy, ...limits },
    onLimit: (name) => reached.add(name),
  });
  return { outcome: await run({ url: server.url, environment }), reached };
}

describe.each(sockets)('on the socket of %s', (socket) => {
  const all = attacks.filter(({ sockets: held = sockets }) => held.some((each) => each === socket));

  test.each(all)('$what: $guarded', async (each) => {
    const { outcome, reached } = await attack(each, socket, {});
    expect(outcome).toBe(each.guarded);
    expect(reached).toContain(each.limit);
  });

  test.each(all)('without its guard, $what: $unguarded', async (each) => {
    const { outcome, reached } = await attack(each, socket, each.off);
    expect(outcome).toBe(each.unguarded);
    expect(reached).not.toContain(each.limit);
  });
});
