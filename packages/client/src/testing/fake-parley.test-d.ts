import type { Events, ListenEvents, Message, Occurrence, SendEvents } from '../index.ts';
import { fakeParley, fixtures } from './index.ts';

/** Compiles only for two types that are the same. */
function same<A>() {
  return <B>(
    ..._proof: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
      ? []
      : ['These types differ.', A, B]
  ) => {};
}

const { chat } = fixtures.listen['chats:create'].data;
const { message } = fixtures.listen['messages:new'].data;

export function handlersGetWhatIsSent() {
  const parley = fakeParley({
    'chats:create': ({ data, key, userId, name }) => {
      same<typeof data>()<SendEvents['chats:create']['data']>();
      same<typeof key>()<string | undefined>();
      same<typeof userId>()<string>();
      same<typeof name>()<'chats:create'>();
      return { chat };
    },
    'users:activity': async () => ({ success: true }),
  });
  same<ReturnType<typeof parley.connect>>()<Events>();
}

export function handlersReplyWhatTheEventSays() {
  // @ts-expect-error The reply has a chat.
  fakeParley({ 'chats:create': () => ({}) });
  // @ts-expect-error A chat has more than an id.
  fakeParley({ 'chats:create': async () => ({ chat: { id: 'c_1' } }) });
  // @ts-expect-error There is no such event.
  fakeParley({ 'chats:creat': () => ({ chat }) });
  // @ts-expect-error It can only be listened to.
  fakeParley({ 'messages:new': () => ({ message }) });
}

export function refusalsAreThoseOfTheEvent() {
  fakeParley({
    'chats:create': ({ refuse }) => refuse('CHAT_EXISTS', { chatId: 'c_1' }),
    'chats:join': ({ refuse }) => refuse('CHAT_CLOSED'),
    // @ts-expect-error Creating a chat is never refused with this.
    'chats:get': ({ refuse }) => refuse('CHAT_EXISTS', { chatId: 'c_1' }),
    // @ts-expect-error What comes with the code is missing.
    'chats:assign': ({ refuse }) => refuse('ASSIGNMENT_RUNNING'),
    // @ts-expect-error Nothing comes with this code.
    'chats:leave': ({ refuse }) => refuse('NOT_FOUND', { chatId: 'c_1' }),
  });
}

export async function firingIsTypedByTheEvent() {
  const parley = fakeParley();
  const occurrence = await parley.fire(
    'messages:new',
    { message },
    { by: { id: 'u_bob', role: 'agent' } },
  );
  same<typeof occurrence>()<Occurrence<'messages:new', { message: Message }>>();
  await parley.fire('messages:new');
  // @ts-expect-error There is no such event.
  await parley.fire('messages:old');
  // @ts-expect-error It can only be sent.
  await parley.fire('chats:get');
  // @ts-expect-error A message has more than a text.
  await parley.fire('messages:new', { message: 'Hello' });
}

export function whatWasSentIsTypedByTheEvent() {
  const [first] = fakeParley().sent('messages:send');
  if (first) same<typeof first.data>()<SendEvents['messages:send']['data']>();
  // @ts-expect-error It can only be listened to.
  fakeParley().sent('messages:new');
}

export function examplesAreTypedByTheEvent() {
  same<(typeof fixtures.send)['chats:create']>()<SendEvents['chats:create']['data']>();
  same<(typeof fixtures.listen)['messages:new']['data']>()<ListenEvents['messages:new']['data']>();
}

interface SurveySendEvents {
  'surveys:answer': {
    data: { stars: number };
    reply: { thanks: string };
    errors: { SURVEY_CLOSED: { closedAt: Date } };
  };
}

interface SurveyListenEvents {
  'surveys:new': { data: { surveyId: string }; durable: true };
}

export async function aTeamComposesItsOwnEvents() {
  const parley = fakeParley<SendEvents & SurveySendEvents, ListenEvents & SurveyListenEvents>({
    'surveys:answer': ({ data, refuse }) =>
      data.stars > 5 ? refuse('SURVEY_CLOSED', { closedAt: new Date() }) : { thanks: 'Thank you' },
    'chats:create': () => ({ chat }),
  });
  const { thanks } = await parley.connect().send('surveys:answer', { stars: 5 });
  same<typeof thanks>()<string>();
  await parley.fire('surveys:new', { surveyId: 's_1' });
  // @ts-expect-error The id is missing.
  await parley.fire('surveys:new', {});
}
