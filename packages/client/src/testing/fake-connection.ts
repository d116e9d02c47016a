import type { ListenInput, Occurrence, SendInput, WireErrorShape } from '@parley/contract/wire';
import type { SuperJSONResult } from 'superjson';

import { subjectOf } from '../token.ts';
import { transformer } from '../transformer.ts';
import type { FarEnd, NearEnd } from './fake-web-socket.ts';
import { Refusal } from './refusal.ts';

/** What the connections of a fake server share. */
export interface FakeDesk {
  /** The reply to what a user sends. */
  reply(userId: string, event: string, input: SendInput<unknown>): Promise<unknown>;
  /** What the wire says of what was thrown. */
  shapeOf(error: unknown): WireErrorShape;
  /** Whether the event is kept; undefined when there is no such event. */
  isDurable(event: string): boolean | undefined;
  /** The newest position. */
  head(): number;
  /** What is kept of the event after a position, oldest first. */
  since(event: string, position: number): readonly Addressed[];
}

/** An occurrence, and the users who hear it; everybody without them. */
export interface Addressed {
  occurrence: Occurrence;
  to: readonly string[] | undefined;
}

/** A message of a client's. */
interface Asked {
  id: number | string;
  method: string;
  params?: { path: string; input: SuperJSONResult; lastEventId?: string };
  data?: { token?: string };
}

interface Subscription {
  event: string;
  chatId: string | undefined;
}

/** The server's end of one connection: speaks what docs/protocol.md says. */
export class FakeConnection implements FarEnd {
  readonly #desk: FakeDesk;
  readonly #near: NearEnd;
  readonly #subscriptions = new Map<number | string, Subscription>();
  #userId: string | undefined;

  constructor(desk: FakeDesk, near: NearEnd) {
    this.#desk = desk;
    this.#near = near;
  }

  hear(frame: string): void {
    if (frame === 'PING') return this.#near.say('PONG');
    if (frame === 'PONG') return;
    const messages: Asked[] = [JSON.parse(frame)].flat();
    for (const message of messages) this.#take(message);
  }

  end(): void {
    this.#subscriptions.clear();
  }

  /** Tells of an occurrence whoever subscribed to it. */
  deliver(addressed: Addressed): void {
    for (const id of this.#subscriptions.keys()) this.#tell(id, addressed);
  }

  close(code: number): void {
    this.end();
    this.#near.close(code);
  }

  #take({ id, method, params, data }: Asked) {
    if (method === 'subscription.stop') {
      if (this.#subscriptions.delete(id)) this.#answer(id, { type: 'stopped' });
    } else if (params) {
      const [kind = '', event = ''] = params.path.split(/\.(.*)/s);
      const input = transformer.deserialize(params.input);
      if (kind === 'send') void this.#send(id, event, input as SendInput<unknown>);
      else this.#listen(id, event, { ...(input as ListenInput), ...lastEventIdOf(params) });
    } else if (data) {
      this.#userId = subjectOf(data.token ?? '');
    }
  }

  async #send(id: number | string, event: string, input: SendInput<unknown>) {
    try {
      if (this.#userId === undefined) throw new Refusal('UNAUTHORIZED');
      const reply = await this.#desk.reply(this.#userId, event, input);
      this.#answer(id, { type: 'data', data: transformer.serialize(reply) });
    } catch (error) {
      this.#refuse(id, error);
    }
  }

  #listen(id: number | string, event: string, { chatId, lastEventId }: ListenInput) {
    const isDurable = this.#desk.isDurable(event);
    if (this.#userId === undefined) return this.#refuse(id, new Refusal('UNAUTHORIZED'));
    if (isDurable === undefined) return this.#refuse(id, new Refusal('NOT_FOUND'));
    this.#subscriptions.set(id, { event, chatId });
    const after = lastEventId ?? String(this.#desk.head());
    this.#answer(id, { type: 'started', ...(isDurable && { position: after }) });
    for (const each of this.#desk.since(event, Number(after))) this.#tell(id, each);
  }

  #tell(id: number | string, { occurrence, to }: Addressed) {
    const subscription = this.#subscriptions.get(id);
    if (subscription?.event !== occurrence.name) return;
    if (subscription.chatId !== undefined && subscription.chatId !== occurrence.chatId) return;
    if (to && !to.includes(this.#userId ?? '')) return;
    const { position } = occurrence;
    const place = position === undefined ? undefined : String(position);
    const data = transformer.serialize(place ? { id: place, data: occurrence } : occurrence);
    this.#answer(id, { type: 'data', ...(place && { id: place }), data });
  }

  #refuse(id: number | string, error: unknown) {
    const shape = transformer.serialize(this.#desk.shapeOf(error));
    this.#near.say(JSON.stringify({ id, error: shape }));
  }

  #answer(id: number | string, result: object) {
    this.#near.say(JSON.stringify({ id, result }));
  }
}

function lastEventIdOf({ lastEventId }: { lastEventId?: string }) {
  return lastEventId === undefined ? {} : { lastEventId };
}
