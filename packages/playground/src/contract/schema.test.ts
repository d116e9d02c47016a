import { expect, test } from 'vitest';

import { reviveDates, type Schema } from './schema.ts';

const date: Schema = { type: 'string', format: 'date-time' };
const entry: Schema = {
  type: 'object',
  properties: {
    created: { anyOf: [date, { type: 'integer' }] },
    note: { anyOf: [date, { type: 'string' }] },
  },
};
const resolve = (schema: Schema) => (schema.$ref === '#/components/schemas/Entry' ? entry : schema);
const schema: Schema = {
  type: 'object',
  properties: { history: { type: 'array', items: { $ref: '#/components/schemas/Entry' } } },
};

test('the text of a date becomes one wherever the schema wants a date and no other text', () => {
  const at = '2026-01-01T10:00:00.000Z';
  const data = { history: [{ created: at, note: at }, { created: 1767258000 }], more: at };
  expect(reviveDates(data, schema, resolve)).toEqual({
    history: [{ created: new Date(at), note: at }, { created: 1767258000 }],
    more: at,
  });
});
