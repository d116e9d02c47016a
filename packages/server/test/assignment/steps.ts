import { InvariantError } from './invariants.ts';
import type { Model } from './model.ts';
import type { OccurrenceRow } from './observation.ts';
import type { LoggedOccurrence } from './occurrence.ts';
import { checkClaims, checkKeys, type Finished, type Step } from './replies.ts';
import type { Act, Script } from './script.ts';
import { checkSettled } from './settled.ts';
import type { Tally } from './tally.ts';
import { tell } from './telling.ts';
import type { World } from './world.ts';

export interface StepsOptions {
  world: World;
  model: Model;
  script: Script;
  tally: Tally;
}

/** In milliseconds. */
export interface Times {
  /** From one act to the next; all are in one turn unless told. */
  apart?: number;
  /** What passes after the last act. */
  wait?: number;
}

/** Takes one step after another, and holds the server against the model after each. */
export class Steps {
  readonly #options: StepsOptions;
  /** The first reply to each key. */
  readonly #replied = new Map<string, Finished>();
  readonly #story: (() => string)[] = [];

  constructor(options: StepsOptions) {
    this.#options = options;
  }

  /** Sends that had a reply. */
  get replied(): readonly Finished[] {
    return [...this.#replied.values()];
  }

  /** Starts everything in this order; lets it run, and some time pass; then looks. */
  async take(acts: readonly Act[], { apart = 0, wait = 0 }: Times = {}): Promise<void> {
    const { world, model } = this.#options;
    const { environment } = world;
    const finished: Finished[] = [];
    const now = environment.now();
    model.stepBegan = now;
    this.#story.push(() => `at ${now}`);
    let open = 0;
    for (const act of acts) {
      this.#story.push(act.story);
      const sending = act.start();
      if (!sending) continue;
      open += 1;
      void sending.then((outcome) => finished.push({ act, outcome, endedAt: environment.now() }));
      if (apart > 0) await environment.advance(apart);
    }
    await environment.advance(wait);
    if (finished.length < open) model.report('faults', 'a send has no end');
    await this.look(finished);
  }

  /** Takes in what happened, and throws when anything is not as it has to be. */
  async look(finished: readonly Finished[] = []): Promise<void> {
    const { world, model, script } = this.#options;
    const pending = new Set<string>();
    for (const { invitation } of model.chats.values()) {
      if (invitation) pending.add(invitation.id);
    }
    const rows = await world.look();
    const step: Step = { finished, occurrences: rows.occurrences.map(read), pending };
    model.rows = rows.assignments;
    this.#learn(step);
    checkClaims(model, step);
    checkKeys(model, this.#replied, step);
    checkSettled(model, rows, world.environment.now());
    for (const fault of world.faults.splice(0)) model.report('faults', String(fault));
    this.judge();
    script.noteInvitations();
    for (const each of finished) {
      const { key } = each.act;
      if (key !== undefined && 'reply' in each.outcome && !this.#replied.has(key)) {
        this.#replied.set(key, each);
      }
    }
  }

  judge(): void {
    const { violations } = this.#options.model;
    if (violations.length === 0) return;
    throw new InvariantError(
      violations,
      this.#story.map((line) => line()),
    );
  }

  /** Takes in replies and occurrences in the order in which they happened. */
  #learn({ finished, occurrences }: Step) {
    let told = 0;
    const tellUpTo = (end: number) => {
      for (; told < end; told += 1) {
        const occurrence = occurrences[told];
        if (occurrence) this.#tell(occurrence);
      }
    };
    for (const { act, outcome, endedAt } of finished) {
      this.#story.push(() => `  ${act.story()} → ${JSON.stringify(outcome)}`);
      if ('reply' in outcome && !('replayed' in outcome.reply)) act.learn?.(outcome.reply, endedAt);
      const { key } = act;
      if (key !== undefined) tellUpTo(occurrences.findLastIndex(({ cause }) => cause === key) + 1);
    }
    tellUpTo(occurrences.length);
  }

  #tell(occurrence: LoggedOccurrence) {
    const { model, tally } = this.#options;
    const { name, data } = occurrence;
    this.#story.push(() => `  ${JSON.stringify(occurrence)}`);
    tally.add(name);
    if ('reason' in data && data.reason !== undefined) tally.add(`${name} ${data.reason}`);
    tell(model, occurrence);
  }
}

function read({ data, position, chat_id, seq, name, at, by_id, cause }: OccurrenceRow) {
  const told = { position, chatId: chat_id, seq, name, at, by: by_id, cause };
  // What the log holds was checked against the event's type when the server was compiled.
  return { ...told, data: JSON.parse(data) } as LoggedOccurrence;
}
