import { connect, type ListenEvents, type SendEvents } from '@parley/client';
import type { Role } from '@parley/contract';
import { serve, signToken } from '@parley/server';
import type { SurveyListenEvents, SurveySendEvents } from '@parley/surveys';
import surveys from '@parley/surveys/server';
import { expect, test } from 'vitest';
import * as z from 'zod';

const secret = 'a secret that only these tests know';

const Document = z.looseObject({ channels: z.looseObject({}) });

/** A server with surveys, and people who know of them. */
async function start() {
  const stack = new AsyncDisposableStack();
  const options = { port: 0, store: 'sqlite::memory:', auth: { secret }, ...surveys };
  const server = stack.use(await serve(options));
  return {
    server,
    async join(sub: string, role: Role, tier = 0) {
      const token = await signToken({ sub, role, tier, rooms: ['sales'], secret });
      return stack.use(
        connect<SendEvents & SurveySendEvents, ListenEvents & SurveyListenEvents>({
          url: server.url,
          token,
        }),
      );
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

test('a survey is asked for by the agent and answered by the customer', async () => {
  await using desk = await start();
  const [ann, bob] = [await desk.join('ann', 'customer'), await desk.join('bob', 'agent')];
  const { chat } = await ann.send('chats:create', { room: 'sales', source: 'web' });
  await bob.send('agents:login', { rooms: ['sales'] });
  await bob.send('chats:join', { chatId: chat.id });

  const [asked, answered] = [ann.once('surveys:ask'), bob.once('surveys:submit')];
  await bob.send('surveys:ask', { chatId: chat.id, question: 'Did we help you?' });
  expect(await asked).toEqual({ chatId: chat.id, question: 'Did we help you?' });
  await ann.send('surveys:submit', { chatId: chat.id, stars: 4 });
  expect(await answered).toEqual({ chatId: chat.id, stars: 4, userId: 'ann' });
});

test('only who is in the chat asks in it', async () => {
  await using desk = await start();
  const [ann, bob] = [await desk.join('ann', 'customer'), await desk.join('bob', 'agent')];
  const { chat } = await ann.send('chats:create', { room: 'sales', source: 'web' });
  await bob.send('agents:login', { rooms: ['sales'] });
  const ask = () => bob.send('surveys:ask', { chatId: chat.id, question: 'Did we help you?' });
  await expect(ask()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await bob.send('chats:join', { chatId: chat.id });
  expect(await ask()).toEqual({ asked: true });
});

test('an agent does not answer, and who is unhappy says why', async () => {
  await using desk = await start();
  const [ann, bob] = [await desk.join('ann', 'customer'), await desk.join('bob', 'agent')];
  const { chat } = await ann.send('chats:create', { room: 'sales', source: 'web' });
  await expect(bob.send('surveys:submit', { chatId: chat.id, stars: 5 })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  await expect(ann.send('surveys:submit', { chatId: chat.id, stars: 1 })).rejects.toMatchObject({
    code: 'surveys.COMMENT_MISSING',
    message: 'So few stars need a comment. Say what went wrong.',
  });
});

test('who comes back from a survey gets an agent of the highest tier', async () => {
  await using desk = await start();
  const [ann, bob] = [await desk.join('ann', 'customer'), await desk.join('bob', 'agent')];
  const eve = await desk.join('eve', 'agent', 2);
  await bob.send('agents:login', { rooms: ['sales'] });
  await eve.send('agents:login', { rooms: ['sales'] });
  const { chat } = await ann.send('chats:create', { room: 'sales', source: 'survey' });
  const invited = eve.once('invitations:new');
  await bob.send('chats:assign', { chatId: chat.id, algorithm: 'surveys.follow-up' });
  expect(await invited).toMatchObject({ chatId: chat.id });
});

test('the documents name the events beside those of the core', async () => {
  await using desk = await start();
  const response = await fetch(`${desk.server.address}/asyncapi.json`);
  const { channels } = Document.parse(await response.json());
  expect(Object.keys(channels)).toEqual(
    expect.arrayContaining(['send.surveys-submit', 'listen.surveys-ask', 'send.chats-join']),
  );
});
