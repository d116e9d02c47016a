import { defineAlgorithm } from '@parley/server';
import { describe, expect, test } from 'vitest';

import { agent, customer, startChat } from '../harness.ts';
import { invitable, startOnVirtualTime, waitingChat } from '../routing.ts';

const second = 1000;

describe('least-busy', () => {
  test('the agent with the fewest chats and invitations is invited', async () => {
    await using parley = await startOnVirtualTime();
    const { server, assign } = parley;
    const [bob] = [await agent(server, 'bob'), await agent(server, 'cat')];
    await bob.send('chats:join', { chatId: await startChat(await customer(server, 'ann')) });
    expect(await assign('dan')).toBe('cat');
    expect(await assign('eve')).toBe('bob');
  });

  test('of equally busy agents the longest idle is invited, then the lowest id', async () => {
    await using parley = await startOnVirtualTime();
    const { server, environment, assign } = parley;
    await agent(server, 'dan');
    await environment.advance(second);
    await agent(server, 'cat');
    await agent(server, 'bob');
    expect([await assign('ann'), await assign('eve'), await assign('fay')]).toEqual([
      'dan',
      'bob',
      'cat',
    ]);
  });
});

describe('round-robin', () => {
  test('agents are invited in a ring by id, whatever their load', async () => {
    await using parley = await startOnVirtualTime();
    const { server, assign } = parley;
    for (const sub of ['cat', 'bob', 'dan']) await agent(server, sub);
    const options = { algorithm: 'round-robin' };
    const order = [];
    for (const sub of ['a', 'b', 'c', 'd']) order.push(await assign(sub, options));
    expect(order).toEqual(['bob', 'cat', 'dan', 'bob']);
  });

  test('the ring passes over whoever cannot take a chat', async () => {
    await using parley = await startOnVirtualTime();
    const { server, assign } = parley;
    await agent(server, 'bob');
    const cat = await agent(server, 'cat');
    await agent(server, 'dan');
    const options = { algorithm: 'round-robin' };
    expect(await assign('a', options)).toBe('bob');
    await cat.send('agents:status', { status: 'away' });
    expect(await assign('b', options)).toBe('dan');
    await cat.send('agents:status', { status: 'available' });
    expect(await assign('c', options)).toBe('bob');
    expect(await assign('d', options)).toBe('cat');
  });
});

describe('longest-idle', () => {
  test('the agent who has had nothing to do for longest is invited, whatever the load', async () => {
    await using parley = await startOnVirtualTime();
    const { server, environment, assign } = parley;
    const bob = await agent(server, 'bob');
    await bob.send('chats:join', { chatId: await startChat(await customer(server, 'ann')) });
    await environment.advance(second);
    await agent(server, 'cat');
    await environment.advance(second);
    const order = [];
    for (const sub of ['dan', 'eve', 'fay']) {
      order.push(await assign(sub, { algorithm: 'longest-idle' }));
      await environment.advance(second);
    }
    expect(order).toEqual(['bob', 'cat', 'bob']);
  });
});

describe('sticky', () => {
  test('a customer comes back to the agent of the chat before', async () => {
    await using parley = await startOnVirtualTime();
    const { server, assign } = parley;
    const { ann, chatId } = await waitingChat(server);
    const bob = await agent(server, 'bob');
    await bob.send('chats:join', { chatId });
    await ann.send('chats:close', { chatId });
    await agent(server, 'aya');
    await bob.send('chats:join', { chatId: await startChat(await customer(server, 'eve')) });
    expect(await assign('ann', { algorithm: 'sticky' })).toBe('bob');
    expect(await assign('dan', { algorithm: 'sticky' })).toBe('aya');
  });

  test('when that agent cannot take it, the least busy is invited', async () => {
    await using parley = await startOnVirtualTime();
    const { server, assign } = parley;
    const { ann, chatId } = await waitingChat(server);
    const bob = await agent(server, 'bob');
    await bob.send('chats:join', { chatId });
    await ann.send('chats:close', { chatId });
    await agent(server, 'cat');
    await bob.send('agents:status', { status: 'away' });
    expect(await assign('ann', { algorithm: 'sticky' })).toBe('cat');
  });
});

describe('priority', () => {
  test('the highest tier is invited first, and in it the least busy', async () => {
    await using parley = await startOnVirtualTime();
    const { server, assign } = parley;
    for (const [sub, tier] of Object.entries({ bob: 1, cat: 3, dan: 3 })) {
      const user = await server.connect({ sub, role: 'agent', tier });
      await user.send('agents:login', { rooms: ['sales'], capacity: 1 });
    }
    const order = [];
    for (const sub of ['a', 'b', 'c']) order.push(await assign(sub, { algorithm: 'priority' }));
    expect(order).toEqual(['cat', 'dan', 'bob']);
  });
});

describe('random', () => {
  test('everybody who can take a chat is invited now and then, and nobody else', async () => {
    await using parley = await startOnVirtualTime();
    const { server, assign } = parley;
    for (const sub of ['bob', 'cat']) await agent(server, sub, { capacity: 100 });
    await agent(server, 'dan', { capacity: 100 }).then((dan) =>
      dan.send('agents:status', { status: 'away' }),
    );
    const invited = new Set<string | undefined>();
    for (let index = 0; index < 30; index += 1) {
      invited.add(await assign(`customer-${index}`, { algorithm: 'random' }));
    }
    expect(invited).toEqual(new Set(['bob', 'cat']));
  });
});

describe("a team's own algorithm", () => {
  const last = defineAlgorithm('acme.last', {
    pick: (pool) => pool.toSorted((one, other) => (one.id < other.id ? 1 : -1))[0] ?? pool[0],
  });
  const never = defineAlgorithm('acme.never', { pick: () => new Promise(() => {}) });
  const broken = defineAlgorithm('acme.broken', {
    pick: () => Promise.reject(new Error('The directory is down.')),
  });

  test('picks', async () => {
    await using parley = await startOnVirtualTime({ algorithms: [last] });
    const { server, assign } = parley;
    for (const sub of ['bob', 'dan', 'cat']) await agent(server, sub);
    expect(await assign('ann', { algorithm: 'acme.last' })).toBe('dan');
  });

  test('may take its time', async () => {
    let answer = (_id: string) => {};
    const slow = defineAlgorithm('acme.slow', {
      pick: (pool) =>
        new Promise((resolve) => {
          answer = (id) => resolve(pool.find((each) => each.id === id) ?? pool[0]);
        }),
    });
    await using parley = await startOnVirtualTime({ algorithms: [slow] });
    const { server } = parley;
    const { ann, chatId } = await waitingChat(server);
    await agent(server, 'bob');
    const cat = await invitable(server, 'cat');
    const reply = await ann.send('chats:assign', { chatId, algorithm: 'acme.slow' });
    expect(reply).toMatchObject({ state: 'inviting', attempt: 0 });
    answer('cat');
    expect((await cat.invitations.next()).data).toMatchObject({ chatId, attempt: 1 });
  });

  test.each([never, broken])('$name leaves it to the least busy', async (algorithm) => {
    await using parley = await startOnVirtualTime({ algorithms: [algorithm] });
    const { server, environment } = parley;
    const { ann, chatId } = await waitingChat(server);
    const bob = await invitable(server, 'bob');
    await ann.send('chats:assign', { chatId, algorithm: algorithm.name });
    await environment.advance(second);
    expect((await bob.invitations.next()).data).toMatchObject({ chatId, attempt: 1 });
  });

  test('that thinks while the chat is closed invites nobody', async () => {
    await using parley = await startOnVirtualTime({ algorithms: [never] });
    const { server, environment } = parley;
    const { ann, chatId } = await waitingChat(server);
    const bob = await invitable(server, 'bob');
    await ann.send('chats:assign', { chatId, algorithm: 'acme.never' });
    await ann.send('chats:close', { chatId });
    await environment.advance(60 * second);
    await bob.user.caughtUp();
    expect(bob.invitations.heard).toEqual([]);
  });

  test('that thinks about an explanation holds up nobody else, and the default answers in the end', async () => {
    await using parley = await startOnVirtualTime({ algorithms: [never] });
    const { server, environment, backend } = parley;
    const { ann, chatId } = await waitingChat(server);
    await agent(server, 'bob');
    const explained = backend.send('routing:explain', { chatId, algorithm: 'acme.never' });
    await environment.settle();
    await ann.send('messages:send', { chatId, message: 'Hello' });
    await environment.advance(second);
    expect((await explained).chosen).toBe('bob');
  });
});
