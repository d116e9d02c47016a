import type { Duplex } from 'node:stream';

import type { WebSocket } from 'ws';

import type { Scheduler } from '../environment.ts';
import type { Guard } from '../guard.ts';
import { closeCodes } from './close-codes.ts';
import type { SharedText } from './frame.ts';
import { FrameWriter } from './frame-writer.ts';
import { inBatches } from './in-batches.ts';

/** Sends at the end of a turn of the event loop what outboxes have gathered in it. */
export interface Flusher {
  readonly guard: Guard;
  readonly writer: FrameWriter;
  add(outbox: Outbox): void;
}

export function createFlusher({ soon }: Scheduler, guard: Guard): Flusher {
  let gathered: Outbox[] = [];

  function flush() {
    const outboxes = gathered;
    gathered = [];
    for (const outbox of outboxes) outbox.flush();
  }

  return {
    guard,
    writer: new FrameWriter(),
    add(outbox) {
      if (gathered.push(outbox) === 1) soon(flush);
    },
  };
}

/** What waits to be sent on one connection; all that gathers in one turn of the event loop is one write. */
export class Outbox {
  readonly #webSocket: WebSocket;
  readonly #stream: Duplex;
  readonly #flusher: Flusher;
  /** Whether the client takes several messages in one frame. */
  #batches = false;
  #waiting: (string | SharedText)[] | undefined;
  #waitingBytes = 0;
  #waitingForRoom: (() => void)[] | undefined;

  /** The stream carries the WebSocket: whole frames are written past it, many at once. */
  constructor(webSocket: WebSocket, stream: Duplex, flusher: Flusher) {
    this.#webSocket = webSocket;
    this.#stream = stream;
    this.#flusher = flusher;
  }

  /** From now on several messages go into one frame, as an array. */
  batch(): void {
    this.#batches = true;
  }

  add(message: string | SharedText): void {
    if (this.#waiting) this.#waiting.push(message);
    else {
      this.#waiting = [message];
      this.#flusher.add(this);
    }
    this.#waitingBytes += typeof message === 'string' ? message.length : message.text.length;
  }

  /** Beyond it replays wait and what is ephemeral is left out. */
  get hasRoom(): boolean {
    const { limits } = this.#flusher.guard;
    return this.#waitingBytes + this.#stream.writableLength <= limits.bufferPauseBytes;
  }

  /** Resolves when there is room, or nobody to send to any more. */
  async room(): Promise<void> {
    if (!this.hasRoom) this.#flusher.guard.reached('bufferPauseBytes');
    while (!this.hasRoom && this.#isOpen) {
      await new Promise<void>((resolve) => {
        if (!this.#waitingForRoom) this.#stream.once('drain', () => this.#release());
        (this.#waitingForRoom ??= []).push(resolve);
      });
    }
  }

  flush(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    this.#waitingBytes = 0;
    if (!this.#isOpen) return;
    const { guard, writer } = this.#flusher;
    if (this.#stream.writableLength > guard.limits.bufferCloseBytes) {
      guard.reached('bufferCloseBytes');
      this.#webSocket.close(closeCodes.tooSlow, 'reads too slowly');
      return;
    }
    writer.write(this.#stream, this.#batches ? inBatches(waiting) : waiting);
    if (this.hasRoom) this.#release();
  }

  /** Sends what is left to send, and closes the connection. */
  end(code: number, reason: string): void {
    this.flush();
    this.#webSocket.close(code, reason);
  }

  /** Lets go of everybody who waits for room, once the connection is not open any more. */
  close(): void {
    this.#release();
  }

  get #isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  #release() {
    const waiting = this.#waitingForRoom;
    this.#waitingForRoom = undefined;
    for (const resolve of waiting ?? []) resolve();
  }
}
