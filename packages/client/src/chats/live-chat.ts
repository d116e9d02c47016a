import type { Occurrence } from '@parley/contract/wire';
import type { ChatActivity, ListenEvents } from '@parley/contract/types';

import { isEventError } from '../errors.ts';
import { firstOf } from '../first-of.ts';
import { Activity } from './activity.ts';
import type { ActivityMonitor } from './activity-monitor.ts';
import type { ChatEvents } from './chat-events.ts';
import { ChatState } from './chat-state.ts';
import type { Connection } from './connection.ts';
import { fetchChat, type FetchedChat } from './fetch-chat.ts';
import { hear, type HeardEvent, type HearingChat } from './hearing.ts';
import { Messages } from './messages.ts';
import { NamedListeners } from './named-listeners.ts';
import type { Search } from './search.ts';
import type { ChatHearer } from './shared-listeners.ts';

/** A chat that is kept up to date by what is fetched and heard. */
export class LiveChat implements ChatHearer, HearingChat {
  readonly id: string;
  readonly state: ChatState;
  readonly messages = new Messages();
  readonly activity = new Activity();
  readonly listeners: NamedListeners<ChatEvents>;
  readonly searches = new Set<Search>();
  readonly monitors = new Set<ActivityMonitor>();
  readonly #connection: Connection;
  readonly #end = new AbortController();
  /** The position up to which everything was there from the start, so that hearing of it is no news. */
  readonly #since: number;
  #refreshing = new AbortController();
  /** The seq after which messages may be missing; none may unless a fetch is under way. */
  #gapAfter: number | undefined;
  #wasIn: boolean;
  #gone = false;

  constructor(connection: Connection, { view, history, cursor }: FetchedChat) {
    this.id = view.id;
    this.#connection = connection;
    this.#since = cursor;
    this.state = new ChatState(view, cursor, connection.userId);
    this.#wasIn = this.isIn;
    const { report } = connection.environment;
    this.listeners = new NamedListeners({ report, life: this.life });
    this.messages.add(history);
    this.activity.take(this.#ofOthers(view.activity));
  }

  /** Aborted when nothing is heard of the chat any more. */
  get life(): AbortSignal {
    return this.#end.signal;
  }

  get userId(): string | undefined {
    return this.#connection.userId;
  }

  /** Whether the user is a member or a watcher. */
  get isIn(): boolean {
    return this.state.has(this.userId);
  }

  /** Whether the user has left, or may not see the chat any more. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Whether anybody is there to be told what the user does. */
  get takesActivity(): boolean {
    return !this.#gone && !this.life.aborted && this.state.standing.status !== 'closed';
  }

  get emit() {
    return this.listeners.emit;
  }

  hear<Name extends HeardEvent>(
    name: Name,
    data: ListenEvents[Name]['data'],
    occurrence: Occurrence<Name, ListenEvents[Name]['data']>,
  ): void {
    if (this.life.aborted || (occurrence.position ?? Infinity) <= this.#since) return;
    hear[name](this, data, occurrence);
    this.changed();
  }

  /** Something is different now, which may be the end. */
  changed(): void {
    if (this.#wasIn && !this.isIn && !this.#gone) return this.go();
    this.#wasIn = this.isIn;
    if (!this.takesActivity) this.#stopMonitors();
    this.emit('chat:changed', { chatId: this.id });
  }

  /** The connection is lost: nobody tells when somebody stops writing. */
  lose(): void {
    this.#tell(this.activity.lose());
    this.changed();
  }

  /** What was imported meanwhile may lie further back than what a fetch brings. */
  dropImported(): void {
    this.messages.dropImported();
  }

  /** The connection is back. */
  restore(): void {
    for (const monitor of this.monitors) monitor.repeat();
    this.refresh();
  }

  /** Fetches what could not be heard. */
  readonly refresh = (): void => {
    this.#refreshing.abort();
    this.#refreshing = new AbortController();
    const after = (this.#gapAfter ??= Math.max(this.messages.kept.at(-1)?.seq ?? 0, 0));
    const signal = firstOf(this.life, this.#refreshing.signal);
    fetchChat(this.#connection, this.id, { signal, after }).then(
      (fetched) => this.#take(fetched, after),
      (error: unknown) => {
        if (signal.aborted) return;
        if (isEventError(error, 'chats:get') && error.code === 'NOT_FOUND') this.go();
        else this.#connection.environment.report(error);
      },
    );
  };

  /** Nothing is heard of the chat from now on. */
  end(): void {
    if (this.life.aborted) return;
    this.#stopMonitors();
    this.lose();
    this.#end.abort();
  }

  /** The chat is no more what it was: the user has left it, or may not see it, or the server has another store. */
  go() {
    this.#gone = true;
    this.emit('chat:gone', { chatId: this.id });
    this.end();
  }

  #stopMonitors() {
    for (const monitor of this.monitors) monitor.stop();
    this.monitors.clear();
  }

  #take({ view, history, cursor }: FetchedChat, after: number) {
    this.#gapAfter = undefined;
    this.state.take(view, cursor, this.userId);
    // Only the occurrence tells which of one's own messages a pending one has become.
    const certain =
      this.messages.pending.length === 0
        ? history
        : history.filter(({ sender }) => sender.id !== this.userId);
    for (const message of this.messages.add(certain)) {
      if (message.seq > after) this.emit('message:received', { message });
    }
    this.#tell(this.activity.take(this.#ofOthers(view.activity)));
    for (const search of this.searches) search.look(view);
    this.changed();
  }

  #tell(activity: readonly ChatActivity[]) {
    for (const each of activity) this.emit('user:activity', { chatId: this.id, ...each });
  }

  #ofOthers(activity: readonly ChatActivity[]): ChatActivity[] {
    return activity.filter(({ userId }) => userId !== this.userId);
  }
}
