import type { Actor, Occurrence, SendInput, WireErrorShape } from '@parley/contract/wire';

import { chatIdIn } from './chat-id-in.ts';
import { type Addressed, FakeConnection, type FakeDesk } from './fake-connection.ts';
import { type FarEnd, lostCloseCode, type NearEnd } from './fake-web-socket.ts';
import type { Sent } from './handlers.ts';
import { Refusal } from './refusal.ts';

/** The fixtures of any contract, as far as a server needs them. */
export interface AnyFixtures {
  readonly send: object;
  readonly listen: {
    readonly [event: string]: { readonly data: unknown; readonly durable: boolean };
  };
  readonly errors: {
    readonly [code: string]: { readonly message: string; readonly retryable: boolean };
  };
}

export interface FireOptions {
  /** Who made it happen; the system unless told. */
  by?: Actor;
  /** The chat it belongs to; the one that the data names unless told. */
  chatId?: string;
  /** The key of the send that caused it. */
  cause?: string;
  /** Only these users hear it. */
  to?: readonly string[];
}

export interface FakeServerOptions {
  fixtures: AnyFixtures;
  now(): number;
  /** What is done with an event; undefined when the test does not say. */
  handlerOf(event: string): ((sent: Sent) => unknown) | undefined;
}

/** The server's side of a {@link FakeParley}: its log, its connections, and what was sent. */
export class FakeServer implements FakeDesk {
  readonly #options: FakeServerOptions;
  readonly #connections = new Set<FakeConnection>();
  readonly #log: Addressed[] = [];
  readonly #replies = new Map<string, Promise<unknown>>();
  readonly sent: Sent[] = [];
  #isDown = false;

  constructor(options: FakeServerOptions) {
    this.#options = options;
  }

  accept(near: NearEnd): FarEnd | undefined {
    if (this.#isDown) return undefined;
    const connection = new FakeConnection(this, near);
    this.#connections.add(connection);
    return {
      hear: (frame) => connection.hear(frame),
      end: () => {
        this.#connections.delete(connection);
        connection.end();
      },
    };
  }

  goDown(): void {
    this.#isDown = true;
    const connections = [...this.#connections];
    this.#connections.clear();
    for (const connection of connections) connection.close(lostCloseCode);
  }

  comeUp(): void {
    this.#isDown = false;
  }

  async reply(userId: string, event: string, { data, key }: SendInput<unknown>): Promise<unknown> {
    const known = `${userId} ${event} ${key}`;
    const first = key === undefined ? undefined : this.#replies.get(known);
    if (first) return { ...Object(await first), replayed: true };
    const reply = this.#handle(userId, event, data, key);
    this.#replies.set(known, reply);
    // What was refused is tried anew.
    reply.catch(() => this.#replies.delete(known));
    return reply;
  }

  shapeOf(error: unknown): WireErrorShape {
    const { code, details, message } =
      error instanceof Refusal ? error : new Refusal('INTERNAL', { message: String(error) });
    const known = this.#options.fixtures.errors[code];
    return {
      message: message || (known?.message ?? code),
      code: -32_603,
      data: {
        code,
        // A test wants to be told of its own mistakes, not to have them tried again.
        retryable: code !== 'INTERNAL' && (known?.retryable ?? false),
        errorId: 'e_1',
        ...(details !== undefined && { details }),
      },
    };
  }

  isDurable(event: string): boolean | undefined {
    const { listen } = this.#options.fixtures;
    return Object.hasOwn(listen, event) ? listen[event]?.durable : undefined;
  }

  head(): number {
    return this.#log.length;
  }

  since(event: string, position: number): readonly Addressed[] {
    return this.#log.slice(position).filter(({ occurrence }) => occurrence.name === event);
  }

  /** Keeps the occurrence if it is durable, and tells all who listen. */
  publish(name: string, data: unknown, { to, ...options }: FireOptions): Occurrence {
    const { by = { id: 'system' }, chatId = chatIdIn(data), cause } = options;
    const isDurable = this.isDurable(name) ?? true;
    const occurrence: Occurrence = {
      name,
      ...(isDurable && { position: this.head() + 1 }),
      ...(isDurable && chatId !== undefined && { seq: this.#nextSeq(chatId) }),
      ...(chatId !== undefined && { chatId }),
      at: new Date(this.#options.now()),
      by,
      data,
      ...(cause !== undefined && { cause }),
    };
    const addressed = { occurrence, to };
    if (isDurable) this.#log.push(addressed);
    for (const connection of this.#connections) connection.deliver(addressed);
    return occurrence;
  }

  async #handle(userId: string, name: string, data: unknown, key: string | undefined) {
    if (!Object.hasOwn(this.#options.fixtures.send, name)) throw new Refusal('NOT_FOUND');
    const refuse = (code: string, details?: unknown) => {
      throw new Refusal(code, { details });
    };
    const sent: Sent = { name, data, key, userId, refuse };
    this.sent.push(sent);
    const handler = this.#options.handlerOf(name);
    if (handler) return handler(sent);
    const message = `The test does not say what ${name} replies. Give fakeParley({ '${name}': … }).`;
    throw new Refusal('INTERNAL', { message });
  }

  #nextSeq(chatId: string): number {
    return this.#log.filter(({ occurrence }) => occurrence.chatId === chatId).length + 1;
  }
}
