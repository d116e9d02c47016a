import { numberMark } from '../../kit/frames.ts';
import { messageText } from '../message.ts';
import type { Chat, Peer } from '../peer.ts';
import { plainChats } from '../plain-chats.ts';
import { pong, readTRPC } from './read.ts';

const mutate = (path: string, { id: chatId }: Chat) =>
  `{"id":${numberMark},"method":"mutation","params":{"path":"${path}",` +
  `"input":{"json":{"chatId":"${chatId}","message":"${messageText}"}}}}`;

export const trpc: Peer = {
  name: 'trpc',
  title: 'stock tRPC',
  server: 'trpc',
  furnish: plainChats,
  path: '/',
  answersGreeting: false,
  pong,
  subscription({ id: chatId }, lastEventId) {
    const params = { path: 'listen', input: { json: { chatId, lastEventId } } };
    return JSON.stringify({ id: 1, method: 'subscription', params });
  },
  request: (chat) => [mutate('request', chat)],
  publication: (chat) => [mutate('publish', chat)],
  read: readTRPC,
};
