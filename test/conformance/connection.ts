import { once } from 'node:events';

import { signToken } from '@parley/server';
import superjson from 'superjson';
import { WebSocket } from 'ws';

import { type Identity, secret } from '../harness.ts';
import { type Answer, readAnswer } from './answer.ts';

export type RequestId = string | number;
export type Method = 'query' | 'mutation' | 'subscription';

/** How long to wait for what has to come, in milliseconds; long, because other programs may keep the machine busy. */
const patience = 10_000;

/** A connection without any client: it sends what no client would, and keeps every frame that comes. */
export class Connection implements AsyncDisposable {
  /** The text frames that came, in order. */
  readonly frames: string[] = [];
  /** The code that the connection was closed with. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  #waiting: { id: unknown; frame: string }[] = [];
  #closeCode: number | undefined;
  #calls = 0;
  #pings = 0;
  #pongs = 0;
  readonly #wakes = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#hear(String(data)));
    this.closed = new Promise((resolve) =>
      socket.once('close', (code) => {
        this.#closeCode = code;
        this.#wake();
        resolve(code);
      }),
    );
  }

  /** Connects and says nothing. */
  static async open(url: string): Promise<Connection> {
    const socket = new WebSocket(url);
    const connection = new Connection(socket);
    await once(socket, 'open');
    return connection;
  }

  /** Connects as somebody; what is sent next is sent before the server has found out who that is. */
  static async as(url: string, identity: Identity): Promise<Connection> {
    const token = await signToken({ ...identity, secret });
    const connection = await Connection.open(`${url}?connectionParams=1`);
    connection.send({ method: 'connectionParams', data: { token } });
    return connection;
  }

  #hear(frame: string) {
    this.frames.push(frame);
    if (frame === 'PONG') this.#pongs += 1;
    if (frame === 'PING' || frame === 'PONG') return this.#wake();
    const answer: unknown = JSON.parse(frame);
    this.#waiting.push({ id: Object(answer).id, frame });
    return this.#wake();
  }

  #wake() {
    for (const wake of this.#wakes) wake();
    this.#wakes.clear();
  }

  /** The same, while it is known; undefined while the connection is open. */
  get closeCode(): number | undefined {
    return this.#closeCode;
  }

  /** Sends a value as JSON. */
  send(value: unknown): void {
    this.#socket.send(JSON.stringify(value));
  }

  /** Sends text as it is. */
  sendText(text: string): void {
    if (text === 'PING') this.#pings += 1;
    this.#socket.send(text);
  }

  sendBinary(text: string): void {
    this.#socket.send(Buffer.from(text), { binary: true });
  }

  /** The next answer with that id that was not taken yet. */
  async answer(id: RequestId | null): Promise<Answer> {
    const { frame } = await this.#when(`an answer to ${JSON.stringify(id)}`, () => {
      const index = this.#waiting.findIndex((answer) => answer.id === id);
      return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
    });
    return readAnswer(frame);
  }

  /** The next so many answers with that id. */
  async answers(id: RequestId | null, count: number): Promise<Answer[]> {
    const answers: Answer[] = [];
    while (answers.length < count) answers.push(await this.answer(id));
    return answers;
  }

  /** The ids of the answers that nobody has taken, in the order they came in. */
  get untaken(): Answer['id'][] {
    return this.#waiting.map(({ frame }) => readAnswer(frame).id);
  }

  /** Waits until the server has sent so many frames of that text. */
  async heard(text: string, count = 1): Promise<void> {
    const heard = () => this.frames.filter((frame) => frame === text).length;
    await this.#when(`${count} of ${text}`, () => heard() >= count || undefined);
  }

  /** Waits until the server has read all that was sent; or has closed the connection. */
  async ping(): Promise<void> {
    this.sendText('PING');
    const { closed } = this;
    const answered = this.#when('a PONG', () => this.#pongs === this.#pings || undefined);
    await Promise.race([answered.catch(() => closed), closed]);
  }

  /** Calls a procedure, with an id that nobody else uses unless one is given. */
  call(
    method: Method,
    path: string,
    input: unknown,
    id: RequestId = `call ${(this.#calls += 1)}`,
  ): Promise<Answer> {
    this.send(request(id, method, path, input));
    return this.answer(id);
  }

  sendEvent(name: string, data: unknown, id?: RequestId): Promise<Answer> {
    return this.call('mutation', `send.${name}`, { data }, id);
  }

  /** Waits until everything that happened before has arrived: the connection keeps the order of the server. */
  async caughtUp(): Promise<void> {
    for (const trip of [1, 2, 3]) await this.sendEvent('users:chats', {}, `trip ${trip}`);
  }

  /** What is found, as soon as there is something. */
  async #when<Found>(what: string, find: () => Found | undefined): Promise<Found> {
    let isLate = false;
    const giveUp = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, patience);
    try {
      for (;;) {
        const found = find();
        if (found !== undefined) return found;
        if (this.#closeCode !== undefined)
          throw new Error(`The connection was closed instead of ${what}.`);
        if (isLate) throw new Error(`Nothing came of ${what}. Heard: ${this.frames.join(' ')}`);
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wakes.add(resolve);
        await promise;
      }
    } finally {
      clearTimeout(giveUp);
    }
  }

  /** Lets go of the connection without a word. */
  cut(): void {
    this.#socket.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.terminate();
  }
}

/** A call as a client writes it. */
export function request(id: RequestId, method: Method, path: string, input: unknown) {
  return { id, jsonrpc: '2.0', method, params: { path, input: superjson.serialize(input) } };
}
