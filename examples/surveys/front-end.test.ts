import type { ListenEvents, SendEvents } from '@parley/client';
import { fakeParley, fixtures } from '@parley/client/testing';
import type { SurveyListenEvents, SurveySendEvents } from '@parley/surveys';
import { fixtures as surveys } from '@parley/surveys/fixtures';
import { expect, test } from 'vitest';

const joined = {
  send: { ...fixtures.send, ...surveys.send },
  listen: { ...fixtures.listen, ...surveys.listen },
  errors: { ...fixtures.errors, ...surveys.errors },
};

test('a front end that knows surveys too is tested with both', async () => {
  await using parley = fakeParley<SendEvents & SurveySendEvents, ListenEvents & SurveyListenEvents>(
    { 'users:chats': () => ({ chats: [] }) },
    { fixtures: joined },
  );
  const events = parley.connect();
  const questions: string[] = [];
  events.subscribe('surveys:ask', ({ question }) => questions.push(question));
  await parley.drop();
  await parley.fire('surveys:ask');
  await parley.reconnect();
  expect(questions).toEqual(['Did we help you?']);
  expect(await events.send('users:chats', {})).toEqual({ chats: [] });
});
