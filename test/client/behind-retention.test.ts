import { connect } from '@parley/client';
import { withChats } from '@parley/client/chats';
import { expect, it } from 'vitest';

import { firstSeed, profile } from '../profile.ts';
import { bob, startBusyDesk } from './busy-desk.ts';
import { openLaptop } from './laptop.ts';
import { differences } from './picture.ts';

const runs = { newcomer: 1, ci: 2, long: 50 }[profile()];
const seeds = Array.from({ length: runs }, (_, index) => firstSeed() + index);

const day = 86_400_000;

it.each(seeds)(
  'a laptop that slept longer than the log is kept is told so, and shows what is there (seed %i)',
  { timeout: 60_000 },
  async (seed) => {
    await using desk = await startBusyDesk(seed, { retainDays: 1 });
    const { chance, clock } = desk;
    await using laptop = await openLaptop({
      url: desk.url,
      now: clock.now(),
      token: () => desk.token(bob),
    });
    const { events, states } = laptop;
    const { chats } = withChats(events);
    using list = await chats.list();
    /** Messages that are heard live, and what is told that some were not. */
    const heard: unknown[] = [];
    events.onStatus(({ state }) => state === 'resync' && heard.push(state));
    events.subscribe('messages:new', ({ message }) => void heard.push(message.message));
    await laptop.until(() => events.cursorOf('messages:new') !== undefined);

    await desk.bustle(chance.between(20, 120));
    const chatId = await desk.quietChat();
    const said: string[] = [];
    const say = async (message: string) => {
      await desk.act(({ send }) => send('messages:send', { chatId, message }));
      said.push(message);
    };
    await say('good night');
    await laptop.until(() => heard.at(-1) === 'good night');
    // Some of it was looked at from the beginning.
    for (const chat of list.chats) if (chance.fraction() < 0.5) await chat.history();

    laptop.sleep();
    // What was said until the server finds nobody there may have reached the laptop.
    await clock.advance(60_000);
    await say('missed, and forgotten');
    const nights = chance.between(1, 3);
    for (let night = 0; night < nights; night += 1) {
      await desk.bustle(chance.between(1, 80));
      await clock.advance((3 * day) / nights);
      if (chance.fraction() < 0.3) await desk.restart();
    }
    await say('missed, and kept');
    await desk.bustle(chance.below(30));
    await laptop.wake(3 * day, chance.pick(['closed', 'dead']), chance.fraction() < 0.5);
    await laptop.until(() => states.includes('resync retention') && states.at(-1) === 'open');
    await say('good morning');
    await laptop.until(() => heard.at(-1) === 'good morning');
    const told = heard.filter((each) => each === 'resync' || said.includes(String(each)));
    expect(told).toEqual(['good night', 'resync', 'good morning']);
    await expect.poll(() => differences(desk, list.chats), { timeout: 10_000 }).toEqual([]);

    // From now on nothing is missed.
    const before = states.length;
    await desk.bustle(chance.between(5, 30));
    await expect.poll(() => differences(desk, list.chats), { timeout: 10_000 }).toEqual([]);
    expect(states.length).toBe(before);
  },
);

it('a chat that was looked at from the beginning has no hole where something was imported and forgotten', async () => {
  await using desk = await startBusyDesk(firstSeed(), { retainDays: 1 });
  const { clock } = desk;
  await using laptop = await openLaptop({
    url: desk.url,
    now: clock.now(),
    token: () => desk.token(bob),
  });
  const { events, states } = laptop;
  const { chats } = withChats(events);
  using list = await chats.list();
  await laptop.until(() => events.cursorOf('chats:join') !== undefined);
  const chatId = await desk.quietChat();
  // Opened later, it would begin with its newest page.
  await laptop.until(() => list.chats.length === 1);
  const begun = clock.now();
  const bringIn = (message: string, secondsBefore: number) =>
    desk.act(({ send }) => {
      const created = new Date(begun - secondsBefore * 1000);
      return send('history:import', { chatId, history: [{ sender: 'ann', message, created }] });
    });
  await bringIn('the second', 20);
  await laptop.until(() => list.chats[0]?.messages.length === 1);
  await desk.act(async ({ send }) => {
    for (let each = 0; each < 60; each += 1)
      await send('messages:send', { chatId, message: 'live' });
  });
  await laptop.until(() => list.chats[0]?.messages.length === 61);
  await list.chats[0]?.history();

  laptop.sleep();
  await clock.advance(60_000);
  await bringIn('the last', 10);
  await clock.advance(3 * day);
  await laptop.wake(3 * day, 'closed', false);
  await laptop.until(() => states.includes('resync retention') && states.at(-1) === 'open');
  await expect.poll(() => differences(desk, list.chats)).toEqual([]);
});

it('a stored cursor goes on as long as the log is kept, leads to a resync after that, and what is shown is right', async () => {
  await using desk = await startBusyDesk(firstSeed(), { retainDays: 2 });
  const { clock, url } = desk;
  const stored = await (async () => {
    await using events = connect({ url, token: () => desk.token(bob) });
    events.subscribe('messages:new', () => undefined);
    await expect.poll(() => events.cursorOf('messages:new')).toEqual(expect.any(String));
    return events.cursorOf('messages:new');
  })();
  const come = () => {
    const events = connect({ url, token: () => desk.token(bob), cursor: stored });
    const states: string[] = [];
    const heard: unknown[] = [];
    events.onStatus((status) =>
      states.push(status.state === 'resync' ? `resync ${status.reason}` : status.state),
    );
    events.subscribe('messages:new', ({ message }) => void heard.push(message.message));
    return { events, states, heard };
  };
  await desk.bustle(60);
  const chatId = await desk.quietChat();
  const say = (message: string) =>
    desk.act(({ send }) => send('messages:send', { chatId, message }, { key: message }));
  await say('first');
  await clock.advance(1.5 * day);
  {
    const { events, states, heard } = come();
    await using _ = events;
    await expect.poll(() => heard.at(-1)).toBe('first');
    expect(states).toEqual(['open']);
  }
  await clock.advance(1.5 * day);
  for (const restarts of [false, true]) {
    if (restarts) await desk.restart();
    const { events, states, heard } = come();
    await using _ = events;
    const { chats } = withChats(events);
    using list = await chats.list();
    await expect.poll(() => states).toContain('resync retention');
    await expect.poll(() => states.at(-1)).toBe('open');
    await expect.poll(() => differences(desk, list.chats)).toEqual([]);
    await say(`last, ${restarts}`);
    await expect.poll(() => heard).toEqual([`last, ${restarts}`]);
    await expect.poll(() => differences(desk, list.chats)).toEqual([]);
  }

  // Messages stay, and what was sent under their keys.
  const { message } = await say('first');
  const { chat } = await desk.act(({ send }) => send('chats:get', { chatId, fields: 'history' }));
  expect(chat.history?.map((each) => each.message)).toEqual(['first', 'last, false', 'last, true']);
  expect(message.id).toBe(chat.history?.[0]?.id);
});
