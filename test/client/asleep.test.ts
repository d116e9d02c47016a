import { connect } from '@parley/client';
import { expect, it } from 'vitest';

import { firstSeed, profile } from '../profile.ts';
import { bob, type BusyDesk, startBusyDesk } from './busy-desk.ts';
import { type Laptop, openLaptop } from './laptop.ts';

const runs = { newcomer: 1, ci: 2, long: 50 }[profile()];

const heardOf = [
  'messages:new',
  'messages:read',
  'chats:join',
  'chats:leave',
  'chats:close',
  'history:import',
] as const;

interface Heard {
  position: number | undefined;
  at: number;
}

/** Keeps what is heard under each name. */
function listen({ subscribe }: Pick<Laptop['events'], 'subscribe'>) {
  const heard = Object.fromEntries(heardOf.map((name): [string, Heard[]] => [name, []]));
  for (const name of heardOf) {
    subscribe(name, (_, { position, at }) => heard[name]?.push({ position, at: at.getTime() }));
  }
  return heard;
}

/** Whether something was heard under each name since then. */
function isHeardSince(heard: Record<string, Heard[]>, dawn: number): boolean {
  return heardOf.every((name) => (heard[name]?.at(-1)?.at ?? 0) >= dawn);
}

/** What is written in a chat. */
async function textsIn(desk: BusyDesk, chatId: string): Promise<unknown[]> {
  const fetched = await desk.act(({ send }) => send('chats:get', { chatId, fields: 'history' }));
  return (fetched.chat.history ?? []).map(({ message }) => message);
}

/** Has each event happen once, in a chat that this is the end of. Returns since when. */
async function sayGoodMorning(desk: BusyDesk, chatId: string): Promise<number> {
  await desk.clock.advance(1);
  const dawn = desk.clock.now();
  await desk.act(async ({ send }) => {
    const { message } = await send('messages:send', { chatId, message: 'good morning' });
    await send('messages:read', { messageId: message.id, userId: 'bob' });
    const entry = { sender: 'ann', message: 'imported', created: new Date(dawn - 1) };
    await send('history:import', { chatId, history: [entry] });
    await send('chats:leave', { chatId, userId: 'bob' });
    await send('chats:join', { chatId, userId: 'bob' });
    await send('chats:close', { chatId });
  });
  return dawn;
}

/** What somebody hears who comes later, and goes back to the beginning. */
async function hearAll(desk: BusyDesk, dawn: number) {
  await using events = connect({ url: desk.url, token: () => desk.token(bob), cursor: '0' });
  const heard = listen(events);
  await expect.poll(() => isHeardSince(heard, dawn)).toBe(true);
  return heard;
}

const hour = 3_600_000;

it.each([
  { name: 'that the server has closed', found: 'closed', slept: hour },
  { name: 'that is dead without a word', found: 'dead', slept: hour },
  { name: 'to a server that was restarted', found: 'closed', slept: hour, restarts: true },
  {
    name: 'that is dead, to a server that was restarted',
    found: 'dead',
    slept: hour,
    restarts: true,
  },
  { name: 'that is dead, with a token that has ended', found: 'dead', slept: hour, ttl: 600 },
  {
    name: 'that the server has closed, with a token that has ended',
    found: 'closed',
    slept: hour,
    ttl: 600,
  },
  { name: 'that was not missed', found: 'open', slept: 15_000 },
] as const)(
  'a laptop that wakes with a connection $name hears all it missed once and in order',
  { timeout: 20_000 * (1 + runs) },
  async ({ found, slept, ...rest }) => {
    const { restarts = false, ttl = 864_000 } = { restarts: undefined, ttl: undefined, ...rest };
    for (let seed = firstSeed(); seed < firstSeed() + runs; seed += 1) {
      await using desk = await startBusyDesk(seed);
      const { chance, clock } = desk;
      let tokens = 0;
      await using laptop = await openLaptop({
        url: desk.url,
        now: clock.now(),
        token() {
          tokens += 1;
          return desk.token(bob, ttl);
        },
      });
      const { events } = laptop;
      const heard = listen(events);
      const isListening = () => heardOf.every((name) => events.cursorOf(name) !== undefined);
      await laptop.until(isListening);
      const chatId = await desk.quietChat();
      await desk.bustle(chance.between(5, 25));

      // The server has it, and its reply does not arrive before the laptop sleeps.
      laptop.deafen();
      const words = [events.send('messages:send', { chatId, message: 'good night' })];
      await expect.poll(() => textsIn(desk, chatId)).toContain('good night');
      laptop.sleep();
      // This does not leave the laptop any more.
      words.push(events.send('messages:send', { chatId, message: 'said asleep' }));

      const naps = chance.between(1, 6);
      const restartsAt = restarts ? chance.below(naps) : undefined;
      for (let nap = 0; nap < naps; nap += 1) {
        await desk.bustle(chance.below(20));
        await clock.advance(slept / naps);
        if (nap === restartsAt) await desk.restart();
      }
      await laptop.wake(slept, found, chance.fraction() < 0.5);
      let answered = 0;
      for (const said of words) void said.then(() => (answered += 1));
      await laptop.until(() => answered === words.length);
      await desk.bustle(chance.between(1, 5));
      const dawn = await sayGoodMorning(desk, chatId);
      await laptop.until(() => isHeardSince(heard, dawn));

      expect(heard, `seed ${seed}`).toEqual(await hearAll(desk, dawn));
      expect(await textsIn(desk, chatId)).toEqual([
        'imported',
        'good night',
        'said asleep',
        'good morning',
      ]);
      expect(laptop.states).not.toContainEqual(expect.stringContaining('resync'));
      if (found === 'open') expect(laptop.connections).toBe(1);
      if (ttl < slept / 1000) expect(tokens).toBeGreaterThan(1);
    }
  },
);
