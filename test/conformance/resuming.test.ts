import { describe, expect, test } from 'vitest';

import { errorIn, kindOf, valueIn } from './answer.ts';
import { Connection, request } from './connection.ts';
import { ann, createChat, dan, startDesk } from './desk.ts';
import { Heard, messages, positionIn, resuming, textIn } from './listening.ts';
import { sockets } from './sockets.ts';

describe.each(sockets)('resuming over the socket of %s', (socket) => {
  test.each([
    [
      'in the input',
      (position: string) => request(1, 'subscription', messages, { lastEventId: position }),
    ],
    ['beside the input', (position: string) => resuming(1, position)],
    ['beside an input that is undefined', (position: string) => resuming(1, position, undefined)],
    ['beside an input that is null', (position: string) => resuming(1, position, null)],
    [
      'beside an input that has another',
      (position: string) => resuming(1, position, { lastEventId: '0' }),
    ],
  ])('with a position %s it goes on after it', async (_where, resume) => {
    await using desk = await startDesk(socket);
    await desk.backend.call('subscription', messages, {}, 1);
    for (const text of ['One', 'Two', 'Three']) await desk.write(text);
    const position = positionIn(await desk.backend.answer(1));
    desk.ann.send(resume(position));
    expect(kindOf(await desk.ann.answer(1))).toBe('started');
    await desk.write('Four');
    const heard = await desk.ann.answers(1, 3);
    expect(heard.map(textIn)).toEqual(['Two', 'Three', 'Four']);
  });

  test("'0' is the beginning, null no position, and one that is yet to come is waited for", async () => {
    await using desk = await startDesk(socket);
    await desk.write('One');
    desk.ann.send(resuming('all', '0'));
    desk.ann.send(resuming('future', '9000000000000000'));
    desk.ann.send(resuming('null', '0', { lastEventId: null }));
    desk.ann.send(request('live', 'subscription', messages, { lastEventId: null }));
    await desk.ann.caughtUp();
    await desk.write('Two');
    await desk.ann.caughtUp();
    const textsOf = async (id: string, count: number) => {
      const [started, ...heard] = await desk.ann.answers(id, count + 1);
      expect(started && kindOf(started)).toBe('started');
      return heard.map(textIn);
    };
    expect(await textsOf('all', 2)).toEqual(['One', 'Two']);
    expect(await textsOf('null', 2)).toEqual(['One', 'Two']);
    expect(await textsOf('live', 1)).toEqual(['Two']);
    expect(await textsOf('future', 0)).toEqual([]);
    expect(desk.ann.untaken).toEqual([]);
  });

  test.each([
    ['a position that is none', { lastEventId: 'yesterday' }],
    ['an empty position', { lastEventId: '' }],
    ['a position below zero', { lastEventId: '-1' }],
    ['a position with a leading zero', { lastEventId: '01' }],
    ['a number as position', { lastEventId: 1 }],
    ['an empty chat id', { chatId: '' }],
    ['a number as chat id', { chatId: 1 }],
    ['more than is asked for', { lastEventId: '0', more: 1 }],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'messages'],
    ['an array', []],
  ])('%s in the input is refused, and it never starts', async (_what, input) => {
    await using desk = await startDesk(socket);
    expect(kindOf(await desk.ann.call('subscription', messages, input, 1))).toBe('VALIDATION');
    await desk.write('Hello');
    await desk.ann.caughtUp();
    expect(desk.ann.untaken).toEqual([]);
  });

  test.each(['', 'x', '-1'])('the position %j beside the input is refused', async (position) => {
    await using desk = await startDesk(socket);
    desk.ann.send(resuming(1, position));
    const error = errorIn(await desk.ann.answer(1));
    expect(error?.data).toMatchObject({
      code: 'VALIDATION',
      details: { issues: [{ path: ['lastEventId'] }] },
    });
  });

  test('one with a chat id hears nothing of other chats, live or from the log', async () => {
    await using desk = await startDesk(socket);
    await using other = await Connection.as(desk.url, dan);
    const otherChatId = await createChat(other);
    const writeBoth = async (text: string) => {
      await other.sendEvent('messages:send', { chatId: otherChatId, message: text });
      await desk.write(text);
    };
    await writeBoth('Before');
    desk.backend.send(resuming('both', '0'));
    desk.backend.send(resuming('one', '0', { chatId: desk.chatId }));
    await desk.backend.caughtUp();
    await writeBoth('After');
    const both = (await desk.backend.answers('both', 5)).slice(1).map(textIn);
    expect(both).toEqual(['Before', 'Before', 'After', 'After']);
    const [, ...one] = await desk.backend.answers('one', 3);
    expect(one.map((answer) => Heard.parse(valueIn(answer)).data.chatId)).toEqual(
      one.map(() => desk.chatId),
    );
    await desk.backend.caughtUp();
    expect(desk.backend.untaken).toEqual([]);
  });

  test('from the log into the present there is no gap and no double, while others write', async () => {
    await using desk = await startDesk(socket);
    const texts = Array.from({ length: 500 }, (_, index) => `Message ${index}`);
    const writeSome = (from: number, to: number) =>
      Promise.all(texts.slice(from, to).map((text) => desk.write(text)));
    for (let from = 0; from < 400; from += 50) await writeSome(from, from + 50);
    const rest = writeSome(400, 450);
    desk.ann.send(resuming(1, '0'));
    desk.ann.send(resuming(2, '100', { chatId: desk.chatId }));
    await rest;
    await writeSome(450, 500);
    const [started, ...heard] = await desk.ann.answers(1, 501);
    expect(started && kindOf(started)).toBe('started');
    expect(heard.map(textIn)).toEqual(texts);
    const positions = heard.map((answer) => Number(positionIn(answer)));
    const later = positions.filter((position) => position > 100);
    const [, ...resumed] = await desk.ann.answers(2, later.length + 1);
    expect(resumed.map((answer) => Number(positionIn(answer)))).toEqual(later);
    await desk.ann.caughtUp();
    expect(desk.ann.untaken).toEqual([]);
  });

  test('on a new connection it goes on where the old one was lost', async () => {
    await using desk = await startDesk(socket);
    await desk.ann.call('subscription', messages, {}, 1);
    await desk.write('One');
    const position = positionIn(await desk.ann.answer(1));
    desk.ann.cut();
    await desk.ann.closed;
    await desk.write('Two');
    await using again = await Connection.as(desk.url, ann);
    again.send(resuming(1, position));
    expect(kindOf(await again.answer(1))).toBe('started');
    await desk.write('Three');
    expect((await again.answers(1, 2)).map(textIn)).toEqual(['Two', 'Three']);
  });
});
