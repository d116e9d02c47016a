import type { ServerName } from './servers.ts';

/** Somebody who connects. */
export interface Member {
  /** Of servers that ask for one. */
  token: string;
}

export interface Chat {
  id: string;
  members: readonly Member[];
  /** Subscribing after it hears everything that is published from now on. */
  cursor: string;
}

/** The chats a benchmark needs. */
export interface Furniture {
  chats: number;
  membersPerChat: number;
  /** Who may hear: members of the chat, or services that listen to it, of which there may be many. */
  seats?: 'members' | 'services';
}

/** What a frame from the server is: the number of the call it answers, an occurrence, or one of the few others. */
export type Arrival = number | 'delivery' | 'subscribed' | 'ready' | 'ping' | 'nothing' | 'failure';

/** A server under test and the wire it speaks. */
export interface Peer {
  /** In results and goals. */
  readonly name: string;
  readonly title: string;
  readonly server: ServerName;
  /** Opens chats on a server that runs. */
  furnish(url: string, furniture: Furniture): Promise<Chat[]>;
  /** The path of the upgrade. */
  readonly path: string;
  /** The first frame of a connection. */
  greeting?(member: Member): string;
  /** Calls have to wait until the server has answered the greeting. */
  readonly answersGreeting: boolean;
  /** What answers a ping that is a frame of the wire, not of WebSocket. */
  readonly pong?: string;
  /** The frame that subscribes to a chat, live or after a cursor. */
  subscription(chat: Chat, cursor?: string): string;
  /** Templates, sent in turn, of a call that only its sender gets an answer to. */
  request(chat: Chat, member: Member): readonly string[];
  /** Templates, sent in turn, of a call that everybody in the chat hears, the sender too. */
  publication(chat: Chat, member: Member): readonly string[];
  read(bytes: Buffer, start: number, end: number): Arrival;
}
