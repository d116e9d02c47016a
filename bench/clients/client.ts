/** A client under test, connected to a Parley server, in a process of its own. */
export interface Client {
  /** `chats:get` of one of the chats; resolves with the reply. */
  request(chatId: string): Promise<unknown>;
  /** Hears `messages:new` of everything the user may hear; resolves when it does. */
  listen(onDelivery: () => void): Promise<void>;
  /** Hears no more. */
  unlisten(): void;
}

export interface ClientOptions {
  url: string;
  token: string;
}

export type OpenClient = (options: ClientOptions) => Promise<Client>;

/** What the process is told, and what it answers. */
export type Order =
  | { do: 'open'; options: ClientOptions; chatIds: string[] }
  | { do: 'request'; depth: number; milliseconds: number }
  | { do: 'listen' }
  | { do: 'hear'; count: number };

export interface Report {
  operations: number;
  /** Microseconds of the process. */
  cpu: number;
  seconds: number;
}
