import type { Message } from '@parley/contract/types';

/** A message of one's own that the server has not confirmed. */
export interface PendingMessage {
  /** The key it is sent under, which the occurrence of the confirmed message names as its cause. */
  readonly key: string;
  readonly chatId: string;
  readonly state: 'pending' | 'failed';
  readonly type: Message['type'];
  readonly message: Message['message'];
  readonly visibility: Message['visibility'];
  readonly created: Date;
  /** Why it failed. */
  readonly error?: unknown;
  /** Sends it again under the same key, so that it arrives once. */
  retry(): Promise<Message>;
  /** Takes it away from what is pending. One that waits for a connection is not sent any more. */
  discard(): void;
}

/** The messages of a chat as far as they are kept: without gap up to the newest, each once. */
export class Messages {
  #kept: readonly Message[] = [];
  #pending: readonly PendingMessage[] = [];
  readonly #ids = new Set<string>();
  /** What became of pending messages, by the keys they were sent under. */
  readonly #confirmed = new Map<string, Message>();

  /** Imported ones by their time, then live ones by seq. */
  get kept(): readonly Message[] {
    return this.#kept;
  }

  /** In the order they were sent. */
  get pending(): readonly PendingMessage[] {
    return this.#pending;
  }

  /** Keeps those that are not there yet, and returns them. */
  add(messages: readonly Message[]): Message[] {
    const added = messages.filter(({ id }) => !this.#ids.has(id) && this.#ids.add(id));
    if (added.length > 0) this.#kept = [...this.#kept, ...added].toSorted(byPlace);
    return added;
  }

  /** Forgets what was imported: more of it may lie between what is kept. */
  dropImported(): void {
    this.#kept = this.#kept.filter(({ id, seq }) => seq > 0 || !this.#ids.delete(id));
  }

  /** Puts a pending message in its place, which one that is sent again keeps. */
  send(message: PendingMessage): void {
    if (this.#pending.some(({ key }) => key === message.key)) this.update(message);
    else this.#pending = [...this.#pending, message];
  }

  /** Puts a confirmed message in the place of the pending one that was sent under the key, if there is one. */
  confirm(key: string, message: Message): void {
    if (!this.discard(key)) return;
    this.#confirmed.set(key, message);
    this.add([message]);
  }

  confirmedAs(key: string): Message | undefined {
    return this.#confirmed.get(key);
  }

  /** Takes a pending message away; false when there is none under the key. */
  discard(key: string): boolean {
    const others = this.#pending.filter((each) => each.key !== key);
    const found = others.length < this.#pending.length;
    this.#pending = others;
    return found;
  }

  /** Shows a pending message as it is now, unless it was discarded. */
  update(message: PendingMessage): void {
    this.#pending = this.#pending.map((each) => (each.key === message.key ? message : each));
  }
}

function byPlace(left: Message, right: Message): number {
  const bothImported = left.seq <= 0 && right.seq <= 0;
  const byTime = bothImported ? left.created.getTime() - right.created.getTime() : 0;
  return byTime || left.seq - right.seq;
}
