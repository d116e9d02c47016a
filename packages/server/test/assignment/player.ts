import type { Definition } from './algorithms.ts';
import { InvariantError, type Violation } from './invariants.ts';
import { Model } from './model.ts';
import type { OccurrenceRow } from './observation.ts';
import type { LoggedOccurrence } from './occurrence.ts';
import { People } from './people.ts';
import { checkClaims, checkRepeat, type Finished, type Step } from './replies.ts';
import { type Act, Script } from './script.ts';
import { changesRouting, type Command, type Sequence } from './sequence.ts';
import { checkSettled } from './settled.ts';
import type { Tally } from './tally.ts';
import { tell } from './telling.ts';
import type { World } from './world.ts';

/** An algorithm under test, and its definition written a second time. */
export interface Tested {
  name: string;
  definition: Definition;
  slow: boolean;
}

/** Longer than anything in an assignment takes, in milliseconds. */
const longTime = 4 * 3600 * 1000;

/** Plays sequences, one after another, and holds every step against the model. */
export class Player {
  readonly #world: World;
  readonly #tested: Tested;
  readonly #tally: Tally;
  #played = 0;
  #position = 0;

  constructor(world: World, tested: Tested, tally: Tally) {
    this.#world = world;
    this.#tested = tested;
    this.#tally = tally;
  }

  /** Throws an `InvariantError` when something did not hold. The world is of no further use then. */
  async play(sequence: Sequence): Promise<void> {
    this.#played += 1;
    const run = new Run(this.#world, this.#tested, sequence, {
      prefix: `s${this.#played}`,
      position: this.#position,
      tally: this.#tally,
    });
    await run.play();
    this.#position = run.position;
  }
}

interface Place {
  /** What makes the names of this sequence its own. */
  prefix: string;
  /** The newest position of the log. */
  position: number;
  tally: Tally;
}

class Run {
  readonly #world: World;
  readonly #model: Model;
  readonly #people: People;
  readonly #script: Script;
  readonly #sequence: Sequence;
  readonly #rooms: readonly [string, string];
  readonly #tally: Tally;
  readonly #violations: Violation[] = [];
  readonly #sent: Finished[] = [];
  readonly #story: (() => string)[] = [];

  constructor(world: World, tested: Tested, sequence: Sequence, place: Place) {
    const { prefix, position } = place;
    const [first, second] = sequence.policies;
    this.#tally = place.tally;
    this.#world = world;
    this.#sequence = sequence;
    this.#rooms = [`${prefix}-first`, `${prefix}-second`];
    world.environment.reseed(sequence.seed);
    world.setRoom(this.#rooms[0], first, tested.name);
    world.setRoom(this.#rooms[1], second, tested.name);
    this.#model = new Model({
      rooms: [
        { name: this.#rooms[0], policy: first },
        { name: this.#rooms[1], policy: second },
      ],
      algorithm: tested.name,
      definition: tested.definition,
      slow: tested.slow,
      position,
      report: (invariant, message) => this.#violations.push({ invariant, message }),
    });
    this.#people = new People(world, this.#model, {
      agents: sequence.agents.map(({ tier }, index) => ({
        id: `${prefix}-agent-${index + 1}`,
        role: 'agent',
        tier,
      })),
      customers: sequence.customers.map((_, index) => ({
        id: `${prefix}-customer-${index + 1}`,
        role: 'customer',
      })),
      service: { id: `${prefix}-backend`, role: 'service' },
    });
    this.#script = new Script(world, this.#model, this.#people, this.#rooms);
  }

  get position(): number {
    return this.#model.position;
  }

  async play(): Promise<void> {
    const { agents, customers, commands } = this.#sequence;
    if (needsUsers(commands)) {
      await this.#world.meet(this.#people.all.map(({ id, role }) => ({ id, role })));
    }
    await this.#turn(
      agents.flatMap((login, index) => this.#script.login(this.#people.agents[index], login) ?? []),
    );
    await this.#turn(
      customers.flatMap((first, customer) => {
        return this.#script.actsOf({ kind: 'create', customer, ...first }) ?? [];
      }),
    );
    await this.#turn(
      customers.flatMap(({ assigned }, chat) => {
        const by = 'customer' as const;
        const command = { kind: 'assign', chat, by, options: undefined } as const;
        return (assigned && this.#script.actsOf(command)) || [];
      }),
    );
    for (const command of commands) await this.#do(command);
    await this.#end();
  }

  async #do(command: Command): Promise<void> {
    const { environment } = this.#world;
    switch (command.kind) {
      case 'together':
        return this.#turn(command.commands.flatMap((each) => this.#script.actsOf(each) ?? []));
      case 'race': {
        const { nextTimer } = environment;
        // A slow algorithm's answer and such a send are on their way together, and nobody can tell which was first.
        if (this.#model.slow && changesRouting(command.command)) return;
        if (nextTimer !== undefined) environment.jump(nextTimer - environment.now());
        const act = this.#script.actsOf(command.command);
        const ring: Act = { story: () => 'timers ring', start: () => void environment.ring() };
        const acts = act ? [act] : [];
        return this.#turn(command.first === 'timer' ? [ring, ...acts] : [...acts, ring]);
      }
      case 'twice': {
        const act = this.#script.actsOf(command.command);
        return act && this.#turn([act, act]);
      }
      case 'again': {
        const first = this.#sent[command.send % this.#sent.length];
        return first && this.#turn([first.act], { again: first });
      }
      case 'wait':
        return this.#turn([], { wait: command.seconds * 1000 });
      case 'until': {
        const { nextTimer } = environment;
        if (nextTimer === undefined) return;
        const wait = Math.max(0, nextTimer - environment.now() + command.offset);
        return this.#turn([], { wait });
      }
      case 'jump':
        environment.jump(command.seconds * 1000);
        return this.#turn([]);
      case 'restart':
        return this.#restart(command);
      default: {
        const act = this.#script.actsOf(command);
        return act && this.#turn([act]);
      }
    }
  }

  async #restart({ seconds, back }: Extract<Command, { kind: 'restart' }>): Promise<void> {
    const { environment } = this.#world;
    this.#tally.add('restart');
    await this.#world.restart(seconds * 1000, () => {
      this.#people.lose();
      this.#model.stepBegan = environment.now();
    });
    await this.#look([]);
    const returning = this.#people.all.filter((_, index) => (back >> index) & 1);
    await this.#turn(
      returning.map((person): Act => ({
        story: () => `${person.id} is back`,
        start: () => void this.#people.connect(person),
      })),
    );
  }

  /** Starts everything in one turn, in this order; lets it run, and some time pass; then looks. */
  async #turn(
    acts: readonly Act[],
    { wait = 0, again }: { wait?: number; again?: Finished } = {},
  ): Promise<void> {
    const { environment } = this.#world;
    const finished: Finished[] = [];
    const now = environment.now();
    this.#model.stepBegan = now;
    this.#story.push(() => `at ${now}`);
    let open = 0;
    for (const act of acts) {
      this.#story.push(act.story);
      const sending = act.start();
      if (!sending) continue;
      open += 1;
      void sending.then((outcome) => finished.push({ act, outcome }));
    }
    await environment.advance(wait);
    if (finished.length < open) this.#fail('faults', 'a send has no end');
    await this.#look(finished, again);
  }

  async #look(finished: readonly Finished[], again?: Finished): Promise<void> {
    const { environment } = this.#world;
    const pending = new Set<string>();
    for (const { invitation } of this.#model.chats.values()) {
      if (invitation) pending.add(invitation.id);
    }
    const rows = await this.#world.look();
    const occurrences = rows.occurrences.map(read);
    const step: Step = { finished, occurrences, pending };
    this.#model.rows = rows.assignments;
    this.#learn(step);
    checkClaims(this.#model, step);
    if (again) checkRepeat(this.#model, again, step);
    checkSettled(this.#model, rows, environment.now());
    for (const fault of this.#world.faults.splice(0)) this.#fail('faults', String(fault));
    this.#judge();
    this.#script.noteInvitations();
  }

  /** Takes in replies and occurrences in the order in which they happened. */
  #learn({ finished, occurrences }: Step) {
    let told = 0;
    const tellUpTo = (end: number) => {
      for (; told < end; told += 1) {
        const occurrence = occurrences[told];
        if (occurrence) this.#tellOne(occurrence);
      }
    };
    for (const each of finished) {
      const { act, outcome } = each;
      const isRepeat = 'reply' in outcome && 'replayed' in outcome.reply;
      this.#story.push(() => `  ${act.story()} → ${JSON.stringify(outcome)}`);
      if (!isRepeat) act.learn?.(outcome);
      if (!isRepeat && 'reply' in outcome) this.#sent.push(each);
      tellUpTo(occurrences.findLastIndex(({ cause }) => cause === act.key) + 1);
    }
    tellUpTo(occurrences.length);
  }

  #tellOne(occurrence: LoggedOccurrence) {
    this.#story.push(() => `  ${JSON.stringify(occurrence)}`);
    tell(this.#model, occurrence);
    const { name, data } = occurrence;
    this.#tally.add(name);
    if ('reason' in data && data.reason !== undefined) this.#tally.add(`${name} ${data.reason}`);
  }

  /** Lets everything run out, then closes what is open. Nobody else uses the rooms, so that people may stay where they are. */
  async #end(): Promise<void> {
    this.#world.environment.jump(longTime);
    await this.#turn([]);
    const closing = this.#model.openChats().flatMap((_, index) => {
      const command = { kind: 'close', chat: index, by: 'service' } as const;
      return this.#script.actsOf(command) ?? [];
    });
    if (closing.length > 0) await this.#turn(closing);
    if (this.#model.openChats().length > 0) this.#fail('faults', 'a chat stays open');
    this.#judge();
    this.#world.turnPage();
    for (const room of this.#rooms) this.#world.forgetRoom(room);
  }

  #fail(invariant: Violation['invariant'], message: string) {
    this.#violations.push({ invariant, message });
  }

  #judge() {
    const ignore = (process.env['IGNORE'] ?? '').split(',');
    const left = this.#violations.filter((v) => !ignore.includes(v.invariant));
    this.#violations.splice(0, this.#violations.length, ...left);
    if (this.#violations.length === 0) return;
    throw new InvariantError(
      this.#violations,
      this.#story.map((line) => line()),
    );
  }
}

/** Whether the server has to know users beyond their connections: by name, or after a restart. */
function needsUsers(commands: readonly Command[]): boolean {
  return commands.some((command) => {
    if (command.kind === 'together') return needsUsers(command.commands);
    if (command.kind === 'race' || command.kind === 'twice') return needsUsers([command.command]);
    return command.kind === 'restart' || (command.kind === 'join' && command.by === 'service');
  });
}

function read({ data, position, chat_id, seq, name, at, by_id, cause }: OccurrenceRow) {
  const { json } = JSON.parse(data);
  // What the log holds was checked against the event's type when the server was compiled.
  return {
    position,
    chatId: chat_id,
    seq,
    name,
    at,
    by: by_id,
    cause,
    data: json,
  } as LoggedOccurrence;
}
