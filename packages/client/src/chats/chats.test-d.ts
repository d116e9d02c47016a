import { connect, type Events, isEventError } from '../index.ts';
import type {
  ChatActivity,
  ChatUser,
  ImportError,
  ListenEvents,
  Message,
  SendEvents,
  UserName,
} from '../index.ts';
import type {
  Chat,
  ChatAssignment,
  ChatList,
  Chats,
  PendingMessage,
  SearchResult,
} from './index.ts';
import { MessageError, withChats } from './index.ts';

const client = withChats(connect({ url: 'ws://127.0.0.1/events', token: 'token' }));

/** Compiles only for two types that are the same. */
function same<A>() {
  return <B>(
    ..._proof: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
      ? []
      : ['These types differ.', A, B]
  ) => {};
}

export async function aClientWithChatsIsStillTheClient() {
  same<typeof client.chats>()<Chats>();
  await client.send('users:chats', {});
  client.subscribe('messages:new', ({ message }) => same<typeof message>()<Message>());
}

export function functionsOfTheClientAreReplaced(events: Events) {
  const send: Events['send'] = (...sent) => events.send(...sent);
  same<ReturnType<typeof withChats<SendEvents, ListenEvents>>>()<typeof client>();
  withChats(events, { send });
  // @ts-expect-error The status is the client's own.
  withChats(events, { status: events.status });
}

interface SurveySendEvents {
  'surveys:answer': { data: { stars: number }; reply: { thanks: string }; errors: object };
}

interface SurveyListenEvents {
  'surveys:new': { data: { surveyId: string }; durable: true };
}

export async function aClientWithATeamsEventsHasChatsToo(
  team: Events<SendEvents & SurveySendEvents, ListenEvents & SurveyListenEvents>,
) {
  const composed = withChats(team);
  same<typeof composed.chats>()<Chats>();
  const { thanks } = await composed.send('surveys:answer', { stars: 5 });
  same<typeof thanks>()<string>();
  // @ts-expect-error Without the core's events there are no chats.
  withChats(connect<SurveySendEvents, SurveyListenEvents>({ url: 'ws://x', token: 'token' }));
}

export async function aChatIsCreatedOrOpened(error: unknown) {
  same<Awaited<ReturnType<typeof client.chats.open>>>()<Chat>();
  const chat = await client.chats.create({ room: 'sales', source: 'web', lang: 'en' });
  same<typeof chat>()<Chat>();
  same<typeof chat.status>()<'waiting' | 'active' | 'closed'>();
  same<typeof chat.users>()<ChatUser[]>();
  same<typeof chat.unread>()<number>();
  same<typeof chat.activity>()<ChatActivity[]>();
  same<typeof chat.pending>()<readonly PendingMessage[]>();
  same<typeof chat.assignment>()<ChatAssignment | undefined>();
  same<typeof chat.gone>()<boolean>();
  // @ts-expect-error The source is missing.
  void client.chats.create({ room: 'sales' });
  // @ts-expect-error What is read changes by what happens, not by assignment.
  chat.unread = 0;
  if (isEventError(error, 'chats:create') && error.code === 'CHAT_EXISTS') {
    await client.chats.open(error.data.chatId);
  }
}

export async function aSearchGivesAnAgentOrAReason(chat: Chat) {
  const result = await chat.searchAgent({ algorithm: 'sticky', maxAttempts: 3, interval: 30 });
  same<typeof result>()<SearchResult>();
  if (result.agent) same<typeof result.agent>()<UserName>();
  else if (result.reason === 'no-candidates') same<typeof result.agent>()<null>();
  await chat.searchAgent('round-robin');
  // @ts-expect-error Seconds are a number.
  void chat.searchAgent({ interval: '30' });
}

export async function aMessageIsTextOrAnObject(chat: Chat) {
  const message = await chat.sendMessage('Hello', {
    onPending: (pending) => same<typeof pending>()<PendingMessage>(),
    visibility: 'agents',
    signal: new AbortController().signal,
  });
  same<typeof message>()<Message>();
  await chat.sendMessage({ title: 'Your order', items: [1, 2] });
  // @ts-expect-error A number is neither.
  void chat.sendMessage(1);
  // @ts-expect-error A function cannot be sent.
  void chat.sendMessage({ onClick: () => {} });
}

export async function aMessageThatFailedIsSentAgainOrDiscarded(error: unknown) {
  if (!(error instanceof MessageError)) return;
  same<typeof error.pending>()<PendingMessage>();
  const message = await error.pending.retry();
  same<typeof message>()<Message>();
  error.pending.discard();
}

export async function aListSaysWhichChatsThereAre() {
  using list = await client.chats.list({ signal: new AbortController().signal });
  same<typeof list>()<ChatList>();
  same<typeof list.chats>()<readonly Chat[]>();
  same<typeof list.unread>()<number>();
  list.on('chat:added', ({ chat }) => same<typeof chat>()<Chat>());
  list.on('list:changed', ({ chats }) => same<typeof chats>()<readonly Chat[]>());
  // @ts-expect-error That is told by each chat.
  list.on('message:received', () => {});
}

export async function whatIsDoneInAChatIsTyped(chat: Chat, input: HTMLInputElement) {
  await chat.readMessage('c_1.2');
  await chat.sendUserActivity('writing');
  // @ts-expect-error There is no such activity.
  void chat.sendUserActivity('thinking');
  same<ReturnType<typeof chat.monitorActivity>>()<() => void>();
  chat.monitorActivity(input);
  chat.monitorActivity(document.createElement('textarea'));
  // @ts-expect-error It says nothing when its value changes.
  chat.monitorActivity({ value: '' });
  const { errors } = await chat.importHistory(
    [{ sender: 'Ann', message: 'Hello', created: new Date() }],
    { source: 'whatsapp', onProgress: ({ done, total }) => done / total },
  );
  same<typeof errors>()<ImportError[]>();
  // @ts-expect-error An entry has a sender.
  void chat.importHistory([{ message: 'Hello', created: 0 }]);
  same<Awaited<ReturnType<typeof chat.history>>>()<Message[]>();
  await chat.history({ before: 'c_1.2', limit: 20 });
  await chat.close();
  await chat.close({ stars: 5 });
  await chat.close({ reason: 'resolved', extraData: { stars: 5 } });
  // @ts-expect-error A Date is not JSON.
  void chat.close({ extraData: { at: new Date() } });
  using disposed = chat;
  disposed.dispose();
}

export function listenersGetWhatTheirNameSays(chat: Chat) {
  const off = chat.on('message:received', ({ message }) => same<typeof message>()<Message>());
  same<typeof off>()<() => void>();
  chat.on('user:joined', ({ user }) => same<typeof user>()<ChatUser>());
  chat.on('user:left', ({ reason }) => same<typeof reason>()<string | undefined>());
  chat.on('user:activity', ({ type }) => same<typeof type>()<ChatActivity['type']>());
  chat.on('message:read', ({ readSeq }) => same<typeof readSeq>()<number>());
  chat.on('chat:closed', ({ userId }) => same<typeof userId>()<string>());
  chat.on('chat:intervened', ({ user }) => same<typeof user>()<ChatUser>());
  chat.on('agent:invited', ({ agent }) => same<typeof agent>()<UserName | undefined>());
  chat.on('forever:alone', ({ attempts }) => same<typeof attempts>()<number>());
  chat.on('chat:gone', ({ chatId }) => same<typeof chatId>()<string>());
  chat.on('chat:changed', () => {}, { signal: new AbortController().signal });
  // @ts-expect-error The wire's names are the client's.
  chat.on('messages:new', () => {});
  // @ts-expect-error The listener wants other data.
  chat.on('user:left', (_data: { message: Message }) => {});
}
