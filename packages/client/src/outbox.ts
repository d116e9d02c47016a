import type { Replied, SendEventsShape } from '@parley/contract/wire';

import { retryDelay } from './backoff.ts';
import { ConnectionLost } from './connection/answer.ts';
import type { Environment } from './environment.ts';
import { disconnected, type EventError } from './errors.ts';
import type { SendOptions } from './events.ts';
import type { Status } from './status.ts';
import type { Transport } from './transport.ts';

/**
 * Which sends are sent again until there is a definite answer, by event name; `queueable` ones also wait while offline.
 * What is not listed has one try.
 */
export type Resending = Readonly<Record<string, 'queueable' | 'repeatable'>>;

export interface OutboxOptions<Send extends SendEventsShape<Send>> {
  transport: Pick<Transport<Send, never>, 'write' | 'send'>;
  resending: Resending;
  environment: Pick<Environment, 'random' | 'scheduler'>;
}

/** A send that has no definite answer yet. */
interface Outgoing {
  readonly name: string;
  readonly rule: Resending[string] | undefined;
  /** What goes to one chat goes one by one. */
  readonly chatId: string | undefined;
  /** Whether an earlier try may have had its effect. */
  isUncertain: boolean;
  /** How often the server has put it off. */
  failures: number;
  /** Takes it back from where it is under way; undefined while it waits for its turn. */
  takeBack: (() => void) | undefined;
  /** Hands it to the connection. */
  post(): () => void;
  /** Ends the promise, and lets go of the signal. */
  fail(reason: unknown): void;
}

/** The most sends that wait while there is no connection. */
const mostWaiting = 500;

/** Refusals that say nothing about the send itself. */
const passing = new Set(['DISCONNECTED', 'OVERLOADED', 'RATE_LIMITED', 'TIMEOUT']);

/** All sends until their definite answers: those to one chat one after another, each again under its key when it was cut. */
export class Outbox<Send extends SendEventsShape<Send>> {
  readonly #options: OutboxOptions<Send>;
  /** What has no answer yet, in the order it was sent in, by chat. The first to each chat is under way; what is to none, all. */
  readonly #lines = new Map<string | undefined, Outgoing[]>();
  #state: 'connecting' | 'open' | 'offline' = 'connecting';

  constructor(options: OutboxOptions<Send>) {
    this.#options = options;
  }

  send<Name extends keyof Send & string>(
    name: Name,
    data: Send[Name]['data'],
    { key, signal }: SendOptions,
  ): Promise<Replied<Send[Name]['reply']>> {
    const { transport, resending } = this.#options;
    return new Promise((resolve, reject) => {
      // Whoever changes the data later has sent what it was.
      const message = transport.write(name, { data, key });
      const rule = resending[name];
      const abort = () => this.#end(outgoing, signal?.reason);
      const letGo = () => signal?.removeEventListener('abort', abort);
      const outgoing: Outgoing = {
        name,
        rule,
        chatId: chatIdIn(data),
        isUncertain: false,
        failures: 0,
        takeBack: undefined,
        post: () =>
          transport.send(name, message, {
            isImpatient: isImpatient(outgoing),
            reply: (reply) => {
              this.#remove(outgoing);
              letGo();
              resolve(reply);
            },
            fail: (error) => this.#failed(outgoing, error),
          }),
        fail(reason) {
          letGo();
          reject(reason);
        },
      };
      signal?.addEventListener('abort', abort);
      this.#add(outgoing);
    });
  }

  /** What has not been sent and does not wait for a connection fails as soon as there is none. */
  note({ state }: Status): void {
    this.#state = state === 'reconnecting' || state === 'expired' ? 'offline' : 'open';
    // The connection gives back what is under way.
    for (const each of this.#all()) if (!each.takeBack) this.#endIfOffline(each);
  }

  /** Ends everything with the reason. */
  clear(reason: EventError): void {
    for (const each of this.#all().toReversed()) this.#end(each, reason);
  }

  #add(outgoing: Outgoing) {
    const { name, chatId } = outgoing;
    const isFull = this.#state !== 'open' && this.#all().length >= mostWaiting;
    const line = this.#lines.get(chatId);
    if (line) line.push(outgoing);
    else this.#lines.set(chatId, [outgoing]);
    if (isFull) this.#end(outgoing, disconnected('offline', name));
    else if (!line || chatId === undefined) this.#post(outgoing);
    else this.#endIfOffline(outgoing);
  }

  #post(outgoing: Outgoing) {
    outgoing.takeBack = undefined;
    if (!this.#endIfOffline(outgoing)) outgoing.takeBack = outgoing.post();
  }

  #endIfOffline(outgoing: Outgoing): boolean {
    const isOver = this.#state === 'offline' && isImpatient(outgoing);
    if (isOver) this.#end(outgoing, disconnected('offline', outgoing.name));
    return isOver;
  }

  #failed(outgoing: Outgoing, error: EventError) {
    const { cause } = error;
    if (outgoing.rule === undefined) return this.#end(outgoing, error);
    if (cause instanceof ConnectionLost) {
      outgoing.isUncertain ||= cause.handed;
      if (isImpatient(outgoing)) this.#end(outgoing, error);
      else this.#post(outgoing);
      return;
    }
    // A refused token says nothing about what an earlier try has done; another one is fetched.
    const isUnknown = error.code === 'UNAUTHORIZED' && outgoing.isUncertain;
    if (passing.has(error.code) || error.retryAfterMs !== undefined || isUnknown) {
      this.#postLater(outgoing, error.retryAfterMs);
    } else {
      this.#end(outgoing, error);
    }
  }

  /** What goes to the same chat waits behind it. */
  #postLater(outgoing: Outgoing, retryAfterMs: number | undefined) {
    const { random, scheduler } = this.#options.environment;
    const wait = retryDelay(retryAfterMs, outgoing.failures, random);
    outgoing.failures += 1;
    outgoing.takeBack = scheduler.after(wait, () => this.#post(outgoing));
  }

  #end(outgoing: Outgoing, reason: unknown) {
    outgoing.takeBack?.();
    this.#remove(outgoing);
    outgoing.fail(reason);
  }

  #remove(outgoing: Outgoing) {
    const { chatId } = outgoing;
    const line = this.#lines.get(chatId) ?? [];
    const index = line.indexOf(outgoing);
    if (index < 0) return;
    // A Map may keep what it has lost until a full garbage collection: here, an empty line.
    line.splice(index, 1);
    if (!line[0]) this.#lines.delete(chatId);
    else if (index === 0 && chatId !== undefined) this.#post(line[0]);
  }

  #all(): Outgoing[] {
    return [...this.#lines.values()].flat();
  }
}

/** Whether it fails rather than wait for a connection. */
function isImpatient({ rule, isUncertain }: Outgoing): boolean {
  return rule !== 'queueable' && !isUncertain;
}

/** The chat a send is about. */
function chatIdIn(data: unknown): string | undefined {
  const { chatId } = Object(data);
  return typeof chatId === 'string' ? chatId : undefined;
}
