/** A message as every peer answers and delivers it: the same fields and sizes as Parley's. */
export interface Message {
  id: string;
  chatId: string;
  seq: number;
  sender: { id: string; name: string; role: string };
  type: string;
  message: string;
  visibility: string;
  created: Date;
}

export interface Occurrence {
  name: string;
  position: number;
  seq: number;
  chatId: string;
  at: Date;
  by: { id: string; role: string };
  data: { message: Message };
}

/** How many occurrences of a chat a peer keeps in memory, for listeners that come back. */
const kept = 1000;

/** What the peers store: the newest occurrences of each chat, in memory only. */
export class ChatStore {
  #position = 0;
  readonly #chats = new Map<string, Occurrence[]>();

  write(chatId: string, message: string): Message {
    return this.#message(chatId, message, this.#position + 1);
  }

  publish(chatId: string, message: string): Occurrence {
    this.#position += 1;
    const seq = this.#position;
    const written = this.#message(chatId, message, seq);
    const occurrence: Occurrence = {
      name: 'messages:new',
      position: seq,
      seq,
      chatId,
      at: written.created,
      by: { id: written.sender.id, role: written.sender.role },
      data: { message: written },
    };
    const chat = this.#chats.get(chatId) ?? [];
    this.#chats.set(chatId, chat);
    chat.push(occurrence);
    if (chat.length > kept) chat.shift();
    return occurrence;
  }

  after(chatId: string, position: number): Occurrence[] {
    return (this.#chats.get(chatId) ?? []).filter((each) => each.position > position);
  }

  #message(chatId: string, message: string, seq: number): Message {
    return {
      id: `${chatId}.${seq}`,
      chatId,
      seq,
      sender: { id: 'member-0-0', name: 'Ann', role: 'customer' },
      type: 'text',
      message,
      visibility: 'all',
      created: new Date(),
    };
  }
}
