import { expect, test } from 'vitest';

import { fill, learn } from './known.ts';

test('ids are learnt by their names, and the id of a part by the name of the part', () => {
  const known = learn({}, { chat: { id: 'c_1', room: 'sales' }, assignmentId: 'a_1' });
  expect(known).toEqual({ chatId: 'c_1', assignmentId: 'a_1' });
  const message = { id: 'c_2.1', chatId: 'c_2', created: new Date() };
  expect(learn(known, { message })).toEqual({
    chatId: 'c_2',
    assignmentId: 'a_1',
    messageId: 'c_2.1',
  });
});

test('what is no news leaves what is known as it is', () => {
  const known = { chatId: 'c_1' };
  for (const value of [undefined, 'c_2', { chatId: 'c_1' }, { id: 'x' }, [{ chatId: 'c_2' }]]) {
    expect(learn(known, value)).toBe(known);
  }
});

test('an example takes the ids that are known, and its sender', () => {
  const example = { chatId: 'c_1', userId: 'u_ann', reason: 'resolved', otherId: 7 };
  expect(fill(example, {}, undefined)).toEqual(example);
  expect(fill(example, { chatId: 'c_9', userId: 'u_eve' }, 'ann-x')).toEqual({
    ...example,
    chatId: 'c_9',
    userId: 'ann-x',
  });
});
