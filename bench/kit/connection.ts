import { connect, type Socket } from 'node:net';

import type { Member, Peer } from '../peers/peer.ts';
import { closeFrame, firstNumber, pongFrame, type Template, textFrame } from './frames.ts';

const kindMask = 0x0f;
const closeKind = 0x8;
const pingKind = 0x9;
const pongKind = 0xa;

/** What a connection tells whoever drives it. */
export interface Hearer {
  onReply(number: number): void;
  onDelivery(): void;
}

const silent: Hearer = { onReply: () => {}, onDelivery: () => {} };

/** All sockets read into it, one after the other; what is not a whole frame yet is copied out of it. */
const sharedBuffer = Buffer.alloc(1 << 18);

/**
 * One client's WebSocket, made by hand: prebuilt frames go out, and of what comes in only the kind is looked at. A
 * library's client would cost more than most of the servers under test.
 */
export class Connection {
  hearer: Hearer = silent;
  readonly #peer: Peer;
  readonly #socket: Socket;
  readonly #fail: (error: Error) => void;
  #rest: Buffer | undefined;
  #outgoing: Buffer[] = [];
  #upgraded = false;
  #closing = false;
  #number = firstNumber;
  #onReady: () => void = () => {};
  #onSubscribed: () => void = () => {};

  private constructor(peer: Peer, member: Member, url: URL, settle: Settle) {
    this.#peer = peer;
    this.#fail = settle.fail;
    this.#onReady = settle.ready;
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: sharedBuffer,
        callback: (length) => {
          this.#read(sharedBuffer.subarray(0, length), member);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.#closing || this.#fail(error));
    this.#socket.on(
      'close',
      () => this.#closing || this.#fail(new Error(`${peer.title} hung up.`)),
    );
    this.#socket.write(
      `GET ${peer.path} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
  }

  /** Resolves once calls may be made. A connection that is lost later makes the process fail. */
  static open(peer: Peer, url: string, member: Member): Promise<Connection> {
    return new Promise((resolve, reject) => {
      let fail = reject;
      const connection: Connection = new Connection(peer, member, new URL(url), {
        fail: (error) => fail(error),
        ready: () => {
          fail = (error) => {
            throw error;
          };
          resolve(connection);
        },
      });
    });
  }

  /** Sends a call and gives its number, which the reply brings back. */
  call(template: Template): number {
    const number = this.#number;
    this.#number += 1;
    this.#write(template.fill(number));
    return number;
  }

  subscribe(content: string): Promise<void> {
    return new Promise((resolve) => {
      this.#onSubscribed = resolve;
      this.#write(textFrame(content));
    });
  }

  close(): Promise<void> {
    this.#closing = true;
    return new Promise((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.end(closeFrame());
    });
  }

  /** What is sent while one chunk is read goes out in one write. */
  #write(frame: Buffer) {
    if (this.#outgoing.length === 0) process.nextTick(() => this.#flush());
    this.#outgoing.push(frame);
  }

  #flush() {
    const [first, ...others] = this.#outgoing;
    this.#outgoing = [];
    if (first) this.#socket.write(others.length === 0 ? first : Buffer.concat([first, ...others]));
  }

  #read(chunk: Buffer, member: Member) {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = this.#upgraded ? 0 : this.#readUpgrade(bytes, member);
    for (;;) {
      const next = this.#readFrame(bytes, at);
      if (next === at) break;
      at = next;
    }
    this.#rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : undefined;
  }

  #readUpgrade(bytes: Buffer, member: Member): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) return 0;
    if (!bytes.subarray(0, end).includes(' 101 ')) {
      this.#fail(new Error(`No upgrade: ${bytes.toString('latin1', 0, end)}`));
      return 0;
    }
    this.#upgraded = true;
    const greeting = this.#peer.greeting?.(member);
    if (greeting !== undefined) this.#write(textFrame(greeting));
    if (!this.#peer.answersGreeting) this.#onReady();
    return end + 4;
  }

  /** Reads the frame that starts there and gives where the next one does; the same place when it is not whole yet. */
  #readFrame(bytes: Buffer, at: number): number {
    if (!this.#upgraded || bytes.length < at + 2) return at;
    let length = bytes[at + 1] ?? 0;
    let start = at + 2;
    if (length === 126) {
      if (bytes.length < at + 4) return at;
      length = bytes.readUInt16BE(at + 2);
      start = at + 4;
    } else if (length === 127) {
      if (bytes.length < at + 10) return at;
      length = Number(bytes.readBigUInt64BE(at + 2));
      start = at + 10;
    }
    const end = start + length;
    if (bytes.length < end) return at;
    const kind = (bytes[at] ?? 0) & kindMask;
    if (kind === pingKind) this.#write(pongFrame(bytes.subarray(start, end)));
    else if (kind === closeKind) this.#hangUp(bytes, start, end);
    else if (kind !== pongKind) this.#hear(bytes, start, end);
    return end;
  }

  #hangUp(bytes: Buffer, start: number, end: number) {
    if (this.#closing) return;
    const why =
      end > start ? `${bytes.readUInt16BE(start)} ${bytes.toString('utf8', start + 2, end)}` : '';
    this.#fail(new Error(`${this.#peer.title} closed a connection: ${why}`));
  }

  #hear(bytes: Buffer, start: number, end: number) {
    const arrival = this.#peer.read(bytes, start, end);
    if (arrival === 'delivery') this.hearer.onDelivery();
    else if (arrival === 'ready') this.#onReady();
    else if (arrival === 'subscribed') this.#onSubscribed();
    else if (arrival === 'ping') this.#write(textFrame(this.#peer.pong ?? ''));
    else if (typeof arrival === 'number') this.hearer.onReply(arrival);
    else if (arrival === 'failure') this.#fail(new Error(bytes.toString('utf8', start, end)));
  }
}

interface Settle {
  ready(): void;
  fail(error: Error): void;
}
