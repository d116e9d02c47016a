import { events } from '@parley/contract/events';
import superjson from 'superjson';

import type { Chance } from '../../delivery/chance.ts';

type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree };

/** As much as fits a frame with what is put around it. */
const longest = 60_000;

const asTree = (value: unknown): Tree => JSON.parse(JSON.stringify(value));

/** Calls as a client makes them, of every event. */
const calls: readonly Tree[] = events.flatMap((event) => {
  const call = (method: string, path: string, input: unknown) =>
    asTree({ id: 1, jsonrpc: '2.0', method, params: { path, input: superjson.serialize(input) } });
  return [
    ...(event.send ? [call('mutation', `send.${event.name}`, { data: event.send.example })] : []),
    ...(event.listen ? [call('subscription', `listen.${event.name}`, { chatId: 'c_1' })] : []),
  ];
});

const others: readonly Tree[] = [
  { id: 1, method: 'subscription.stop' },
  { method: 'connectionParams', data: { token: 'x' } },
];

const tags = [
  'Date',
  'bigint',
  'undefined',
  'number',
  'regexp',
  'set',
  'map',
  'Error',
  'URL',
  'symbol',
  'class',
];
const keys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'id',
  'json',
  'meta',
  'values',
  'data',
  'length',
  '',
  'a.b',
  'a\\',
];

/** A value that nobody expects. */
function strange(chance: Chance): Tree {
  const values: (() => Tree)[] = [
    () => null,
    () => chance.below(2) === 0,
    () => chance.pick([0, -0, -1, 1.5, 2 ** 53, 1e308, -1e308]),
    () =>
      chance.pick([
        '',
        ' ',
        '0',
        '\u0000',
        '\ud800',
        '😀',
        '__proto__',
        '/(a+)+$/',
        '2026-01-01',
        'NaN',
      ]),
    () => chance.pick(['x', '"', '\\', 'é', '\u0001']).repeat(chance.below(2_000)),
    () => Array.from({ length: chance.below(600) }, () => chance.pick<Tree>([0, null, {}, []])),
    () => nested(chance, chance.below(60)),
    () => ({ [chance.pick(keys)]: strange(chance) }),
    () =>
      Object.fromEntries(Array.from({ length: chance.below(300) }, (_, index) => [`k${index}`, 1])),
  ];
  return chance.pick(values)();
}

function nested(chance: Chance, levels: number): Tree {
  let value: Tree = 1;
  for (let level = 0; level < levels; level += 1) value = chance.below(2) ? [value] : { a: value };
  return value;
}

/** What superjson might say of the values, and much that it would not. */
function strangeMeta(chance: Chance): Tree {
  const path = () =>
    chance.pick([
      'data',
      'data.chatId',
      'data.x',
      '__proto__.x',
      'constructor.prototype.x',
      '\\',
      'data.'.repeat(chance.below(300)),
    ]);
  const annotation = (): Tree =>
    chance.pick<() => Tree>([
      () => [chance.pick(tags)],
      () => [chance.pick(tags), 'x'.repeat(chance.below(5_000))],
      () => [[chance.pick(tags), 'Session']],
      () => [chance.pick(tags), { a: [chance.pick(tags)] }],
      () => strange(chance),
    ])();
  const several = (make: () => Tree) =>
    Object.fromEntries(
      Array.from({ length: chance.below(40) }, (_, index) => [
        chance.below(2) ? path() : `k${index}`,
        make(),
      ]),
    );
  return {
    ...(chance.below(3) > 0 && { values: chance.below(4) ? several(annotation) : annotation() }),
    ...(chance.below(3) === 0 && { referentialEqualities: several(() => [path(), path()]) }),
    ...(chance.below(2) && { v: chance.pick<Tree>([0, 1, 2, '1']) }),
    ...(chance.below(10) === 0 && { more: 1 }),
  };
}

/** The same with something in it replaced, left out or added, at a random place. */
function mutate(chance: Chance, tree: Tree): Tree {
  if (typeof tree !== 'object' || tree === null || chance.below(5) === 0) return strange(chance);
  if (Array.isArray(tree)) {
    const at = chance.below(tree.length + 1);
    return [...tree.slice(0, at), mutate(chance, tree[at] ?? null), ...tree.slice(at + 1)];
  }
  const names = Object.keys(tree);
  const name = chance.below(8) === 0 || names.length === 0 ? chance.pick(keys) : chance.pick(names);
  const { [name]: value = null, ...rest } = tree;
  if (chance.below(6) === 0) return rest;
  return Object.fromEntries([...Object.entries(rest), [name, mutate(chance, value)]]);
}

/** The text with characters changed, cut or doubled. */
function corrupt(chance: Chance, text: string): string {
  const at = chance.below(text.length + 1);
  const to = Math.min(at + chance.below(20), text.length);
  const inserted = chance.pick([
    '',
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\\',
    '\\u0000',
    'null',
    '1e999',
    text.slice(at, to).repeat(3),
  ]);
  return text.slice(0, at) + inserted + text.slice(to);
}

/** As many calls as a frame may have, and some that are too many. */
const mostTogether = 20;

/** A frame that no client of ours would send: a message, or many. The ids in it, if there are some, are the number. */
export function hostileEnvelope(chance: Chance, id: number): string {
  if (chance.below(8) > 0) return hostileMessage(chance, id);
  const write = chance.pick<() => string>([
    () => hostileMessage(chance, id),
    () => JSON.stringify({ id }),
    () => JSON.stringify(strange(chance)),
    // Shorter than any refusal.
    () => `{"id":${id},"method":"mutation","params":{"path":""}}`,
    () => `{"id":${id},"method":"mutation","params":{"path":"send.users:chats","input":1}}`,
  ]);
  const isOneKind = chance.below(2) === 0;
  const texts = Array.from({ length: chance.below(mostTogether) }, () =>
    isOneKind ? write() : hostileMessage(chance, id),
  );
  const text = `[${texts.join()}]`;
  return Buffer.byteLength(text) <= longest ? text : hostileMessage(chance, id);
}

function hostileMessage(chance: Chance, id: number): string {
  const call = chance.pick(chance.below(20) ? calls : others);
  const named = Object.assign({ ...Object(call) }, chance.below(30) ? { id } : {});
  const write = (): string => {
    switch (chance.below(5)) {
      case 0:
        return corrupt(chance, JSON.stringify(named));
      case 1: {
        const params = Object(named).params ?? {};
        const input = { json: params.input?.json ?? null, meta: strangeMeta(chance) };
        return JSON.stringify({ ...named, params: { ...params, input } });
      }
      case 2:
        return JSON.stringify(mutate(chance, named));
      case 3:
        return JSON.stringify(mutate(chance, mutate(chance, named)));
      default:
        return corrupt(chance, JSON.stringify(mutate(chance, named)));
    }
  };
  const text = write();
  return Buffer.byteLength(text) <= longest ? text : text.slice(0, longest / 4);
}
