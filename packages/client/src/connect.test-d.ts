import type {
  Agent,
  Chat,
  EventError,
  EventErrorOf,
  Events,
  ListenEvents,
  Message,
  Occurrence,
  SendEvents,
  Status,
} from './index.ts';
import { connect, isEventError } from './index.ts';

const events = connect({ url: 'ws://127.0.0.1/events', token: 'token' });

/** Compiles only for two types that are the same. */
function same<A>() {
  return <B>(
    ..._proof: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
      ? []
      : ['These types differ.', A, B]
  ) => {};
}

export async function aReplyIsTypedByTheEvent() {
  const reply = await events.send('chats:create', { room: 'sales', source: 'web' });
  same<typeof reply.chat>()<Chat>();
  same<typeof reply.replayed>()<true | undefined>();
  const { agent } = await events.send('agents:login', { rooms: ['sales'] });
  same<typeof agent>()<Agent>();
}

export function sendTakesOnlyWhatTheEventTakes() {
  // @ts-expect-error There is no such event.
  void events.send('chats:creat', { room: 'sales', source: 'web' });
  // @ts-expect-error The source is missing.
  void events.send('chats:create', { room: 'sales' });
  // @ts-expect-error A room is a string.
  void events.send('chats:create', { room: 1, source: 'web' });
  // @ts-expect-error There is no such field.
  void events.send('chats:create', { room: 'sales', source: 'web', colour: 'red' });
  // @ts-expect-error It can only be listened to.
  void events.send('messages:new', { message: 'Hello' });
}

export function listenersGetWhatTheEventSays() {
  const stop = events.subscribe('messages:new', (data, occurrence) => {
    same<typeof data>()<{ message: Message }>();
    same<typeof occurrence>()<Occurrence<'messages:new', { message: Message }>>();
    same<typeof occurrence.name>()<'messages:new'>();
  });
  same<typeof stop>()<() => void>();
  // @ts-expect-error It can only be sent.
  events.subscribe('chats:get', () => {});
  // @ts-expect-error There is no such event.
  events.subscribe('messages:old', () => {});
  // @ts-expect-error The listener wants other data.
  events.subscribe('messages:new', (_data: { chatId: string }) => {});
  // @ts-expect-error It can only be sent.
  events.unsubscribe('chats:get');
  events.unsubscribe('messages:new', (_data: { message: Message }) => {});
}

export async function onceGivesTheData() {
  const data = await events.once('chats:close', {
    where: ({ reason }, { chatId }) => reason === 'done' && chatId === 'c_1',
    timeout: 1000,
    signal: new AbortController().signal,
  });
  same<typeof data>()<ListenEvents['chats:close']['data']>();
  // @ts-expect-error It can only be sent.
  void events.once('chats:get');
}

export function anErrorIsNarrowedByItsCode(error: unknown) {
  if (isEventError(error)) same<typeof error>()<EventError>();
  if (!isEventError(error, 'chats:create')) return;
  same<typeof error>()<EventErrorOf<'chats:create'>>();
  if (error.code === 'CHAT_EXISTS') same<typeof error.data>()<{ chatId: string }>();
  if (error.code === 'FORBIDDEN') same<typeof error.data>()<undefined>();
  if (error.code === 'VALIDATION') error.data.issues.map(({ path, message }) => [path, message]);
  // @ts-expect-error Creating a chat is never refused with this.
  if (error.code === 'CHAT_CLOSED') return;
}

export function onlyEventsThatAreSentHaveErrors(error: unknown) {
  // @ts-expect-error It can only be listened to.
  isEventError(error, 'messages:new');
}

export function theStatusIsToldApartByItsState(status: Status) {
  if (status.state === 'reconnecting') same<typeof status.nextTryAt>()<Date>();
  // @ts-expect-error Only a status that waits has a next try.
  if (status.state === 'open') status.nextTryAt;
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

export async function aTeamComposesItsOwnEvents(error: unknown) {
  const composed: Events<SendEvents & SurveySendEvents, ListenEvents & SurveyListenEvents> =
    connect<SendEvents & SurveySendEvents, ListenEvents & SurveyListenEvents>({
      url: 'ws://127.0.0.1/events',
      token: async () => 'token',
    });
  const { thanks } = await composed.send('surveys:answer', { stars: 5 });
  same<typeof thanks>()<string>();
  await composed.send('chats:create', { room: 'sales', source: 'web' });
  composed.subscribe('surveys:new', ({ surveyId }) => same<typeof surveyId>()<string>());
  composed.subscribe('messages:new', ({ message }) => same<typeof message>()<Message>());
  // @ts-expect-error The stars are a number.
  void composed.send('surveys:answer', { stars: 'five' });

  if (isEventError<'surveys:answer', SurveySendEvents>(error, 'surveys:answer')) {
    if (error.code === 'SURVEY_CLOSED') same<typeof error.data.closedAt>()<Date>();
  }
}

export function onlyEventsAreComposed() {
  const options = { url: 'ws://127.0.0.1/events', token: 'token' };
  // @ts-expect-error What can be heard is no event to send.
  connect<ListenEvents, ListenEvents>(options);
  // @ts-expect-error What can be sent is no event to hear.
  connect<SendEvents, SendEvents>(options);
  // @ts-expect-error The data is missing.
  connect<{ 'surveys:answer': { reply: object; errors: object } }>(options);
}
