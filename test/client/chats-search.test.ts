import { type SearchResult, withChats } from '@parley/client/chats';
import { fakeParley, fixtures } from '@parley/client/testing';
import { describe, expect, it } from 'vitest';

import { createChat, type Desk, startDesk, startDeskOnVirtualTime } from './chats-desk.ts';

const second = 1000;

/** An agent who answers invitations when the test says so. */
async function signInAgent(desk: Desk, sub: string) {
  const agent = await desk.agent(sub);
  const invitationIds: string[] = [];
  agent.client.subscribe('invitations:new', (data) => invitationIds.push(data.invitationId));
  await agent.caughtUp();
  async function invited() {
    await expect.poll(() => invitationIds).not.toEqual([]);
    return invitationIds[0] ?? '';
  }
  return {
    ...agent,
    invited,
    accept: async () => agent.client.send('invitations:accept', { invitationId: await invited() }),
    reject: async () => agent.client.send('invitations:reject', { invitationId: await invited() }),
  };
}

const none = (reason: string) => ({ agent: null, reason });

describe('searchAgent', () => {
  it('gives the agent who accepts', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    const searching = chat.searchAgent('longest-idle');
    await bob.accept();
    expect(await searching).toEqual({ agent: { id: 'bob', name: 'Bob' } });
    await expect.poll(() => chat.agentId).toBe('bob');
  });

  it('gives the agent who joins without being asked', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await signInAgent(desk, 'bob')];
    await signInAgent(desk, 'cat');
    const chat = await createChat(ann);
    const searching = chat.searchAgent();
    const { chats } = await ann.client.send('users:chats', {});
    await bob.client.send('chats:join', { chatId: chats[0]?.id ?? '' });
    expect(await searching).toEqual({ agent: { id: 'bob', name: 'Bob' } });
  });

  it('gives the next agent when the first one does not answer', async () => {
    await using desk = await startDeskOnVirtualTime();
    const [ann, bob] = [await desk.customer('ann', desk), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    const searching = chat.searchAgent({ interval: 5 });
    await bob.invited();
    const cat = await signInAgent(desk, 'cat');
    await desk.clock.advance(5 * second);
    await cat.accept();
    expect(await searching).toMatchObject({ agent: { id: 'cat' } });
  });

  it('says that nobody is there', async () => {
    await using desk = await startDesk();
    const chat = await createChat(await desk.customer('ann'));
    expect(await chat.searchAgent()).toEqual(none('no-candidates'));
    expect(chat.status).toBe('waiting');
  });

  it('says that everybody has declined', async () => {
    await using desk = await startDesk();
    const ann = await desk.customer('ann');
    const agents = [await signInAgent(desk, 'bob'), await signInAgent(desk, 'cat')];
    const chat = await createChat(ann);
    const searching = chat.searchAgent();
    await Promise.all(agents.map((agent) => agent.reject()));
    expect(await searching).toEqual(none('candidates-exhausted'));
  });

  it('says that nobody has answered in time', async () => {
    await using desk = await startDeskOnVirtualTime();
    const ann = await desk.customer('ann', desk);
    for (const sub of ['bob', 'cat', 'dan']) await desk.agent(sub);
    const chat = await createChat(ann);
    const searching = chat.searchAgent({ maxAttempts: 2, interval: 5 });
    await ann.caughtUp();
    await desk.clock.advance(10 * second);
    expect(await searching).toEqual(none('attempts-exhausted'));
  });

  it('says that the chat is closed, before and meanwhile', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    const searching = chat.searchAgent();
    await bob.invited();
    await chat.close();
    expect(await searching).toEqual(none('closed'));
    expect(await chat.searchAgent()).toEqual(none('closed'));
  });

  it('says that the chat was sent to a room', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await signInAgent(desk, 'bob')];
    const sue = await desk.supervisor('sue');
    const chat = await createChat(ann);
    const searching = chat.searchAgent();
    await bob.invited();
    await sue.client.send('chats:toinbox', { chatId: chat.id, room: 'support' });
    expect(await searching).toEqual(none('superseded'));
    expect(chat.room).toBe('support');
  });

  it('on an active chat gives the next owner, and the one before has left', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await signInAgent(desk, 'bob')];
    const annsChat = await createChat(ann);
    await bob.client.send('chats:join', { chatId: annsChat.id });
    const bobsChat = await bob.chats.open(annsChat.id);
    const cat = await signInAgent(desk, 'cat');
    const searching = bobsChat.searchAgent();
    await cat.accept();
    expect(await searching).toMatchObject({ agent: { id: 'cat' } });
    await expect.poll(() => annsChat.users.map(({ id }) => id)).toEqual(['ann', 'cat']);
    expect(annsChat).toMatchObject({ status: 'active', agentId: 'cat' });
  });

  it('goes on when the owner leaves before the next one accepts', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    await bob.client.send('chats:join', { chatId: chat.id });
    const cat = await signInAgent(desk, 'cat');
    const searching = chat.searchAgent();
    await cat.invited();
    await bob.client.send('chats:leave', { chatId: chat.id });
    await expect.poll(() => chat.status).toBe('waiting');
    await cat.accept();
    expect(await searching).toMatchObject({ agent: { id: 'cat' } });
  });

  it('waits for the end of an assignment that is running already', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    const searching = chat.searchAgent();
    const phone = await (await desk.customer('ann')).chats.open(chat.id);
    const others = [chat.searchAgent(), phone.searchAgent({ maxAttempts: 1, interval: 5 })];
    await ann.caughtUp();
    await bob.reject();
    const results = await Promise.all([searching, ...others]);
    expect(results).toEqual(results.map(() => none('candidates-exhausted')));
  });

  it('waits longer for an assignment that runs longer than it was asked for', async () => {
    await using desk = await startDeskOnVirtualTime();
    const [ann, bob] = [await desk.customer('ann', desk), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    void chat.searchAgent({ maxAttempts: 1, interval: 60 });
    await bob.invited();
    const settled = settlement(chat.searchAgent({ maxAttempts: 1, interval: 5 }));
    await ann.caughtUp();
    for (let passed = 0; passed < 30; passed += 0.5) {
      await desk.clock.advance(second / 2);
      await ann.caughtUp();
    }
    expect(settled.result).toBeUndefined();
    await bob.accept();
    await expect.poll(() => settled.result).toMatchObject({ agent: { id: 'bob' } });
  });

  it('rejects what the server refuses', async () => {
    await using desk = await startDesk();
    const chat = await createChat(await desk.customer('ann'));
    await expect(chat.searchAgent('psychic')).rejects.toMatchObject({ code: 'UNKNOWN_ALGORITHM' });
    await expect(chat.searchAgent({ interval: 1 })).rejects.toMatchObject({ code: 'VALIDATION' });
  });

  it('rejects with the reason of its signal, and asks for nobody when that is aborted', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    const reason = new Error('not wanted any more');
    const aborted = chat.searchAgent({ signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    const controller = new AbortController();
    const searching = expect(chat.searchAgent({ signal: controller.signal })).rejects.toBe(reason);
    await bob.invited();
    controller.abort(reason);
    await searching;
    expect(ann.recording.count('mutation send.chats:assign')).toBe(1);
  });

  it('says that nothing will be heard any more when the chat is disposed, or the client closed', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    const again = await ann.chats.open(chat.id);
    const searches = [chat.searchAgent(), again.searchAgent()] as const;
    await bob.invited();
    await ann.caughtUp();
    chat.dispose();
    expect(await searches[0]).toEqual(none('disconnected'));
    await ann.client.close();
    expect(await searches[1]).toEqual(none('disconnected'));
    expect(await again.searchAgent()).toEqual(none('disconnected'));
  });
});

describe('searchAgent over a line that is cut', () => {
  /** Ann looks for an agent, and her line is cut after Bob is invited. */
  async function searchAndCut() {
    await using opened = new AsyncDisposableStack();
    const desk = opened.use(await startDeskOnVirtualTime());
    const kept = opened.move();
    const [ann, bob] = [await desk.customer('ann', desk), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    const settled = settlement(chat.searchAgent({ maxAttempts: 2, interval: 10 }));
    await bob.invited();
    await ann.caughtUp();
    ann.line.cut();
    await expect.poll(() => ann.client.status.state).toBe('reconnecting');
    return {
      desk,
      ann,
      bob,
      chat,
      settled,
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  }

  it('gives the agent who accepted meanwhile', async () => {
    await using search = await searchAndCut();
    const { ann, bob, chat, settled } = search;
    await bob.accept();
    ann.line.mend();
    await expect.poll(() => settled.result).toMatchObject({ agent: { id: 'bob' } });
    expect(chat).toMatchObject({ status: 'active', agentId: 'bob' });
  });

  it('says why nobody took the chat meanwhile', async () => {
    await using search = await searchAndCut();
    const { ann, bob, settled } = search;
    await bob.reject();
    ann.line.mend();
    await expect.poll(() => settled.result).toEqual(none('candidates-exhausted'));
  });

  it('says that the chat was closed meanwhile', async () => {
    await using search = await searchAndCut();
    const { desk, ann, chat, settled } = search;
    const sue = await desk.supervisor('sue');
    await sue.client.send('chats:close', { chatId: chat.id });
    ann.line.mend();
    await expect.poll(() => settled.result).toEqual(none('closed'));
  });

  it('goes on when nothing has happened meanwhile', async () => {
    await using search = await searchAndCut();
    const { ann, bob, settled } = search;
    ann.line.mend();
    await expect.poll(() => ann.client.status.state).toBe('open');
    await ann.caughtUp();
    expect(settled.result).toBeUndefined();
    await bob.accept();
    await expect.poll(() => settled.result).toMatchObject({ agent: { id: 'bob' } });
  });

  it('ends within a second after its time when the connection does not come back', async () => {
    await using search = await searchAndCut();
    const { desk, settled } = search;
    await desk.clock.advance(20 * second - 1);
    expect(settled.result).toBeUndefined();
    await desk.clock.advance(second);
    await expect.poll(() => settled.result).toEqual(none('disconnected'));
  });

  it('ends within a second after its time when there never was a connection', async () => {
    await using desk = await startDeskOnVirtualTime();
    const ann = await desk.customer('ann', desk);
    const chat = await createChat(ann);
    ann.line.cut();
    const settled = settlement(chat.searchAgent({ maxAttempts: 1, interval: 5 }));
    const usual = settlement(chat.searchAgent());
    await desk.clock.advance(6 * second);
    await expect.poll(() => settled.result).toEqual(none('disconnected'));
    expect(usual.result).toBeUndefined();
    await desk.clock.advance(85 * second);
    await expect.poll(() => usual.result).toEqual(none('disconnected'));
  });

  it('ends within a second after its time when the line is silent', async () => {
    await using desk = await startDeskOnVirtualTime();
    const ann = await desk.customer('ann', desk);
    await signInAgent(desk, 'bob');
    const chat = await createChat(ann);
    const settled = settlement(chat.searchAgent({ maxAttempts: 1, interval: 5 }));
    await ann.caughtUp();
    ann.line.hold();
    await desk.clock.advance(6 * second);
    await expect.poll(() => settled.result).toEqual(none('disconnected'));
  });

  it('begins one assignment when the reply is lost', async () => {
    await using desk = await startDesk();
    const [ann, bob] = [await desk.customer('ann'), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    ann.line.hold();
    const searching = chat.searchAgent();
    await bob.invited();
    ann.line.cut();
    ann.line.mend();
    await bob.reject();
    expect(await searching).toEqual(none('candidates-exhausted'));
    expect(ann.recording.count('mutation send.chats:assign')).toBe(2);
  });

  it('ends in time also when only the first connection had said when that is', async () => {
    await using desk = await startDeskOnVirtualTime();
    const [ann, bob] = [await desk.customer('ann', desk), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    ann.line.hold();
    const settled = settlement(chat.searchAgent({ maxAttempts: 1, interval: 5 }));
    await bob.invited();
    ann.line.cut();
    await desk.clock.advance(4 * second);
    ann.line.mend();
    await expect.poll(() => ann.recording.count('mutation send.chats:assign')).toBe(2);
    await ann.caughtUp();
    ann.line.cut();
    await desk.clock.advance(2 * second);
    await expect.poll(() => settled.result).toEqual(none('disconnected'));
  });

  it('ends with the assignment that was running already when the connection does not come back', async () => {
    await using desk = await startDeskOnVirtualTime();
    const [ann, bob] = [await desk.customer('ann', desk), await signInAgent(desk, 'bob')];
    const chat = await createChat(ann);
    void chat.searchAgent({ maxAttempts: 1, interval: 20 });
    await bob.invited();
    const settled = settlement(chat.searchAgent());
    await expect.poll(() => ann.recording.count('mutation send.chats:assign')).toBe(2);
    await ann.caughtUp();
    ann.line.cut();
    await desk.clock.advance(20 * second - 1);
    expect(settled.result).toBeUndefined();
    await desk.clock.advance(second);
    await expect.poll(() => settled.result).toEqual(none('disconnected'));
  });

  describe('when the app listened before, and it was over while there was no connection', () => {
    it.each([
      ['with the agent who accepted', 'accept', { agent: { id: 'bob', name: 'Bob' } }, 'parley'],
      ['with why there is none', 'reject', none('candidates-exhausted'), 'parley'],
      // It tells no positions, so the search hears from where its chat was fetched, and not from where the app listened.
      [
        'with why there is none, also from a server without positions',
        'reject',
        none('candidates-exhausted'),
        'trpc',
      ],
      ['because the chat is closed', 'close', none('closed'), 'parley'],
    ] as const)('ends %s', async (_how, act, result, socket) => {
      await using desk = await startDeskOnVirtualTime({ socket });
      const [ann, bob] = [await desk.customer('ann', desk), await signInAgent(desk, 'bob')];
      const sue = await desk.supervisor('sue');
      for (const name of ['forever:alone', 'invitations:accept', 'chats:close'] as const) {
        ann.client.subscribe(name, () => {});
      }
      const chat = await createChat(ann);
      const settled = settlement(chat.searchAgent());
      await bob.invited();
      await ann.caughtUp();
      ann.line.cut();
      await expect.poll(() => ann.client.status.state).toBe('reconnecting');
      if (act === 'close') await sue.client.send('chats:close', { chatId: chat.id });
      else await bob[act]();
      ann.line.mend();
      await expect.poll(() => ann.client.status.state).toBe('open');
      await ann.caughtUp();
      await desk.clock.advance(second);
      await expect.poll(() => settled.result).toEqual(result);
    });
  });
});

it('a search ends soon after a chat without an assignment was fetched, although nothing says why there is none', async () => {
  const { chat } = fixtures.listen['chats:create'].data;
  const view = { ...chat, unread: 0, activity: [], users: [], watchers: [], history: [] };
  await using parley = fakeParley({
    'chats:create': () => ({ chat }),
    'chats:get': () => ({ chat: view, cursor: '0' }),
    'chats:assign': () => ({
      assignmentId: 'a_1',
      attempt: 1,
      state: 'inviting' as const,
      deadline: new Date('2026-01-01T10:10:00Z'),
    }),
  });
  const { chats } = withChats(parley.connect('u_ann'));
  const opened = await chats.create({ room: 'sales', source: 'web' });
  const settled = settlement(opened.searchAgent());
  await parley.clock.advance(0);
  await parley.drop();
  await parley.reconnect();
  await parley.clock.advance(second);
  expect(settled.result).toEqual(none('ended'));
});

describe('searchAgent on a device with a clock of its own', () => {
  for (const [how, off] of [
    ['fast', 3600 * second],
    ['slow', -3600 * second],
  ] as const) {
    it(`ends with the assignment when the clock is ${how}`, async () => {
      await using desk = await startDeskOnVirtualTime();
      const { scheduler } = desk.clock;
      const clock = { scheduler, now: () => desk.clock.now() + off };
      const [ann, bob] = [await desk.customer('ann', { clock }), await signInAgent(desk, 'bob')];
      const chat = await createChat(ann);
      const settled = settlement(chat.searchAgent());
      await bob.invited();
      for (let passed = 0; passed < 25; passed += 0.5) {
        await desk.clock.advance(second / 2);
        await ann.caughtUp();
      }
      expect(settled.result).toBeUndefined();
      await bob.accept();
      await expect.poll(() => settled.result).toMatchObject({ agent: { id: 'bob' } });
    });
  }
});

/** What a search has come to, as soon as it has. */
function settlement(searching: Promise<SearchResult>) {
  const settled: { result?: unknown } = {};
  searching.then(
    (result) => (settled.result = result),
    (error: unknown) => (settled.result = error),
  );
  return settled;
}
