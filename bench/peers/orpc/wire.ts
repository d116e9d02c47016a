import { numberMark } from '../../kit/frames.ts';
import { numberAt, startsWith } from '../bytes.ts';
import { messageText } from '../message.ts';
import type { Chat, Peer } from '../peer.ts';
import { plainChats } from '../plain-chats.ts';

const idStart = '{"i":"'.length;

const call = (path: string, { id: chatId }: Chat) =>
  `{"i":"${numberMark}","p":{"u":"/${path}",` +
  `"b":{"json":{"chatId":"${chatId}","message":"${messageText}"}}}}`;

/** A response is `{"i":…,"p":…}`; a message of an event iterator has `"t":3` in between, and a refusal a status `s`. */
export const orpc: Peer = {
  name: 'orpc',
  title: 'oRPC',
  server: 'orpc',
  furnish: plainChats,
  path: '/',
  answersGreeting: false,
  subscription({ id: chatId }, cursor) {
    const h = cursor && { 'last-event-id': cursor };
    return JSON.stringify({ i: '1', p: { u: '/listen', b: { json: { chatId } }, h } });
  },
  request: (chat) => [call('request', chat)],
  publication: (chat) => [call('publish', chat)],
  read(bytes, start) {
    const number = numberAt(bytes, start + idStart);
    const afterId = start + idStart + String(number).length + 1;
    if (startsWith(bytes, afterId, ',"p":{"s"')) return 'failure';
    if (number !== 1) return number;
    if (startsWith(bytes, afterId, ',"t":3,"p":{"e":"message"')) return 'delivery';
    return startsWith(bytes, afterId, ',"p"') ? 'subscribed' : 'failure';
  },
};
