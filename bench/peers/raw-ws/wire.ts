import { numberMark } from '../../kit/frames.ts';
import { numberAt } from '../bytes.ts';
import { messageText } from '../message.ts';
import type { Chat, Peer } from '../peer.ts';
import { plainChats } from '../plain-chats.ts';

const replyStart = '{"id":'.length;

const call = (method: string, { id: chatId }: Chat) =>
  `{"id":${numberMark},"method":"${method}","chatId":"${chatId}","message":"${messageText}"}`;

export const rawWs: Peer = {
  name: 'raw-ws',
  title: 'raw ws',
  server: 'raw-ws',
  furnish: plainChats,
  path: '/',
  answersGreeting: false,
  subscription: ({ id: chatId }, after) =>
    JSON.stringify({ id: 1, method: 'subscribe', chatId, after: after && Number(after) }),
  request: (chat) => [call('request', chat)],
  publication: (chat) => [call('publish', chat)],
  read(bytes, start) {
    if (bytes[start + 2] === 'e'.charCodeAt(0)) return 'delivery';
    const number = numberAt(bytes, start + replyStart);
    return number === 1 ? 'subscribed' : number;
  },
};
