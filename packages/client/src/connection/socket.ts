import type { WireErrorShape } from '@parley/contract/wire';
import type { SuperJSONResult } from 'superjson';

import type { Environment } from '../environment.ts';
import { Dates } from '../dates.ts';
import { tooLarge } from '../errors.ts';
import { transformer } from '../transformer.ts';
import {
  ConnectionLost,
  type Message,
  type Notice,
  Refused,
  Unreadable,
  valueIn,
} from './answer.ts';
import type { Call } from './call.ts';
import { byteLength, frames } from './frames.ts';
import { keepAlive, type KeepAlive } from './keep-alive.ts';

/** How many requests a server takes at once unless its configuration says more. */
const mostUnderWay = 32;

/** How long a socket may take to open, in milliseconds. */
const openingMilliseconds = 10_000;

/** What the server closes a connection with whose token it does not accept any more. */
const unauthorizedCloseCode = 4401;

/** What the server closes a connection with that brought too large a frame. */
const tooLargeCloseCode = 1009;

export interface SocketOptions {
  url: string;
  token: string;
  /** How many bytes the server accepts in a frame, as far as is known. */
  frameBytes: number;
  WebSocket: typeof WebSocket;
  environment: Environment;
  /** It is open, and the server has been told the token. */
  onOpen(): void;
  /** The server has answered, so it accepts the token. */
  onAccepted(): void;
  /** It opens no more, or is open no more; heard once, and not after `close`. */
  onLost(): void;
  /** The server does not accept the token; it is closed. */
  onRefused(): void;
  /** The server accepts no more than so many bytes in a frame. */
  onFrameBytes(bytes: number): void;
  /** What the server says about no call in particular. */
  onNotice(notice: Notice): void;
  /** A request was answered, so that the server takes another one. */
  onRoom(): void;
  onStarted(call: Call): void;
  /** The call has had its last answer. */
  onEnd(call: Call): void;
}

/** One WebSocket to the server, and the calls that were sent over it. */
export class Socket {
  readonly #options: SocketOptions;
  readonly #ws: WebSocket;
  /** Those that wait for an answer, few. A Map would keep many that have ended until a full garbage collection. */
  #calls: { id: number; call: Call }[] = [];
  /** Requests that the server has not answered, also those whose answer nobody waits for any more. */
  readonly #underWay = new Set<number>();
  readonly #dates = new Dates();
  #lastId = 0;
  #frameBytes: number;
  #over = false;
  /** Whether the server has answered, so that it accepts the token. */
  #accepted = false;
  /** Closes when the last call has ended. */
  #leaving = false;
  #keepAlive: KeepAlive | undefined;
  readonly #cancelDeadline: () => void;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#frameBytes = options.frameBytes;
    const { url, environment } = options;
    const ws = new options.WebSocket(`${url}${url.includes('?') ? '&' : '?'}connectionParams=1`);
    this.#ws = ws;
    ws.addEventListener('open', () => this.#open());
    ws.addEventListener('message', ({ data }: MessageEvent) => this.#hear(data));
    ws.addEventListener('close', ({ code, reason }) => {
      if (code === unauthorizedCloseCode) return this.#refuse(new ConnectionLost(true));
      if (code === tooLargeCloseCode) this.#shrink(Number.parseInt(reason));
      this.#lose();
    });
    // What went wrong is not told here; that it is closed is told by `close`.
    ws.addEventListener('error', () => {});
    this.#cancelDeadline = environment.scheduler.after(openingMilliseconds, () => this.#lose());
  }

  /** Whether what is sent now goes out. */
  get isOpen(): boolean {
    return !this.#over && this.#ws.readyState === this.#ws.OPEN;
  }

  /** How many requests the server takes now. */
  get room(): number {
    return mostUnderWay - this.#underWay.size;
  }

  /** Sends calls together; one that cannot be written ends alone. */
  send(calls: readonly Call[]): void {
    const messages: string[] = [];
    for (const call of calls) {
      try {
        const id = this.#lastId + 1;
        messages.push(this.#write(id, call));
        this.#lastId = id;
        this.#calls.push({ id, call });
        if (!call.subscribes) this.#underWay.add(id);
      } catch (error) {
        // Whoever it ends may send again, and what is sent here goes first.
        queueMicrotask(() => this.#end(null, call, error));
      }
    }
    for (const frame of frames(messages, this.#frameBytes)) this.#ws.send(frame);
  }

  /** Hears no more answers to the call, and tells the server when there would be many. */
  drop(call: Call): void {
    const id = this.#calls.find((each) => each.call === call)?.id;
    if (id === undefined) return;
    if (call.subscribes && this.isOpen) {
      this.#ws.send(`{"id":${id},"method":"subscription.stop"}`);
    }
    this.#forget(id);
  }

  /** Closes as soon as no call waits for an answer any more. */
  leave(): void {
    this.#leaving = true;
    this.#closeIfLeft();
  }

  /** Closes at once; requests without a reply end with the reason. */
  close(reason: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelDeadline();
    this.#keepAlive?.stop();
    this.#ws.close();
    const calls = this.#calls;
    this.#calls = [];
    for (const { call } of calls) if (!call.subscribes) call.end(reason);
  }

  /** The message of a call. Throws when it cannot be written, or is too large. */
  #write(id: number, call: Call): string {
    const message = `{"id":${id}${call.ask()}`;
    if (byteLength(message, this.#frameBytes) > this.#frameBytes) throw tooLarge();
    return message;
  }

  /** A frame was larger than the bytes that the server says, if it says so. A call that is so by itself ends; the others are asked again. */
  #shrink(bytes: number) {
    this.#frameBytes = bytes < this.#frameBytes ? bytes : this.#frameBytes / 2;
    this.#options.onFrameBytes(this.#frameBytes);
    for (const { id, call } of this.#calls) {
      try {
        this.#write(id, call);
      } catch (error) {
        this.#end(id, call, error);
      }
    }
  }

  #open() {
    if (this.#over) return;
    const { environment, token, onOpen } = this.#options;
    this.#cancelDeadline();
    this.#keepAlive = keepAlive({
      scheduler: environment.scheduler,
      ping: () => this.isOpen && this.#ws.send('PING'),
      onSilence: () => this.#lose(),
    });
    const data = { token, positions: '1', batches: '1', short: '1', notices: '1' };
    this.#ws.send(JSON.stringify({ method: 'connectionParams', data }));
    onOpen();
  }

  #hear(data: unknown) {
    if (this.#over) return;
    this.#keepAlive?.heard();
    if (data === 'PING') this.#ws.send('PONG');
    else if (data === 'PONG') this.#accept();
    else for (const message of this.#read(data)) this.#tryToTake(message);
  }

  /** The messages in a frame; several come as an array. */
  #read(data: unknown): readonly Message[] {
    try {
      const frame: Message | Message[] = JSON.parse(String(data));
      return Array.isArray(frame) ? frame : [frame];
    } catch (error) {
      this.#options.environment.report(error);
      return [];
    }
  }

  #tryToTake(message: Message) {
    try {
      this.#take(message);
    } catch (error) {
      this.#options.environment.report(error);
    }
  }

  #take(message: Message) {
    if (message.method === 'positions') {
      for (const [id, last, upTo] of message.params) {
        this.#callOf(id)?.progress?.(Number(last), Number(upTo));
      }
      return;
    }
    if (message.method) return this.#options.onNotice(message);
    const { id, result, data, dates, error } = message;
    const call = this.#callOf(id);
    if (this.#underWay.delete(Number(id))) this.#options.onRoom();
    if (error) return this.#fail(id, call, error);
    this.#accept();
    if (!call) return;
    if (result?.type === 'started') {
      this.#options.onStarted(call);
      call.started?.(result.position);
    } else if (result?.type === 'stopped') {
      this.#end(id, call);
    } else if (result) {
      this.#pass(id, call, () => valueIn(result));
    } else if (data !== undefined) {
      this.#pass(id, call, () => this.#dates.revive(data, dates));
    }
  }

  #pass(id: number | null, call: Call, read: () => unknown) {
    let value: unknown;
    try {
      value = read();
    } catch (cause) {
      if (call.subscribes) this.drop(call);
      return this.#end(id, call, new Unreadable(cause));
    }
    if (!call.subscribes) this.#forget(id);
    call.next(value);
  }

  #fail(id: number | null, call: Call | undefined, error: SuperJSONResult) {
    // What the error formatter of the server's router wrote, which is typed by the contract.
    const refused = new Refused(transformer.deserialize(error) as WireErrorShape);
    // A first refusal speaks for the connection. Closed now and not by the server later, it comes back at once.
    if (refused.shape.data.code === 'UNAUTHORIZED' && !this.#accepted) return this.#refuse(refused);
    // A frame was not understood; which calls were in it is not said, so all that wait end.
    if (id === null) return this.#lose();
    this.#accept();
    if (call) this.#end(id, call, refused);
  }

  #accept() {
    this.#accepted = true;
    this.#options.onAccepted();
  }

  #end(id: number | null, call: Call, error?: unknown) {
    this.#options.onEnd(call);
    this.#forget(id);
    call.end(error);
  }

  #forget(id: number | null) {
    this.#calls = this.#calls.filter((each) => each.id !== id);
    this.#closeIfLeft();
  }

  #refuse(reason: Error) {
    if (this.#over) return;
    this.close(reason);
    this.#options.onRefused();
  }

  #lose() {
    if (this.#over) return;
    this.close(new ConnectionLost(true));
    this.#options.onLost();
  }

  #callOf(id: number | null): Call | undefined {
    return this.#calls.find((each) => each.id === id)?.call;
  }

  #closeIfLeft() {
    if (this.#leaving && this.#calls.length === 0) this.#lose();
  }
}
