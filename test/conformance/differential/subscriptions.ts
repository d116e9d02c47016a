import fc from 'fast-check';

import { broken } from './broken.ts';
import { chatId, jsonrpc } from './frame.ts';

const listened = ['messages:new', 'chats:join', 'chats:leave', 'chats:close', 'messages:read'];
const ephemeral = ['users:activity', 'user:focus', 'users:presence'];

const position = fc.constantFrom(
  '0',
  '$position',
  '$position+1',
  '$position+3',
  '9000000000000000',
  '-1',
  'x',
  '',
);

/** Ids that subscriptions share, so that they meet again. */
const subscriptionIds = [1, '1', 's', 2.5, 'Ü"\\'] as const;

const subscription = fc.record({
  jsonrpc,
  method: fc.constant('subscription'),
  params: fc.record(
    {
      path: fc.constantFrom(...[...listened, ...ephemeral].map((name) => `listen.${name}`)),
      input: fc
        .record(
          { lastEventId: fc.oneof(position, fc.constant(null)), chatId },
          { requiredKeys: [] },
        )
        .map((input) => ({ json: input })),
      lastEventId: position,
    },
    { requiredKeys: ['path', 'input'] },
  ),
});

const stop = fc.constant({ method: 'subscription.stop' });

/** Beginnings and ends of subscriptions, each under an id of its own, so that none waits for another. */
export const subscriptions = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom(...subscriptionIds),
      fc.oneof(
        { arbitrary: subscription, weight: 6 },
        { arbitrary: stop, weight: 3 },
        { arbitrary: broken(subscription), weight: 2 },
      ),
    ),
    { selector: ([id]) => id, minLength: 1, maxLength: 3 },
  )
  .map((messages) => messages.map(([id, message]) => ({ id, ...asObject(message) })));

/** Only objects are made of objects. */
const asObject = (value: unknown): object =>
  typeof value === 'object' && value !== null ? value : {};

/** Begins to listen to new messages, those of the past first. */
export const listening = {
  id: 1,
  jsonrpc: '2.0',
  method: 'subscription',
  params: { path: 'listen.messages:new', input: { json: { lastEventId: '0' } } },
};
