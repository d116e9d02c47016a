import type { Definition } from './algorithms.ts';
import { Model } from './model.ts';
import { People } from './people.ts';
import { runSequence } from './run.ts';
import { Script } from './script.ts';
import type { Sequence } from './sequence.ts';
import { Steps } from './steps.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** An algorithm under test, and its definition written a second time. */
export interface Tested {
  name: string;
  definition: Definition;
  slow: boolean;
}

/** Plays sequences, one after another, each with rooms and people of its own. */
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

  /** Throws an `InvariantError` when something does not hold. The world is of no further use then. */
  async play(sequence: Sequence): Promise<void> {
    this.#played += 1;
    const prefix = `s${this.#played}`;
    const rooms = [`${prefix}-first`, `${prefix}-second`] as const;
    const model = this.#open(sequence, rooms);
    const [world, tally] = [this.#world, this.#tally];
    const people = new People(world, model, castOf(sequence, prefix));
    const script = new Script(world, model, people, rooms);
    const steps = new Steps({ world, model, script, tally });
    await runSequence({ world, model, people, script, steps, tally }, sequence);
    this.#position = model.position;
    world.turnPage();
    for (const room of rooms) world.forgetRoom(room);
  }

  #open({ seed, policies }: Sequence, [first, second]: readonly [string, string]): Model {
    const { name: algorithm, definition, slow } = this.#tested;
    this.#world.environment.reseed(seed);
    this.#world.setRoom(first, policies[0], algorithm);
    this.#world.setRoom(second, policies[1], algorithm);
    const rooms = [
      { name: first, policy: policies[0] },
      { name: second, policy: policies[1] },
    ];
    return new Model({ rooms, algorithm, definition, slow, position: this.#position });
  }
}

function castOf({ agents, customers }: Sequence, prefix: string) {
  return {
    agents: agents.map(({ tier }, index) => {
      return { id: `${prefix}-agent-${index + 1}`, role: 'agent' as const, tier };
    }),
    customers: customers.map((_, index) => {
      return { id: `${prefix}-customer-${index + 1}`, role: 'customer' as const };
    }),
    service: { id: `${prefix}-backend`, role: 'service' as const },
  };
}
