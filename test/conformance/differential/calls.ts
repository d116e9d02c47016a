import fc from 'fast-check';

import { broken } from './broken.ts';
import { chatId, jsonrpc, optional } from './frame.ts';

const text = fc.oneof(
  fc.constantFrom('Hello', 'Grüße 💬', '\u2028"\\\n', 'a\ud800b', ''),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);

/** A Date, until it is written. */
const created = { json: '2025-12-24T18:00:00.000Z', meta: 'Date' };

/** What is sent with each event: mostly what fits. */
const data: Record<string, fc.Arbitrary<object>> = {
  'messages:send': fc.record({
    chatId,
    message: fc.oneof(text, fc.constant({ card: { title: 'Offer', 'a.b': [1, null] } })),
    type: optional(fc.constantFrom('text', 'object')),
    visibility: optional(fc.constantFrom('all', 'agents')),
  }),
  'messages:read': fc.record({
    messageId: fc.constantFrom('$chat.1', '$chat.2', '$chat.3', '$other.1', 'c_none.1', 'none'),
  }),
  'users:activity': fc.record({
    chatId,
    type: fc.constantFrom('writing', 'stop-writing', 'not-writing', 'sleeping'),
  }),
  'user:focus': fc.record({ chatId: optional(chatId), focused: optional(fc.boolean()) }),
  'chats:get': fc.record({
    chatId,
    fields: optional(fc.constantFrom('users', 'history', 'users,watchers,history', 'all')),
    limit: optional(fc.constantFrom(1, 2, 0)),
    before: optional(fc.constantFrom('$chat.3', 'none')),
  }),
  'users:chats': fc.record({ userId: optional(fc.constantFrom('nobody', '')) }),
  'chats:create': fc.record({
    room: fc.constantFrom('sales', 'support', ''),
    source: fc.constant('web'),
    lang: optional(fc.constant('en')),
  }),
  'chats:join': fc.record({ chatId }),
  'chats:leave': fc.record({ chatId }),
  'chats:close': fc.record({ chatId, reason: optional(fc.constantFrom('resolved', 1)) }),
  'chats:assign': fc.record({ chatId, algorithm: optional(fc.constantFrom('random', 'none')) }),
  'agents:login': fc.record({ rooms: fc.constantFrom(['sales'], []) }),
  'routing:explain': fc.record({ chatId }),
  'history:import': fc.record({
    chatId,
    history: fc.array(
      fc.record({ sender: fc.constant('Ann'), message: text, created: fc.constant(created) }),
      { maxLength: 2 },
    ),
  }),
};

/** What is sent more often than the rest, because others hear of it. */
const often = [
  'messages:send',
  'messages:send',
  'messages:send',
  'messages:read',
  'users:activity',
];

/** Writes data as superjson does, with the Dates in its meta. */
function encode(value: object, key?: string) {
  const values: Record<string, ['Date' | 'undefined']> = {};
  const walk = (each: unknown, path: string): unknown => {
    if (each === created) {
      values[path] = ['Date'];
      return created.json;
    }
    if (Array.isArray(each)) return each.map((item, index) => walk(item, `${path}.${index}`));
    if (typeof each !== 'object' || each === null) return each;
    const entries = Object.entries(each).filter(([, item]) => item !== undefined);
    return Object.fromEntries(
      entries.map(([name, item]) => [name, walk(item, `${path}.${name.replaceAll('.', '\\.')}`)]),
    );
  };
  const encoded = { data: walk(value, 'data'), ...(key !== undefined && { key }) };
  return Object.keys(values).length > 0 ? { json: encoded, meta: { values } } : { json: encoded };
}

/** A call that a client could make. Its id is put in later, another for each call of a sequence. */
const call = fc.constantFrom(...Object.keys(data), ...often).chain((name) =>
  fc.record({
    jsonrpc,
    method: fc.oneof(
      { arbitrary: fc.constant('mutation'), weight: 20 },
      fc.constantFrom('query', 'subscription'),
    ),
    params: fc.record({
      path: fc.constant(`send.${name}`),
      input: fc
        .tuple(data[name] ?? fc.constant({}), optional(fc.constantFrom('k1', 'k2')))
        .map(([value, key]) => encode(value, key)),
    }),
  }),
);

const paths = [
  '',
  'send',
  'send.nothing',
  'listen.nothing',
  'listen.users:chats',
  'send.messages:new',
  '__proto__',
  'send.__proto__',
  'send.constructor',
  'send.users:chats.more',
];

/** A call of what is not there. */
const lost = fc.record({
  jsonrpc,
  method: fc.constantFrom('query', 'mutation', 'subscription'),
  params: fc.record({ path: fc.constantFrom(...paths), input: fc.constant({ json: {} }) }),
});

/** Calls in no danger of waiting for one another: their ids are put in later, one for each. */
export const calls = fc.array(
  fc.oneof(
    { arbitrary: call, weight: 8 },
    { arbitrary: broken(call), weight: 3 },
    { arbitrary: lost, weight: 1 },
  ),
  { minLength: 1, maxLength: 6 },
);
