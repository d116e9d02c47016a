import type { Deprecation } from '@parley/contract';

import type { Session } from '../access/session.ts';
import type { CallContext, ListenCall, SendCall } from '../calls.ts';
import { shortText, superjsonText } from '../encoding/encoded.ts';
import { encode } from '../encoding/encoder.ts';
import type { EventError } from '../event-error.ts';
import type { Load } from '../guard.ts';
import { Obedience } from '../overload/obedience.ts';
import type { Overload } from '../overload/overload.ts';
import type { Parley } from '../parley.ts';
import { closeCodes } from './close-codes.ts';
import { notUnderstood, unknownCall } from '../shape-error.ts';
import { type Allowance, write } from './allowance.ts';
import {
  type Extensions,
  headWithoutId,
  type Message,
  type Request,
  type RequestId,
} from './message.ts';
import type { Outbox } from './outbox.ts';
import { type Subscribing, Subscription } from './subscription.ts';

export interface RequestsOptions {
  parley: Parley;
  context: CallContext;
  outbox: Outbox;
  extensions: Extensions;
}

/** Answers the requests of one connection. It brings to each what there is to bring, so that nothing else is kept for that. */
export class Requests implements Subscribing, CallContext, Load {
  readonly outbox: Outbox;
  readonly extensions: Extensions;
  readonly session: Session | undefined;
  readonly refusal: EventError | undefined;
  sends = 0;
  subscriptions = 0;
  readonly #parley: Parley;
  /** The first subscription, which knows the next: a list of its own takes more memory than an idle one can spare. */
  #first: Subscription | undefined;
  /** The deprecated events it was told of. */
  #noticed: Set<string> | undefined;
  #sendsUnderWay = 0;
  /** Whoever waits until there are none. */
  #onSettled: (() => void) | undefined;
  /** Of a client that was told to wait. */
  #obedience: Obedience | undefined;

  constructor({ parley, context, outbox, extensions }: RequestsOptions) {
    this.outbox = outbox;
    this.extensions = extensions;
    this.#parley = parley;
    this.session = context.session;
    this.refusal = context.refusal;
  }

  get userId(): string {
    return this.session?.user.id ?? '';
  }

  get load(): Load {
    return this;
  }

  /** Answers a message of a frame that has this allowance. */
  answer(message: Message, allowance: Allowance): void {
    switch (message.type) {
      case 'unreadable':
        if (message.idIsLong) this.#parley.guard.reached('idLength');
        this.refuse(message.head, notUnderstood(), allowance);
        break;
      case 'stop':
        this.#stop(message.id);
        break;
      default:
        this.#call(message, allowance);
    }
  }

  /** Stops every subscription; replies to come go nowhere. */
  end(): void {
    for (let each = this.#first; each; each = each.next) each.end();
    this.#first = undefined;
    this.subscriptions = 0;
  }

  /** Resolves when each send that has come is answered. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#sendsUnderWay === 0) resolve();
      else this.#onSettled = resolve;
    });
  }

  /**
   * Tells how far each subscription has come: its id, the position of its last delivery, and the one up to which there is
   * nothing more for it. A client that has not had that last delivery has found a hole, though nothing follows it.
   */
  tellPositions(): void {
    const told: [id: RequestId, last: string, upTo: string][] = [];
    for (let each = this.#first; each; each = each.next) {
      const { id, positions } = each;
      if (positions) told.push([id, String(positions.last), String(positions.upTo)]);
    }
    if (told.length === 0) return;
    this.outbox.add(`${headWithoutId},"method":"positions","params":${JSON.stringify(told)}}`);
  }

  fail(subscription: Subscription, error: unknown): void {
    const shape = this.#parley.shapeError(error, `listen.${subscription.name}`);
    this.outbox.add(write(subscription.head, shape));
    this.#stop(subscription.id);
  }

  refuse(head: string, error: unknown, allowance: Allowance, path?: string): void {
    this.outbox.add(allowance.refusal(head, this.#parley.shapeError(error, path)));
  }

  /** Refuses all calls of a frame alike; what stops a subscription is done. */
  refuseAll(messages: readonly Message[], error: EventError, allowance: Allowance): void {
    for (const message of messages) {
      if (message.type === 'stop') this.#stop(message.id);
      else this.refuse(message.head, error, allowance);
    }
  }

  #call(request: Request, allowance: Allowance) {
    const { type, id, head, path } = request;
    const call = this.#parley.calls.get(path);
    if (type === 'subscription' && this.#subscriptionOf(id))
      this.refuse(head, notUnderstood(), allowance, path);
    else if (!call || call.type !== type) this.refuse(head, unknownCall(), allowance, path);
    else {
      if (call.deprecated && this.extensions.wantsNotices) this.#notice(call.name, call.deprecated);
      if (call.type === 'subscription') void this.#listen(call, request, allowance);
      else {
        const now = this.#parley.environment.now();
        const overload = call.shed(this, now);
        if (overload) this.#shed(overload, request, now, allowance);
        else void this.#send(call, request, now, allowance);
      }
    }
  }

  /** Refuses a send of which nothing is read but its id and its path. */
  #shed(overload: Overload, { head, path }: Request, now: number, allowance: Allowance) {
    const { error } = overload;
    const told = overload.text(() => write('', this.#parley.shapeError(error, path)));
    const whole = head + told;
    if (allowance.takes(whole)) this.outbox.add(whole);
    else this.refuse(head, error, allowance, path);
    this.#note(error, now);
  }

  /** Tells once that an event is on its way out. */
  #notice(event: string, { since, use }: Deprecation) {
    if (this.#noticed?.has(event)) return;
    (this.#noticed ??= new Set()).add(event);
    const params = JSON.stringify([{ event, since, use }]);
    this.outbox.add(`${headWithoutId},"method":"deprecated","params":${params}}`);
  }

  async #send(call: SendCall, request: Request, now: number, allowance: Allowance) {
    const { head, path } = request;
    this.#sendsUnderWay += 1;
    try {
      const { reply, encoded } = await call.run(this, this.#inputOf(request), now);
      const written = encoded ?? encode(reply);
      const short = this.extensions.takesShort ? shortText(written) : undefined;
      const text = short ?? `"result":{"type":"data","data":${superjsonText(written)}}`;
      this.outbox.add(`${head},${text}}`);
    } catch (error) {
      this.refuse(head, error, allowance, path);
    } finally {
      this.#sendsUnderWay -= 1;
      if (this.#sendsUnderWay === 0) this.#onSettled?.();
    }
  }

  #note({ retryAfterMs = 0 }: EventError, now: number) {
    this.#obedience ??= new Obedience();
    if (!this.#obedience.refused(now, retryAfterMs)) return;
    this.outbox.end(closeCodes.tooMany, 'takes no notice of retryAfterMs');
  }

  async #listen(call: ListenCall, request: Request, allowance: Allowance) {
    const { guard } = this.#parley;
    if (this.subscriptions >= guard.limits.subscriptions) {
      this.refuse(request.head, guard.refusal('subscriptions'), allowance, request.path);
      return;
    }
    const subscription = new Subscription(this, call, request);
    this.#append(subscription);
    try {
      await call.open(this, this.#inputOf(request), subscription);
    } catch (error) {
      // Nobody waits for the answer to what was stopped meanwhile.
      if (this.#remove(subscription)) this.refuse(request.head, error, allowance, request.path);
    }
  }

  #stop(id: RequestId) {
    const subscription = this.#subscriptionOf(id);
    if (!subscription) return;
    this.#remove(subscription);
    subscription.end();
    this.outbox.add(`${subscription.head},"result":{"type":"stopped"}}`);
  }

  #subscriptionOf(id: RequestId): Subscription | undefined {
    let each = this.#first;
    while (each && each.id !== id) each = each.next;
    return each;
  }

  #append(subscription: Subscription) {
    this.subscriptions += 1;
    let last = this.#first;
    while (last?.next) last = last.next;
    if (last) last.next = subscription;
    else this.#first = subscription;
  }

  /** Whether it was there. */
  #remove(subscription: Subscription): boolean {
    let before: Subscription | undefined;
    let each = this.#first;
    while (each && each !== subscription) {
      before = each;
      each = each.next;
    }
    if (!each) return false;
    if (before) before.next = each.next;
    else this.#first = each.next;
    this.subscriptions -= 1;
    return true;
  }

  /** tRPC's clients resume by an event id beside the input; it counts as part of it. */
  #inputOf({ input: raw, lastEventId }: Request): unknown {
    const input = this.#parley.readInput(raw);
    if (lastEventId === undefined || Array.isArray(input)) return input;
    return typeof (input ?? {}) === 'object' ? { ...Object(input), lastEventId } : input;
  }
}
