import { connect, type Events, type Occurrence, type Status } from '@parley/client';

import type { PlaygroundEvent } from '../contract/contract.ts';
import { type Frame, FrameReader } from '../timeline/frame.ts';
import { socketUrl } from '../socket-url.ts';
import { createLine, type Line } from './line.ts';
import { fetchToken } from './token.ts';

export const roles = ['customer', 'agent', 'supervisor', 'service'] as const;

export type Role = (typeof roles)[number];

/** Whom a token names. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly rooms?: readonly string[];
  /** One that the user has brought; without it the server is asked for one. */
  readonly token?: string;
}

/** Events whose names are known only when the page runs. */
interface AnySend {
  [name: string]: { data: unknown; reply: unknown; errors: object };
}
interface AnyListen {
  [name: string]: { data: unknown; durable: boolean };
}

/** What an identity has heard, or the place in the log that it has gone back to. */
export type Heard =
  | { readonly id: number; readonly kind: 'occurrence'; readonly occurrence: Occurrence }
  | { readonly id: number; readonly kind: 'resumed'; readonly after: string };

/** How an identity is at one moment; a new object after each change. */
export interface View {
  readonly status: Status;
  readonly isCut: boolean;
  readonly listening: ReadonlySet<string>;
  /** Newest first, as are the frames. */
  readonly heard: readonly Heard[];
  readonly frames: readonly Frame[];
}

export interface IdentityOptions {
  user: User;
  /** All events there are; it listens to those that can be listened to. */
  events: readonly PlaygroundEvent[];
  onHeard(occurrence: Occurrence): void;
}

/** Older lines are dropped. */
const most = 300;

/** Somebody who is connected: sends, listens, and shows what goes over the line. */
export class Identity {
  readonly user: User;
  readonly #events: Events<AnySend, AnyListen>;
  readonly #line: Line;
  /** The names of what is kept. */
  readonly #durable: readonly string[];
  readonly #watchers = new Set<() => void>();
  #view: View;
  #count = 0;

  constructor({ user, events, onHeard }: IdentityOptions) {
    this.user = user;
    this.#durable = events.filter(({ listen }) => listen?.durable).map(({ name }) => name);
    const reader = new FrameReader(() => performance.now());
    this.#view = {
      status: { state: 'connecting' },
      isCut: false,
      listening: new Set(),
      heard: [],
      frames: [],
    };
    this.#line = createLine({
      onFrame: (direction, text) =>
        this.#addFrame(direction, new Blob([text]).size, reader.read(direction, text)),
      onOpen: () => {
        reader.begin();
        this.#addFrame('line', 0, [{ kind: 'line', label: 'opened' }]);
      },
      onClose: (code) => this.#addFrame('line', 0, [{ kind: 'line', label: `closed (${code})` }]),
    });
    this.#events = connect<AnySend, AnyListen>({
      url: socketUrl(location),
      token: async () => {
        await this.#line.whole();
        return user.token ?? fetchToken(user);
      },
      WebSocket: this.#line.WebSocket,
      resending: Object.fromEntries(events.flatMap(ruleOf)),
      environment: { whenOnline: (task) => this.#line.whenMended(task) },
    });
    this.#events.onStatus((status) => this.#change({ status }));
    this.#events.onAny((_, occurrence) => {
      this.#addHeard({ kind: 'occurrence', occurrence });
      onHeard(occurrence);
    });
    for (const { name, listen } of events) if (listen) this.listen(name);
  }

  /** Whom its token names. */
  get userId(): string {
    return this.#events.userId ?? this.user.id;
  }

  get view(): View {
    return this.#view;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  send(name: string, data: unknown): Promise<unknown> {
    return this.#events.send(name, data);
  }

  /** Listens to an event; from after a position on, if there is one. */
  listen(name: string, cursor?: string): void {
    this.#events.subscribe(name, nothing, { cursor });
    this.#change({ listening: new Set([...this.#view.listening, name]) });
  }

  ignore(name: string): void {
    this.#events.unsubscribe(name);
    this.#change({ listening: new Set([...this.#view.listening].filter((each) => each !== name)) });
  }

  /** Hears again all that is kept and came after a position. */
  resume(after: string): void {
    const names = this.#durable.filter((name) => this.#view.listening.has(name));
    for (const name of names) this.#events.unsubscribe(name);
    this.#addHeard({ kind: 'resumed', after });
    for (const name of names) this.#events.subscribe(name, nothing, { cursor: after });
  }

  drop(): void {
    this.#line.cut();
    this.#change({ isCut: true });
  }

  reconnect(): void {
    this.#line.mend();
    this.#change({ isCut: false });
  }

  clear(): void {
    this.#change({ heard: [], frames: [] });
  }

  close(): void {
    void this.#events.close();
  }

  #addHeard(heard: DistributiveOmit<Heard, 'id'>) {
    this.#change({ heard: [{ ...heard, id: this.#nextId() }, ...this.#view.heard].slice(0, most) });
  }

  #addFrame(direction: Frame['direction'], bytes: number, parts: Frame['parts']) {
    const frame = { id: this.#nextId(), at: new Date(), direction, bytes, parts };
    this.#change({ frames: [frame, ...this.#view.frames].slice(0, most) });
  }

  #nextId(): number {
    this.#count += 1;
    return this.#count;
  }

  #change(change: Partial<View>) {
    this.#view = { ...this.#view, ...change };
    for (const watcher of this.#watchers) watcher();
  }
}

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never;

/** Which sends are sent again after a lost connection: as the generated lists of the packages say. */
function ruleOf({ name, send }: PlaygroundEvent): [string, 'queueable' | 'repeatable'][] {
  if (!send || (send.effect === 'ephemeral' && !send.queueable)) return [];
  return [[name, send.queueable ? 'queueable' : 'repeatable']];
}

/** What is heard is told by `onAny`. */
function nothing(): void {}
