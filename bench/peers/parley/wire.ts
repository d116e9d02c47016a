import { randomUUID } from 'node:crypto';

import { numberMark } from '../../kit/frames.ts';
import { messageText } from '../message.ts';
import type { Peer } from '../peer.ts';
import { pong, readTRPC } from '../trpc/read.ts';
import { furnish } from './furnish.ts';

/** Calls an event with data, given as the inside of a JSON object. */
const send = (event: string, data: string, key = '') =>
  `{"id":${numberMark},"method":"mutation","params":{"path":"send.${event}",` +
  `"input":{"json":{"data":{${data}}${key}}}}}`;

const parley = {
  server: 'parley',
  furnish,
  path: '/events?connectionParams=1',
  greeting: ({ token }) => JSON.stringify({ method: 'connectionParams', data: { token } }),
  answersGreeting: false,
  pong,
  read: readTRPC,
} satisfies Partial<Peer>;

const listen = (event: string, chatId: string, lastEventId?: string) => {
  const params = { path: `listen.${event}`, input: { json: { chatId, lastEventId } } };
  return JSON.stringify({ id: 1, method: 'subscription', params });
};

const sendMessage: Peer['publication'] = ({ id }) => {
  // A key of its own for each send, also when a later connection of the same user counts from the start again.
  const key = `,"key":"${randomUUID().slice(0, 8)}-${numberMark}"`;
  return [send('messages:send', `"chatId":"${id}","message":"${messageText}"`, key)];
};

const tellActivity: Peer['publication'] = ({ id }) =>
  ['writing', 'stop-writing'].map((type) =>
    send('users:activity', `"chatId":"${id}","type":"${type}"`),
  );

/** `messages:send` with a key: stored and flushed before the reply. */
export const parleyDurable: Peer = {
  ...parley,
  name: 'parley-durable',
  title: 'Parley, durable',
  subscription: ({ id }, cursor) => listen('messages:new', id, cursor),
  request: sendMessage,
  publication: sendMessage,
};

/** `users:activity`, in turn writing and not, since a repeat is not told again. */
export const parleyEphemeral: Peer = {
  ...parley,
  name: 'parley-ephemeral',
  title: 'Parley, ephemeral',
  subscription: ({ id }) => listen('users:activity', id),
  request: tellActivity,
  publication: tellActivity,
};

/** `chats:get` without fields. */
export const parleyRead: Peer = {
  ...parleyDurable,
  name: 'parley-read',
  title: 'Parley, read',
  request: ({ id }) => [send('chats:get', `"chatId":"${id}"`)],
};
