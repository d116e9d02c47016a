import { expect, test } from 'vitest';

import { composeDocument } from '../../src/http/async-api.ts';

const surveys = {
  info: { title: 'Events of surveys' },
  channels: { 'send.surveys-ask': { title: 'Send surveys:ask' } },
  operations: { 'send.surveys-ask': { action: 'receive' } },
  components: { schemas: { Survey: { type: 'object' } } },
};

test('the events of other packages stand beside those of the core', () => {
  const { info, channels, components } = composeDocument([surveys]);
  expect(info.title).toBe('Events of @parley/contract; Events of surveys');
  expect(channels).toMatchObject({ ...surveys.channels, 'send.chats-join': expect.anything() });
  expect(components.schemas).toMatchObject({ Survey: { type: 'object' }, Chat: expect.anything() });
});

test('what two packages say alike is said once', () => {
  const { channels } = composeDocument([surveys, surveys]);
  expect(Object.keys(channels).filter((name) => name.includes('surveys'))).toHaveLength(1);
});

test('one name for two things is refused', () => {
  const other = { ...surveys, components: { schemas: { Chat: { type: 'string' } } } };
  expect(() => composeDocument([other])).toThrow('different things of "Chat"');
});
