import type { Model } from './model.ts';
import type { People } from './people.ts';
import type { Act, Script } from './script.ts';
import { changesRouting, type Command, needsUsers, type Sequence } from './sequence.ts';
import type { Steps } from './steps.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

export interface RunOptions {
  world: World;
  model: Model;
  people: People;
  script: Script;
  steps: Steps;
  tally: Tally;
}

/** The time from one thing to the next, in milliseconds. */
const moment = 20;

/** Longer than anything in an assignment takes, in milliseconds. */
const longTime = 4 * 3600 * 1000;

/** Plays a whole sequence. */
export async function runSequence(options: RunOptions, sequence: Sequence): Promise<void> {
  await begin(options, sequence);
  for (const command of sequence.commands) {
    options.world.environment.jump(moment);
    await run(options, command);
  }
  await end(options);
}

/** Agents log in, and customers start their chats, one after another; then agents are asked for. */
async function begin({ world, people, script, steps }: RunOptions, sequence: Sequence) {
  const { agents, customers, commands, policies } = sequence;
  if (commands.some(needsUsers)) await world.meet(people.all);
  const logins = agents.map((login, index) => script.login(people.agents[index], login));
  const creations = customers.map((first, customer) =>
    script.actOf({ kind: 'create', customer, ...first }, false),
  );
  await steps.take([...logins, ...creations].flatMap(orNone), { apart: moment });
  const assignments = customers.map(({ assigned, room }, chat) => {
    if (!assigned || policies[room % 2]?.assignOnCreate) return undefined;
    return script.actOf({ kind: 'assign', chat, by: 'customer', options: undefined }, false);
  });
  const asking = assignments.flatMap(orNone);
  if (asking.length > 0) await steps.take(asking);
}

const orNone = (act: Act | undefined): readonly Act[] => (act ? [act] : []);

async function run(options: RunOptions, command: Command): Promise<void> {
  const { world, model, script, steps } = options;
  const { environment } = world;
  const untilTimer = Math.max(0, (environment.nextTimer ?? 0) - environment.now());
  switch (command.kind) {
    case 'together':
      return steps.take(command.commands.map((each) => script.actOf(each, true)).flatMap(orNone));
    case 'race': {
      // A slow algorithm's answer and such a send are on their way together, and nobody can tell which was first.
      if (model.slow && changesRouting(command.command)) return;
      environment.jump(untilTimer);
      const ring: Act = { story: () => 'timers ring', start: () => void environment.ring() };
      const acts = orNone(script.actOf(command.command, true));
      return steps.take(command.first === 'timer' ? [ring, ...acts] : [...acts, ring]);
    }
    case 'twice': {
      const acts = orNone(script.actOf(command.command, true));
      return steps.take([...acts, ...acts]);
    }
    case 'again': {
      const { replied } = steps;
      return steps.take(orNone(replied[command.send % replied.length]?.act));
    }
    case 'wait':
      return steps.take([], { wait: command.seconds * 1000 });
    case 'until':
      if (environment.nextTimer === undefined) return;
      return steps.take([], { wait: Math.max(0, untilTimer + command.offset) });
    case 'jump':
      environment.jump(command.seconds * 1000);
      return steps.take([]);
    case 'restart':
      return restart(options, command);
    default: {
      const act = script.actOf(command);
      return act && steps.take([act]);
    }
  }
}

async function restart(
  { world, model, people, steps, tally }: RunOptions,
  { seconds, back }: Extract<Command, { kind: 'restart' }>,
): Promise<void> {
  tally.add('restart');
  await world.restart(seconds * 1000, () => {
    people.lose();
    model.stepBegan = world.environment.now();
  });
  await steps.look();
  const returning = people.all.filter((_, index) => (back >> index) & 1);
  await steps.take(
    returning.map((person) => ({
      story: () => `${person.id} is back`,
      start: () => void people.connect(person),
    })),
  );
}

/** Lets everything run out, late, then closes what is open. Nobody else uses the rooms, so that people may stay where they are. */
async function end({ world, model, script, steps }: RunOptions) {
  const { environment } = world;
  environment.jump(longTime);
  await steps.take([]);
  const closing = model
    .openChats()
    .map((_, chat) => script.actOf({ kind: 'close', chat, by: 'service' }, false));
  // No timer of what has ended does anything.
  await steps.take(closing.flatMap(orNone), { wait: longTime });
  if (model.openChats().length > 0) model.report('faults', 'a chat stays open');
  steps.judge();
}
