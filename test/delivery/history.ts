/** A client begins to send a message. */
export interface Invoke {
  kind: 'invoke';
  client: string;
  key: string;
  chatId: string;
  text: string;
  /** Milliseconds; the order of the history is the order in time. */
  at: number;
}

/** The server has replied that the message is in the chat, at this place. */
export interface Ok {
  kind: 'ok';
  key: string;
  seq: number;
  /** Whether the reply says that an earlier try had the effect. */
  replayed: boolean;
  at: number;
}

/** The server has refused the send for good. */
export interface Fail {
  kind: 'fail';
  key: string;
  code: string;
  at: number;
}

/** The client has given up, and cannot know whether the send had its effect. */
export interface Unknown {
  kind: 'unknown';
  key: string;
  at: number;
}

/** What befell a send. Each begins with one `invoke` and ends with one of the others. */
export type Step = Invoke | Ok | Fail | Unknown;

/** A message at its place, as somebody heard it. */
export interface Heard {
  position: number;
  chatId: string;
  seq: number;
  author: string;
  text: string;
}

/** What is at a position of the store's log. */
export interface Logged {
  position: number;
  name: string;
  chatId: string | undefined;
  seq: number | undefined;
  author: string;
  /** The key of the send that caused it. */
  key: string | undefined;
  /** Of a message. */
  text: string | undefined;
}

/** What one listener heard from one start to its end. */
export interface Listening {
  listener: string;
  /** The chats it may hear. */
  chats: 'all' | ReadonlySet<string>;
  /** The position after which it began. */
  after: number;
  /** The last position it should have heard; the log's end unless it was stopped before. */
  until: number | undefined;
  heard: readonly Heard[];
}

/** All there is to know of a run once it is over. */
export interface Run {
  steps: readonly Step[];
  log: readonly Logged[];
  listenings: readonly Listening[];
}

/** The event whose sends are written down. */
export const messageName = 'messages:new';
