import { expect, test } from 'vitest';

import { Reach } from './reach.ts';

const reach = () =>
  new Reach(
    [
      { id: 'first', since: 0 },
      { id: 'second', since: 10 },
      { id: 'third', since: 25 },
    ],
    4,
  );

test.each([
  ['where an epoch ended', { position: 10, epoch: 'first' }, undefined],
  [
    'beyond the end of an epoch, which only another copy has seen',
    { position: 11, epoch: 'first' },
    'store',
  ],
  [
    'before its epoch began, where the past is the same',
    { position: 7, epoch: 'third' },
    undefined,
  ],
  ['of an epoch that nobody here knows', { position: 7, epoch: 'foreign' }, 'store'],
  ['at the head', { position: 30, epoch: 'third' }, undefined],
  ['beyond the head', { position: 31, epoch: 'third' }, 'store'],
  ['yet to come, without an epoch', { position: 31 }, undefined],
  ['at the horizon', { position: 4, epoch: 'first' }, undefined],
  ['before the horizon', { position: 3, epoch: 'first' }, 'retention'],
  ['at the beginning, wherever that is', { position: 0 }, undefined],
  ['where the first one began, which is not kept', { position: 0, epoch: 'first' }, 'retention'],
])('a cursor %s', (_, cursor, refusal) => {
  expect(reach().refusal(cursor, 30)).toBe(refusal);
});

test('the horizon only moves forward', () => {
  const moving = reach();
  moving.forget(9);
  moving.forget(6);
  expect(moving.horizon).toBe(9);
  expect(moving.refusal({ position: 8, epoch: 'first' }, 30)).toBe('retention');
});
