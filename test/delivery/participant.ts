import { setTimeout } from 'node:timers/promises';

import {
  connect,
  type Events,
  isEventError,
  type ListenEvents,
  type SendEvents,
} from '@parley/client';
import { signToken } from '@parley/server';

import { type Identity, secret } from '../harness.ts';
import type { Chance } from './chance.ts';
import type { Heard, Listening, Step } from './history.ts';

export interface ParticipantOptions {
  url: string;
  identity: Identity;
  /** The chats it hears. */
  hears: Listening['chats'];
  /** The chats it writes in. */
  writesIn: readonly string[];
  /** In how many chats it writes at once. */
  lanes: number;
  /** Where it writes down what befalls its sends. */
  steps: Step[];
  chance: Chance;
}

/** The most messages that are sent to a chat in a row, without waiting for replies. */
const longestBurst = 3;

/** Somebody who writes in chats without end, and hears them, over a client of ours. */
export class Participant implements AsyncDisposable {
  readonly id: string;
  readonly hears: Listening['chats'];
  /** What it heard, by each of its clients: they are started one after another, each from where the last one ended. */
  readonly listenings: (Listening & { heard: Heard[] })[] = [];
  /** What its clients reported because nobody waits for it. */
  readonly errors: unknown[] = [];
  /** How many sends have been acknowledged. */
  acknowledged = 0;
  /** When the last one was, in milliseconds. */
  repliedAt = 0;
  /** The longest it waits between messages in a chat, in milliseconds. */
  pause = 0;
  readonly #options: ParticipantOptions;
  #events: Events<SendEvents, ListenEvents>;
  #sends = 0;
  #writing = new AbortController();
  #lanes: Promise<unknown> = Promise.resolve();

  constructor(options: ParticipantOptions) {
    this.#options = options;
    this.id = options.identity.sub;
    this.hears = options.hears;
    this.#events = this.#connect();
  }

  get events(): Events<SendEvents, ListenEvents> {
    return this.#events;
  }

  /** The position up to which it has heard everything. */
  get heardUntil(): number {
    const last = this.listenings.at(-1);
    return last?.heard.at(-1)?.position ?? last?.after ?? 0;
  }

  /** Writes from now on, until it is told to stop. */
  write(): void {
    const { lanes, writesIn } = this.#options;
    this.#writing = new AbortController();
    const { signal } = this.#writing;
    const chatsOf = (lane: number) => writesIn.filter((_, index) => index % lanes === lane);
    this.#lanes = Promise.all(
      Array.from({ length: lanes }, (_, lane) => this.#writeIn(chatsOf(lane), signal)),
    );
  }

  /** Writes a few messages in a row in one of its chats, whatever became of those before; each resolves when it has its end. */
  offer(): Promise<void>[] {
    const { chance, writesIn } = this.#options;
    return this.#writeBurst(chance.pick(writesIn));
  }

  /** Writes no more; resolves when each send has its end. */
  async finish(): Promise<void> {
    this.#writing.abort();
    await this.#lanes;
  }

  /** Puts a new client in the place of this one, which keeps nothing but the cursor. */
  async restart(): Promise<void> {
    const last = this.listenings.at(-1);
    await this.#end();
    if (last) last.until = this.heardUntil;
    this.#events = this.#connect();
    this.write();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end();
  }

  /** What is not answered by now never will be. */
  async #end() {
    this.#writing.abort();
    await this.#events.close();
    await this.#lanes;
  }

  #connect() {
    const { url, identity, hears } = this.#options;
    const after = this.heardUntil;
    const events = connect({
      url,
      token: () => signToken({ ...identity, secret, ttl: 86_400 }),
      cursor: String(after),
      environment: { report: (error) => void this.errors.push(error) },
    });
    const heard: Heard[] = [];
    this.listenings.push({ listener: this.id, chats: hears, after, until: undefined, heard });
    events.subscribe('messages:new', ({ message }, { position = 0 }) => {
      const { chatId, seq, sender } = message;
      heard.push({ position, chatId, seq, author: sender.id, text: String(message.message) });
    });
    return events;
  }

  async #writeIn(chats: readonly string[], signal: AbortSignal) {
    const { chance } = this.#options;
    for (;;) {
      await setTimeout(chance.below(this.pause + 1), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await Promise.all(this.#writeBurst(chance.pick(chats)));
    }
  }

  #writeBurst(chatId: string): Promise<void>[] {
    const count = this.#options.chance.between(1, longestBurst);
    return Array.from({ length: count }, () => this.#writeOne(chatId));
  }

  async #writeOne(chatId: string) {
    const { steps, chance } = this.#options;
    this.#sends += 1;
    const key = `${this.id}.${this.#sends}`;
    const text = `${key} ${'x'.repeat(chance.below(100))}`;
    steps.push({ kind: 'invoke', client: this.id, key, chatId, text, at: performance.now() });
    try {
      const { message, replayed = false } = await this.#events.send(
        'messages:send',
        { chatId, message: text },
        { key },
      );
      this.repliedAt = performance.now();
      steps.push({ kind: 'ok', key, seq: message.seq, replayed, at: this.repliedAt });
      this.acknowledged += 1;
    } catch (error) {
      const at = performance.now();
      if (isEventError(error) && !error.retryable)
        steps.push({ kind: 'fail', key, code: error.code, at });
      else steps.push({ kind: 'unknown', key, at });
    }
  }
}
