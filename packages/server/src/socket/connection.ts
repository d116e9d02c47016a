import type { Duplex } from 'node:stream';

import type { RawData, WebSocket } from 'ws';

import type { Session } from '../access/session.ts';
import type { CallContext } from '../calls.ts';
import type { Attendance } from '../live/presence.ts';
import type { Parley } from '../parley.ts';
import { notUnderstood } from '../shape-error.ts';
import { closeCodes } from './close-codes.ts';
import { logIn } from './log-in.ts';
import {
  type Extensions,
  headWithoutId,
  type Message,
  type Login,
  noExtensions,
  readFrame,
  readLogin,
} from './message.ts';
import { type Flusher, Outbox } from './outbox.ts';
import { Requests } from './requests.ts';
import {
  authenticationMilliseconds,
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
  stream: Duplex;
  /** Whether the first message brings the token. */
  bringsToken: boolean;
}

/** What connections share, and who looks after them. */
interface Connections {
  readonly parley: Parley;
  readonly flusher: Flusher;
  /** Calls `look` soon after this time, in milliseconds since 1970. */
  lookAt(time: number): void;
  remove(connection: Connection): void;
}

const unreadable: Message = { type: 'unreadable', head: headWithoutId };

/** A client's connection: it lives from the upgrade to the close, and answers requests once it is known who sends them. */
export class Connection implements Attendance {
  readonly #connections: Connections;
  readonly #webSocket: WebSocket;
  readonly #outbox: Outbox;
  #awaitsToken: boolean;
  /** Whether what the client says from now on counts as never received. */
  #isDeaf = false;
  #session: Session | undefined;
  #requests: Requests | undefined;
  /** What came while the token was checked. */
  #early: string[] | undefined;
  /** When the session has to be there or, later, when it is over. */
  #endsAt: number;
  #heardAt: number;
  /** When the client was asked for a sign of life. */
  #pingedAt: number | undefined;
  /** When it is told positions next. */
  #tellsAt: number | undefined;

  constructor({ connections, webSocket, stream, bringsToken }: ConnectionOptions) {
    const now = connections.parley.environment.now();
    this.#connections = connections;
    this.#webSocket = webSocket;
    this.#outbox = new Outbox(webSocket, stream, connections.flusher);
    this.#awaitsToken = bringsToken;
    this.#heardAt = now;
    this.#endsAt = now + authenticationMilliseconds;
    webSocket.on('message', (data, isBinary) => this.#hear(data, isBinary));
    webSocket.on('close', () => this.#closed());
    webSocket.on('error', ignore);
    connections.lookAt(this.#endsAt);
    if (!bringsToken) void this.#authenticate({ token: '', ...noExtensions });
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
    this.#outbox.flush();
    this.#webSocket.close(code, reason);
  }

  /** Looks whether the connection has to end, or the client to be asked for a sign of life. */
  look(): void {
    const now = this.#now;
    if (now >= this.#endsAt) {
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

  #hear(data: RawData, isBinary: boolean) {
    if (this.#isDeaf) return;
    this.#heardAt = this.#now;
    // Frames are text; a binary one is as good as none.
    const text = isBinary ? '' : data.toString();
    if (text === 'PING') this.#outbox.add('PONG');
    else if (text === 'PONG') return;
    else if (this.#requests) this.#answer(this.#requests, text);
    else if (this.#awaitsToken) this.#login(text);
    else (this.#early ??= []).push(text);
  }

  #answer(requests: Requests, text: string) {
    for (const message of readFrame(text) ?? [unreadable]) requests.answer(message);
  }

  #login(text: string) {
    this.#awaitsToken = false;
    const login = readLogin(text);
    if (login) void this.#authenticate(login);
    else this.#refuseLogin();
  }

  #refuseLogin() {
    this.#requestsOf({}).refuse(headWithoutId, notUnderstood());
    this.close(closeCodes.unauthorized, 'no valid token');
  }

  /** A refused login does not close at once, for the calls that wait for it have to be told. */
  async #authenticate({ token, ...extensions }: Login) {
    this.#webSocket.pause();
    const context = await logIn(this.#parley, token);
    if (this.#isDeaf || this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    if (context.session) this.#enter(context.session);
    // Who comes with a token that was revoked meanwhile is not let in.
    if (this.#isDeaf) return;
    if (extensions.takesBatches) this.#outbox.batch();
    this.#webSocket.resume();
    const requests = this.#requestsOf(context, extensions);
    this.#requests = requests;
    if (extensions.wantsPositions) this.#tellPositions();
    for (const text of this.#early ?? []) this.#answer(requests, text);
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

  #enter(session: Session) {
    this.#session = session;
    this.#endsAt = session.expiresAt + expiryMilliseconds;
    this.#connections.lookAt(Math.min(this.#endsAt, this.#heardAt + pingMilliseconds));
    this.#parley.connect(session, this);
  }

  #closed() {
    this.#connections.remove(this);
    this.#outbox.close();
    this.#requests?.end();
    if (this.#session) this.#parley.disconnect(this.#session, this);
  }
}

/** What goes wrong with a connection closes it, which is all there is to do. */
function ignore() {}
