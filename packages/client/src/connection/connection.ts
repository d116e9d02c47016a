import { reconnectDelay } from '../backoff.ts';
import type { Environment } from '../environment.ts';
import type { DeprecatedUse, Status } from '../status.ts';
import { ConnectionLost } from './answer.ts';
import type { Call } from './call.ts';
import { usualFrameBytes } from './frames.ts';
import { createRenewal, type Renewal } from './renewal.ts';
import { Socket } from './socket.ts';

export interface ConnectionOptions {
  url: string;
  /** Called for each connection. */
  token(): Promise<string>;
  /** For a platform without a global one. */
  WebSocket?: typeof WebSocket | undefined;
  environment: Environment;
  onStatus(status: Status): void;
}

/** A connection that comes back by itself: its sockets one after the other, and what is asked over them. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #WebSocket: typeof WebSocket;
  /** All that are not closed: the one calls go to, the one that is opening, those that are being left. */
  readonly #sockets = new Set<Socket>();
  /** The one calls go to. */
  #current: Socket | undefined;
  /** Those that have not ended, to be asked again on the next socket. */
  readonly #subscriptions = new Set<Call>();
  /** Calls that have not been sent yet. */
  #waiting: Call[] = [];
  #gathering = false;
  /** Tries in a row that led to no socket whose token the server accepts. */
  #failures = 0;
  /** Cancels the next try; undefined while there is no need for one, or one is being made. */
  #cancelTry: (() => void) | undefined;
  /** Whether a token or a socket is on its way. */
  #opening = false;
  #next: Socket | undefined;
  #token = '';
  /** How many bytes the server accepts in a frame, as far as is known. */
  #frameBytes = usualFrameBytes;
  readonly #renewal: Renewal;
  /** What the server has said is on its way out, of what was used here. */
  readonly #deprecated = new Map<string, DeprecatedUse>();
  /** Why it is closed for good. */
  #closed: Error | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { WebSocket = globalThis.WebSocket } = options;
    if (WebSocket === undefined)
      throw new Error('There is no WebSocket here. Pass one to connect.');
    this.#WebSocket = WebSocket;
    this.#renewal = createRenewal({
      environment: options.environment,
      token: options.token,
      call: (call) => this.call(call),
      onRenewed: (token) => {
        this.#token = token;
        this.#renewal.follow(token);
      },
    });
    this.#open().catch(options.environment.report);
  }

  /** The newest token. */
  get token(): string {
    return this.#token;
  }

  /** Sends the call, together with all that are made in the same tick. Returns what takes it back. */
  call(call: Call): () => void {
    if (this.#closed) {
      call.end(this.#closed);
      return () => {};
    }
    if (call.subscribes) this.#subscriptions.add(call);
    this.#waiting.push(call);
    this.#gather();
    return () => this.#drop(call);
  }

  /** Ends for good; requests without a reply end with the reason. */
  close(reason: Error = new ConnectionLost(false)): void {
    if (this.#closed) return;
    this.#closed = reason;
    this.#cancelTry?.();
    this.#renewal.stop();
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#subscriptions.clear();
    for (const socket of this.#sockets) socket.close(reason);
    for (const call of waiting) if (!call.subscribes) call.end(reason);
  }

  #gather() {
    if (this.#gathering || !this.#current) return;
    this.#gathering = true;
    queueMicrotask(() => this.#flush());
  }

  #flush() {
    this.#gathering = false;
    // What is not sent now waits for room, or for the next socket.
    if (!this.#current?.isOpen) return;
    const calls = this.#waiting;
    this.#waiting = [];
    const ready: Call[] = [];
    let { room } = this.#current;
    for (const call of calls) {
      if (call.subscribes || room-- > 0) ready.push(call);
      else this.#waiting.push(call);
    }
    this.#current.send(ready);
  }

  #drop(call: Call) {
    this.#subscriptions.delete(call);
    const index = this.#waiting.indexOf(call);
    if (index >= 0) this.#waiting.splice(index, 1);
    for (const socket of this.#sockets) socket.drop(call);
  }

  async #open() {
    this.#cancelTry?.();
    this.#cancelTry = undefined;
    this.#opening = true;
    const { url, environment, onStatus } = this.#options;
    try {
      this.#token = await this.#options.token();
    } catch (tokenFailure) {
      this.#opening = false;
      this.#failures += 1;
      this.#retry({ tokenFailure });
      return;
    }
    if (this.#closed) return;
    const socket = new Socket({
      url,
      token: this.#token,
      frameBytes: this.#frameBytes,
      WebSocket: this.#WebSocket,
      environment,
      onOpen: () => this.#moveTo(socket),
      onAccepted: () => {
        this.#failures = 0;
      },
      onLost: () => this.#lost(socket),
      onRefused: () => {
        onStatus({ state: 'expired' });
        this.#lost(socket);
      },
      onFrameBytes: (bytes) => {
        this.#frameBytes = bytes;
      },
      onNotice: (notice) => {
        // One that is being left may say what it likes.
        if (socket !== this.#current || this.#opening || this.#cancelTry) return;
        if (notice.method === 'reconnect') return this.#retry();
        for (const use of notice.params) this.#deprecated.set(use.event, use);
        this.#tellOpen();
      },
      onRoom: () => {
        if (this.#waiting.length > 0) this.#gather();
      },
      onStarted: (call) => {
        for (const other of this.#sockets) if (other !== socket) other.drop(call);
      },
      onEnd: (call) => this.#subscriptions.delete(call),
    });
    this.#sockets.add(socket);
    this.#next = socket;
  }

  /** From now on everything goes to the socket. The one before delivers until each subscription has started anew. */
  #moveTo(socket: Socket) {
    const previous = this.#current;
    this.#current = socket;
    this.#next = undefined;
    this.#opening = false;
    const requests = this.#waiting.filter(({ subscribes }) => !subscribes);
    this.#waiting = [...this.#subscriptions, ...requests];
    previous?.leave();
    this.#renewal.follow(this.#token);
    this.#tellOpen();
    this.#flush();
  }

  #tellOpen() {
    const deprecated = [...this.#deprecated.values()];
    this.#options.onStatus({ state: 'open', ...(deprecated[0] && { deprecated }) });
  }

  #lost(socket: Socket) {
    this.#sockets.delete(socket);
    if (socket === this.#next) {
      this.#next = undefined;
      this.#opening = false;
    } else if (socket === this.#current) {
      this.#current = undefined;
      this.#renewal.stop();
    } else {
      return;
    }
    // While the server that sent the client away still answers, a try in vain is no reason to wait longer later.
    if (!this.#current) this.#failures += 1;
    this.#retry();
  }

  /** Says how things are, and opens another socket in a while unless one is opening now. */
  #retry(why: { tokenFailure?: unknown } = {}) {
    if (this.#closed) return;
    const { environment, onStatus } = this.#options;
    let delay = 0;
    if (!this.#opening) {
      delay = reconnectDelay(this.#failures, environment.random);
      this.#cancelTry?.();
      this.#cancelTry = this.#tryAfter(delay);
    }
    const attempt = Math.max(this.#failures, 1);
    const nextTryAt = new Date(environment.now() + delay);
    // An open socket is left only when the server asks for it.
    onStatus(
      this.#current ? { state: 'draining' } : { state: 'reconnecting', attempt, nextTryAt, ...why },
    );
    if (!this.#current) this.#endImpatient();
  }

  #endImpatient() {
    for (const call of this.#waiting.filter(({ isImpatient }) => isImpatient)) {
      this.#drop(call);
      call.end(new ConnectionLost(false));
    }
  }

  #tryAfter(delay: number): () => void {
    const { scheduler, whenOnline, report } = this.#options.environment;
    const open = () => {
      this.#open().catch(report);
    };
    const cancelTimer = scheduler.after(delay, open);
    const cancelOnline = whenOnline(open);
    return () => {
      cancelTimer();
      cancelOnline();
    };
  }
}
