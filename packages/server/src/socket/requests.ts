import superjson from 'superjson';

import type { CallContext, ListenCall, SendCall } from '../calls.ts';
import { decodeInput } from '../encoding/decoder.ts';
import { superjsonText } from '../encoding/encoded.ts';
import { encode } from '../encoding/encoder.ts';
import type { Parley } from '../parley.ts';
import { notUnderstood, unknownCall } from '../shape-error.ts';
import type { Message, Request, RequestId } from './message.ts';
import type { Outbox } from './outbox.ts';
import { Subscription } from './subscription.ts';

/** Answers the requests of one connection. */
export class Requests {
  readonly #parley: Parley;
  readonly #context: CallContext;
  readonly #outbox: Outbox;
  readonly #subscriptions = new Map<RequestId, Subscription>();

  constructor(parley: Parley, context: CallContext, outbox: Outbox) {
    this.#parley = parley;
    this.#context = context;
    this.#outbox = outbox;
  }

  answer(message: Message): void {
    switch (message.type) {
      case 'unreadable':
        this.refuse(message.head, notUnderstood());
        break;
      case 'stop':
        this.#stop(message.id);
        break;
      default:
        this.#call(message);
    }
  }

  /** Stops every subscription; replies to come go nowhere. */
  end(): void {
    for (const subscription of this.#subscriptions.values()) subscription.end();
    this.#subscriptions.clear();
  }

  #call(request: Request) {
    const { type, id, head, path } = request;
    const call = this.#parley.calls.get(path);
    if (!call || call.type !== type) this.refuse(head, unknownCall(), path);
    else if (call.type === 'mutation') void this.#send(call, request);
    else if (this.#subscriptions.has(id)) this.refuse(head, notUnderstood(), path);
    else void this.#listen(call, request);
  }

  async #send(call: SendCall, request: Request) {
    const { head, path } = request;
    try {
      const reply = await call.run(this.#context, inputOf(request));
      const text = superjsonText(encode(reply));
      this.#outbox.add(`${head},"result":{"type":"data","data":${text}}}`);
    } catch (error) {
      this.refuse(head, error, path);
    }
  }

  async #listen(call: ListenCall, request: Request) {
    const { id, head, path } = request;
    const subscription = new Subscription({
      head,
      userId: this.#context.session?.user.id ?? '',
      outbox: this.#outbox,
      onFail: (error) => {
        this.refuse(head, error, path);
        this.#stop(id);
      },
    });
    this.#subscriptions.set(id, subscription);
    try {
      await call.open(this.#context, inputOf(request), subscription);
    } catch (error) {
      if (this.#subscriptions.get(id) !== subscription) return;
      this.#subscriptions.delete(id);
      this.refuse(head, error, path);
    }
  }

  #stop(id: RequestId) {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return;
    this.#subscriptions.delete(id);
    subscription.end();
    this.#outbox.add(`${subscription.head},"result":{"type":"stopped"}}`);
  }

  refuse(head: string, error: unknown, path?: string): void {
    const shape = this.#parley.shapeError(error, path);
    this.#outbox.add(`${head},"error":${superjson.stringify(shape)}}`);
  }
}

/** tRPC's clients resume by an event id beside the input; it counts as part of it. */
function inputOf({ input: raw, lastEventId }: Request): unknown {
  const input = decodeInput(raw);
  if (lastEventId === undefined || Array.isArray(input)) return input;
  return typeof (input ?? {}) === 'object' ? { ...Object(input), lastEventId } : input;
}
