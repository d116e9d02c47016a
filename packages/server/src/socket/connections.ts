import type { IncomingMessage } from 'node:http';

import type { Door } from '../http/door.ts';
import type { Parley } from '../parley.ts';
import { Connection } from './connection.ts';
import { createFlusher, type Flusher } from './outbox.ts';
import type { SocketHandler } from './socket-handler.ts';
import type { OwnedWebSocket } from './web-socket-server.ts';

/** Connections are looked after together, at least so many milliseconds apart: a timer for each costs more than it tells. */
const lookMilliseconds = 500;

/** All connections of a server, and what they share. */
export class Connections implements SocketHandler {
  readonly parley: Parley;
  readonly flusher: Flusher;
  readonly door: Door;
  readonly #open = new Set<Connection>();
  #lastLook = Number.NEGATIVE_INFINITY;
  #nextLook = Number.POSITIVE_INFINITY;
  #cancelLook: (() => void) | undefined;

  constructor(parley: Parley, door: Door) {
    this.parley = parley;
    this.door = door;
    this.flusher = createFlusher(parley.environment.scheduler, parley.guard);
  }

  add(webSocket: OwnedWebSocket, { socket: stream, url = '' }: IncomingMessage): void {
    const query = new URLSearchParams(url.slice(url.indexOf('?') + 1));
    const bringsToken = query.get('connectionParams') === '1';
    const connection = new Connection({ connections: this, webSocket, stream, bringsToken });
    this.#open.add(connection);
    webSocket.owner = connection;
  }

  remove(connection: Connection): void {
    this.#open.delete(connection);
    if (this.#open.size > 0) return;
    this.#cancelLook?.();
    this.#nextLook = Number.POSITIVE_INFINITY;
  }

  /** Has connections looked after at this time, in milliseconds since 1970, or a moment later. */
  lookAt(time: number): void {
    const at = Math.max(time, this.#lastLook + lookMilliseconds);
    if (at >= this.#nextLook) return;
    const { now, scheduler } = this.parley.environment;
    this.#cancelLook?.();
    this.#nextLook = at;
    this.#cancelLook = scheduler.after(at - now(), () => this.#look());
  }

  #look() {
    this.#lastLook = this.parley.environment.now();
    this.#nextLook = Number.POSITIVE_INFINITY;
    for (const connection of this.#open) connection.look();
  }

  get open(): readonly Connection[] {
    return Array.from(this.#open);
  }

  async finish(): Promise<void> {
    await Promise.all(this.open.map((connection) => connection.finish()));
  }

  close(code: number, reason: string): void {
    for (const connection of this.#open) connection.close(code, reason);
  }

  terminate(): void {
    for (const connection of this.#open) connection.terminate();
  }
}
