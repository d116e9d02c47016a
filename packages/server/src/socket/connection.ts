import type { Socket } from 'node:net';

import type { RawData, WebSocket } from 'ws';

import type { Session } from '../access/session.ts';
import type { CallContext } from '../calls.ts';
import type { EventError } from '../event-error.ts';
import type { Door } from '../http/door.ts';
import type { Attendance } from '../live/presence.ts';
import type { Parley } from '../parley.ts';
import { notUnderstood } from '../shape-error.ts';
import { Allowance } from './allowance.ts';
import { answerFrame, refuseFrame } from './answer-frame.ts';
import { closeCodes } from './close-codes.ts';
import { logIn } from './log-in.ts';
import { type Extensions, headWithoutId, type Login, noExtensions, readLogin } from './message.ts';
import { type Flusher, Outbox } from './outbox.ts';
import { Requests } from './requests.ts';
import {
  closingMilliseconds,
  expiryMilliseconds,
  pingMilliseconds,
  pongMilliseconds,
  positionsMilliseconds,
} from './times.ts';

export interface ConnectionOptions {
  connections: Connections;
  webSocket: WebSocket;
  /** What carries the WebSocket. */
  stream: Socket;
  /** Whether the first message brings the token. */
  bringsToken: boolean;
}

/** What connections share, and who looks after them. */
interface Connections {
  readonly parley: Parley;
  readonly flusher: Flusher;
  readonly door: Door;
  /** Calls `look` soon after this time, in milliseconds since 1970. */
  lookAt(time: number): void;
  remove(connection: Connection): void;
}

/** To stop reading costs as much as a call, so it is not done for few and short ones. */
const mostEarly = 8;
const longestEarly = 1024;

/** A client's connection: it lives from the upgrade to the close, and answers requests once it is known who sends them. */
export class Connection implements Attendance {
  readonly #connections: Connections;
  readonly #webSocket: WebSocket;
  readonly #stream: Socket;
  readonly #outbox: Outbox;
  #awaitsToken: boolean;
  /** Whether what the client says from now on counts as never received. */
  #isDeaf = false;
  #session: Session | undefined;
  #requests: Requests | undefined;
  /** What came while the token was checked. */
  #early: string[] | undefined;
  /** When the session has to be there, until it is. */
  #loginBy: number | undefined;
  #heardAt: number;
  /** When its next frame is due. */
  #nextFrame = 0;
  /** When the client was asked for a sign of life. */
  #pingedAt: number | undefined;
  /** When it is told positions next. */
  #tellsAt: number | undefined;

  constructor({ connections, webSocket, stream, bringsToken }: ConnectionOptions) {
    const now = connections.parley.environment.now();
    this.#connections = connections;
    this.#webSocket = webSocket;
    this.#stream = stream;
    this.#outbox = new Outbox(webSocket, stream, connections.flusher);
    this.#awaitsToken = bringsToken;
    this.#heardAt = now;
    const loginBy = now + connections.parley.guard.limits.authSeconds * 1000;
    this.#loginBy = loginBy;
    connections.lookAt(Math.min(loginBy, now + pingMilliseconds));
    if (!bringsToken) void this.#authenticate({ token: '', extensions: noExtensions });
  }

  /** Tells the client to go to another connection. */
  sendAway(): void {
    this.#outbox.add(`${headWithoutId},"method":"reconnect"}`);
  }

  /** Hears nothing more from the client; resolves when each send that has come is answered. */
  async finish(): Promise<void> {
    this.#isDeaf = true;
    await this.#requests?.settled();
  }

  /** Sends what is left to send, and closes. However long the client takes for its part, nothing more is heard from it. */
  close(code: number, reason: string): void {
    this.#isDeaf = true;
    this.#outbox.end(code, reason);
  }

  /** Cuts it, whatever is left to send. */
  terminate(): void {
    this.#webSocket.terminate();
  }

  /** Looks whether the connection has to end, or the client to be asked for a sign of life. */
  look(): void {
    const now = this.#now;
    if (now >= this.#endsAt) {
      if (!this.#session) this.#parley.guard.reached('authSeconds');
      this.close(closeCodes.unauthorized, this.#session ? 'token expired' : 'no valid token');
      return;
    }
    if (this.#pingedAt !== undefined && this.#heardAt >= this.#pingedAt) this.#pingedAt = undefined;
    if (this.#pingedAt === undefined) {
      if (now >= this.#heardAt + pingMilliseconds) {
        this.#pingedAt = now;
        this.#outbox.add('PING');
      }
    } else if (now >= this.#pingedAt + pongMilliseconds) {
      this.#webSocket.terminate();
      return;
    }
    if (this.#tellsAt !== undefined && now >= this.#tellsAt) this.#tellPositions();
    const quietUntil =
      this.#pingedAt === undefined
        ? this.#heardAt + pingMilliseconds
        : this.#pingedAt + pongMilliseconds;
    this.#connections.lookAt(Math.min(this.#endsAt, quietUntil, this.#tellsAt ?? quietUntil));
  }

  get #parley(): Parley {
    return this.#connections.parley;
  }

  /** When the session has to be there or, later, when it is over: a newer token puts that off. */
  get #endsAt(): number {
    if (this.#session) return this.#session.expiresAt + expiryMilliseconds;
    return this.#loginBy ?? Number.POSITIVE_INFINITY;
  }

  get #now(): number {
    return this.#parley.environment.now();
  }

  /** The user's sessions are over: nothing more goes out, and a client that does not close is cut off. */
  expel(): void {
    this.#requests?.end();
    this.close(closeCodes.unauthorized, 'revoked');
    const { after } = this.#parley.environment.scheduler;
    this.#webSocket.once(
      'close',
      after(closingMilliseconds, () => this.#webSocket.terminate()),
    );
  }

  /** Takes a frame from the client. */
  hear(data: RawData, isBinary: boolean): void {
    if (this.#isDeaf) return;
    this.#heardAt = this.#now;
    const early = this.count(this.#heardAt);
    if (early === Number.POSITIVE_INFINITY) return;
    // Frames are text; a binary one is as good as none.
    const text = isBinary ? '' : data.toString();
    if (early > 0) this.#refuse(text, this.#parley.guard.refusal('framesPerSecond', early));
    else if (text === 'PING') this.#outbox.add('PONG');
    else if (text === 'PONG') return;
    else if (this.#requests) answerFrame(this.#requests, this.#parley.guard, text);
    else if (this.#awaitsToken) this.#login(text);
    else this.#keep(text);
  }

  /**
   * Counts a frame, also a ping, which ws answers by itself: by how many milliseconds it comes too early. Whoever sends far too
   * many is closed, but for services.
   */
  count(now = this.#now): number {
    const { guard } = this.#parley;
    if (!guard.countsFrames || this.#session?.role === 'service') return 0;
    this.#nextFrame = guard.nextFrame(this.#nextFrame, now);
    const early = guard.frameEarlyBy(this.#nextFrame, now);
    if (early === Number.POSITIVE_INFINITY && this.#webSocket.readyState === this.#webSocket.OPEN) {
      guard.reached('framesPerSecond');
      this.close(closeCodes.tooMany, 'too many frames');
    }
    return early;
  }

  /** Keeps what comes before it is known who sends it, and reads no further once that is more than the usual few calls. */
  #keep(text: string) {
    this.#early ??= [];
    this.#early.push(text);
    if (this.#early.length >= mostEarly || text.length > longestEarly) this.#webSocket.pause();
  }

  #refuse(text: string, error: EventError) {
    if (text === 'PING' || text === 'PONG') return;
    refuseFrame(this.#requests ?? this.#requestsOf({}), this.#parley.guard, text, error);
  }

  #login(text: string) {
    this.#awaitsToken = false;
    const login = readLogin(text);
    if (login) void this.#authenticate(login);
    else this.#refuseLogin(text);
  }

  #refuseLogin(text: string) {
    this.#requestsOf({}).refuse(headWithoutId, notUnderstood(), new Allowance(text, 1));
    this.close(closeCodes.unauthorized, 'no valid token');
  }

  /** A refused login does not close at once, for the calls that wait for it have to be told. */
  async #authenticate({ token, extensions }: Login) {
    const context = await logIn(this.#parley, token);
    // Also when it is closing: the client's part of that has to be read.
    if (this.#webSocket.isPaused) this.#webSocket.resume();
    if (this.#isDeaf || this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    if (context.session && !this.#enter(context.session)) return;
    // Who comes with a token that was revoked meanwhile is not let in.
    if (this.#isDeaf) return;
    if (extensions.takesBatches) this.#outbox.batch();
    const requests = this.#requestsOf(context, extensions);
    this.#requests = requests;
    if (extensions.wantsPositions) this.#tellPositions();
    for (const text of this.#early ?? []) answerFrame(requests, this.#parley.guard, text);
    this.#early = undefined;
  }

  #tellPositions() {
    this.#requests?.tellPositions();
    this.#tellsAt = this.#now + positionsMilliseconds;
    this.#connections.lookAt(this.#tellsAt);
  }

  #requestsOf(context: CallContext, extensions: Extensions = noExtensions) {
    return new Requests({ parley: this.#parley, context, outbox: this.#outbox, extensions });
  }

  /** Whether the user may have one more connection. */
  #enter(session: Session): boolean {
    this.#connections.door.know(this.#stream);
    this.#session = session;
    if (!this.#parley.connect(session, this)) {
      this.#session = undefined;
      // Its answer to the close has to be read.
      this.#webSocket.resume();
      this.close(closeCodes.tooMany, 'too many connections of this user');
      return false;
    }
    this.#loginBy = undefined;
    this.#connections.lookAt(Math.min(this.#endsAt, this.#heardAt + pingMilliseconds));
    return true;
  }

  /** Lets go of everything, for the WebSocket is closed. */
  closed(): void {
    this.#connections.remove(this);
    this.#outbox.close();
    this.#requests?.end();
    if (this.#session) this.#parley.disconnect(this.#session, this);
  }
}
