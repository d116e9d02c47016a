import type { Role, SendEvents } from '@parley/contract';
import { createParley, EventError, type ParleyOptions, type Session } from '@parley/server';

import { createObserver, type Observation } from './observation.ts';
import type { RoomPolicy } from './sequence.ts';
import { createVirtualEnvironment, type VirtualEnvironment } from './virtual-environment.ts';

export type SendName = keyof SendEvents;

/** How a send ended. */
export type Outcome = { reply: object } | { refusal: string };

export interface WorldOptions extends Partial<ParleyOptions> {
  /** `sqlite::memory:` unless told; a file lives on through restarts. */
  store?: string;
}

/** Parley itself, from its calls to SQLite, without a network, in an environment that the test moves. */
export class World implements AsyncDisposable {
  readonly environment: VirtualEnvironment;
  /** What went wrong inside, since somebody looked. */
  faults: unknown[] = [];
  readonly #options: WorldOptions;
  readonly #attendances = new Map<number, { expel(): void }>();
  readonly #rooms: Record<string, RoomPolicy & { algorithm: string }> = {};
  readonly #observer = createObserver();
  readonly #look: Session = session('observer', 'service', 0);
  #parley: Awaited<ReturnType<typeof createParley>> | undefined;

  private constructor(environment: VirtualEnvironment, options: WorldOptions) {
    this.environment = environment;
    this.#options = options;
  }

  static async open(
    options: WorldOptions = {},
    environment: VirtualEnvironment = createVirtualEnvironment(),
  ): Promise<World> {
    const world = new World(environment, options);
    await world.#start();
    return world;
  }

  get #running() {
    if (!this.#parley) throw new Error('The server is down.');
    return this.#parley;
  }

  async #start(): Promise<void> {
    const { events = [], handlers = [], ...options } = this.#options;
    const opening = createParley({
      store: 'sqlite::memory:',
      auth: { secret: 'nobody brings a token here' },
      ...options,
      rooms: this.#rooms,
      events: [...events, ...this.#observer.events],
      handlers: [...handlers, ...this.#observer.handlers],
      environment: this.environment,
      // A busy machine is none of a virtual clock's business: a stall of one second there would be many here.
      loopDelay: { take: () => 0, [Symbol.dispose]: () => {} },
      onError: (error) => this.faults.push(error),
    });
    this.#parley = await this.environment.finish(opening);
  }

  /** The server stops in order, is away for a while, and starts again from its store. Nobody is connected then. */
  async restart(milliseconds: number, beforeStart: () => void): Promise<void> {
    await this.environment.finish(this.#running[Symbol.asyncDispose]());
    this.environment.jump(milliseconds);
    beforeStart();
    await this.#start();
  }

  setRoom(name: string, policy: RoomPolicy, algorithm: string): void {
    this.#rooms[name] = { ...policy, algorithm };
  }

  forgetRoom(name: string): void {
    delete this.#rooms[name];
  }

  connect(who: Session): void {
    const attendance = { expel: () => this.disconnect(who) };
    this.#attendances.set(who.connectionId, attendance);
    this.#running.connect(who, attendance);
  }

  disconnect(who: Session): void {
    const attendance = this.#attendances.get(who.connectionId);
    if (attendance) this.#running.disconnect(who, attendance);
  }

  /** Sends; the promise ends once the environment is let run. */
  async send<Name extends SendName>(
    who: Session,
    name: Name,
    data: SendEvents[Name]['data'],
    key?: string,
  ): Promise<Outcome> {
    return this.#send(who, name, data, key);
  }

  async #send(who: Session, name: string, data: unknown, key?: string): Promise<Outcome> {
    const call = this.#running.calls.get(`send.${name}`);
    if (call?.type !== 'mutation') throw new Error(`Nobody can send ${name}.`);
    const context = { session: who };
    const now = this.environment.now();
    const overload = call.shed(context, now);
    if (overload) return { refusal: overload.error.code };
    try {
      const { reply } = await call.run(context, { data, key }, now);
      return { reply: Object(reply) };
    } catch (error) {
      if (error instanceof EventError && error.code !== 'INTERNAL') return { refusal: error.code };
      this.faults.push(error);
      return { refusal: 'INTERNAL' };
    }
  }

  /** Reads the tables and what is new in the log. */
  async look(): Promise<Observation> {
    await this.environment.finish(this.#send(this.#look, 'model:look', {}));
    return this.#observer.seen;
  }

  /** Lets the server know who somebody is, which else a token tells. */
  async meet(people: readonly { id: string; role: Role }[]): Promise<void> {
    const users = people.map(({ id, role }) => ({ id, role }));
    await this.environment.finish(this.#send(this.#look, 'model:meet', { users }));
  }

  turnPage(): void {
    this.#observer.turnPage();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.environment.finish(this.#running[Symbol.asyncDispose]());
  }
}

/** One connection of somebody; no two have the same number. */
export function session(id: string, role: Role, connectionId: number, tier?: number): Session {
  return {
    user: { id, role },
    role,
    tier,
    expiresAt: Number.MAX_SAFE_INTEGER,
    connectionId,
  };
}
