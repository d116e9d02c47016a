import { once } from 'node:events';

import type { ListenInput } from '@parley/contract';
import { signToken } from '@parley/server';
import superjson from 'superjson';
import { WebSocket } from 'ws';
import * as z from 'zod';

import { type Identity, secret } from '../harness.ts';

const Refusal = z.object({
  message: z.string(),
  code: z.number(),
  data: z.looseObject({ code: z.string(), errorId: z.string() }),
});

const Frame = z.object({
  id: z.number().nullable().optional(),
  result: z
    .object({ type: z.string().optional(), data: z.object({ json: z.unknown() }).optional() })
    .optional(),
  error: z.object({ json: Refusal }).optional(),
});

type Refusal = z.output<typeof Refusal>;

/** What came back: a reply, or a refusal. */
export type Answer = { reply: unknown } | { refusal: Refusal };

const Heard = z.looseObject({
  name: z.string(),
  position: z.number().optional(),
  chatId: z.string().optional(),
});

export type Heard = z.output<typeof Heard>;

/** One subscription, and what came for it. */
export interface Listening {
  readonly name: string;
  readonly heard: Heard[];
}

/** Somebody on a socket without any client: any event can be sent and heard, and every text that comes is kept. */
export class Peer implements AsyncDisposable {
  readonly id: string;
  readonly role: Identity['role'];
  readonly texts: string[] = [];
  /** The code the connection is closed with. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  readonly #listenings = new Map<number, Heard[]>();
  #lastId = 0;

  private constructor({ sub, role }: Identity, socket: WebSocket) {
    this.id = sub;
    this.role = role;
    this.#socket = socket;
    socket.on('message', (data) => this.#hear(String(data)));
    this.closed = new Promise((resolve) => socket.once('close', resolve));
  }

  static async connect(url: string, identity: Identity, now?: number): Promise<Peer> {
    const token = await signToken({ ...identity, secret, now });
    const socket = new WebSocket(`${url}?connectionParams=1`);
    await once(socket, 'open');
    const peer = new Peer(identity, socket);
    socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }));
    await peer.send('users:chats', {});
    return peer;
  }

  send(name: string, data: unknown, key?: string): Promise<Answer> {
    return this.#call('mutation', `send.${name}`, { data, ...(key !== undefined && { key }) });
  }

  /** The reply; a refusal is a failure of the test. */
  async reply<Shape>(name: string, data: unknown, shape: z.ZodType<Shape>): Promise<Shape> {
    const answer = await this.send(name, data);
    if ('refusal' in answer) throw new Error(`${name}: ${answer.refusal.data.code}`);
    return shape.parse(answer.reply);
  }

  /** The code of the refusal, or `ok`. */
  async outcome(name: string, data: unknown): Promise<string> {
    const answer = await this.send(name, data);
    return 'refusal' in answer ? answer.refusal.data.code : 'ok';
  }

  async listen(name: string, input: ListenInput = {}): Promise<Listening> {
    const heard: Heard[] = [];
    this.#listenings.set(this.#lastId + 1, heard);
    const answer = await this.#call('subscription', `listen.${name}`, input);
    if ('refusal' in answer) throw new Error(`${name}: ${answer.refusal.data.code}`);
    return { name, heard };
  }

  /** Waits until everything that happened before has arrived: the connection keeps the order of the server. */
  async caughtUp(): Promise<void> {
    for (let trip = 0; trip < 3; trip += 1) await this.send('users:chats', {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate();
  }

  #call(method: string, path: string, input: unknown): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    const params = { path, input: superjson.serialize(input) };
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer;
  }

  #hear(text: string) {
    this.texts.push(text);
    if (text === 'PING') return this.#socket.send('PONG');
    const { id, result, error } = Frame.parse(JSON.parse(text));
    if (typeof id !== 'number') return;
    const settle = this.#answers.get(id);
    this.#answers.delete(id);
    if (error) settle?.({ refusal: error.json });
    else if (result?.type === 'data' && !settle) this.#listenings.get(id)?.push(occurrence(result));
    else settle?.({ reply: result?.data?.json });
  }
}

const Tracked = z.strictObject({ id: z.string(), data: Heard });

/** Durable occurrences come with their position as id, the others bare. */
function occurrence({ data }: NonNullable<z.output<typeof Frame>['result']>): Heard {
  return z.union([Tracked.transform((tracked) => tracked.data), Heard]).parse(data?.json);
}
