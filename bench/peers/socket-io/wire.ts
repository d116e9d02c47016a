import { numberMark } from '../../kit/frames.ts';
import { numberAt, startsWith } from '../bytes.ts';
import { messageText } from '../message.ts';
import type { Chat, Peer } from '../peer.ts';
import { plainChats } from '../plain-chats.ts';

/** Engine.IO's ping (2) and pong (3), and its message (4) with a Socket.IO packet: connect (0), event (2), acknowledgement (3). */
const ping = '2';
const pong = '3';
const connected = '40';
const occurred = '42';
const acknowledged = '43';

const emit = (event: string, { id: chatId }: Chat) =>
  `${occurred}${numberMark}["${event}",{"chatId":"${chatId}","message":"${messageText}"}]`;

export const socketIo: Peer = {
  name: 'socket-io',
  title: 'Socket.IO',
  server: 'socket-io',
  furnish: plainChats,
  path: '/socket.io/?EIO=4&transport=websocket',
  greeting: () => connected,
  answersGreeting: true,
  pong,
  subscription: ({ id: chatId }, after) =>
    `${occurred}1${JSON.stringify(['subscribe', { chatId, after: after && Number(after) }])}`,
  request: (chat) => [emit('request', chat)],
  publication: (chat) => [emit('publish', chat)],
  read(bytes, start) {
    if (startsWith(bytes, start, occurred)) return 'delivery';
    if (startsWith(bytes, start, connected)) return 'ready';
    if (startsWith(bytes, start, ping)) return 'ping';
    if (!startsWith(bytes, start, acknowledged)) return 'nothing';
    const number = numberAt(bytes, start + acknowledged.length);
    return number === 1 ? 'subscribed' : number;
  },
};
