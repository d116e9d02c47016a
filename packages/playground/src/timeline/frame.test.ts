import { expect, test } from 'vitest';

import { FrameReader, summarize } from './frame.ts';

function createReader() {
  const clock = { now: 0 };
  const reader = new FrameReader(() => clock.now);
  const read = (direction: 'in' | 'out', ...messages: object[]) =>
    reader.read(direction, JSON.stringify(messages.length === 1 ? messages[0] : messages));
  return { clock, reader, read };
}

const send = { id: 1, method: 'mutation', params: { path: 'send.chats:ask', input: { json: {} } } };
const listen = { id: 2, method: 'subscription', params: { path: 'listen.chats:answer' } };

test('an answer is told by what was asked, a reply with the time it took', () => {
  const { clock, read } = createReader();
  expect(read('out', send, listen)).toMatchObject([
    { kind: 'send', label: 'chats:ask' },
    { kind: 'listen', label: 'listen chats:answer' },
  ]);
  clock.now = 12;
  expect(read('in', { id: 1, data: {} })).toMatchObject([
    { kind: 'reply', label: 'chats:ask', milliseconds: 12 },
  ]);
  expect(read('in', { id: 2, result: { type: 'started' } })).toMatchObject([
    { kind: 'listen', label: 'started chats:answer' },
  ]);
  expect(read('in', { id: 2, result: { type: 'data', data: {} } })).toMatchObject([
    { kind: 'occurrence', label: 'chats:answer' },
  ]);
  expect(read('out', { id: 2, method: 'subscription.stop' })).toMatchObject([
    { kind: 'listen', label: 'stop chats:answer' },
  ]);
});

test('a refusal is told by its code', () => {
  const { read } = createReader();
  read('out', send);
  const error = { json: { data: { code: 'FORBIDDEN' } } };
  expect(read('in', { id: 1, error })).toMatchObject([
    { kind: 'refusal', label: 'FORBIDDEN chats:ask', milliseconds: 0 },
  ]);
});

test('a token is not shown, and what is no JSON is read', () => {
  const { reader, read } = createReader();
  const parts = read('out', { method: 'connectionParams', data: { token: 'secret', short: '1' } });
  expect(JSON.stringify(parts)).not.toContain('secret');
  const refresh = { ...send, params: { ...send.params, input: { json: { token: 'secret' } } } };
  expect(JSON.stringify(read('out', refresh))).not.toContain('secret');
  expect(parts).toMatchObject([{ label: 'token', message: { data: { short: '1' } } }]);
  expect(reader.read('in', 'PONG')).toEqual([{ kind: 'keep-alive', label: 'PONG' }]);
});

test('many messages of a frame are said in a few words', () => {
  const parts = (...labels: string[]) =>
    labels.map((label) => ({ kind: 'listen', label }) as const);
  expect(summarize(parts('listen chats:ask', 'listen chats:answer'))).toBe('listen × 2');
  expect(summarize(parts('chats:ask', 'started chats:ask'))).toBe('chats:ask + 1 more');
  expect(summarize(parts('chats:ask'))).toBe('chats:ask');
});
