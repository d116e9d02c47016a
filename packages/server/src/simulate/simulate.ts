import type { Occurrence } from '@parley/contract';

import type { Algorithm } from '../chat/algorithms/algorithm.ts';
import { coreAlgorithms } from '../chat/algorithms/index.ts';
import { defaultRoomSettings, type RoomSettings } from '../chat/state.ts';
import { createAgenda } from './agenda.ts';
import type { Arrival } from './arrivals.ts';
import { type Behaviour, defaultBehaviour } from './behaviour.ts';
import { createDesk } from './desk.ts';
import type { Outcome } from './outcome.ts';
import { createPeople } from './people.ts';
import { createSeededRandom } from './seeded-random.ts';
import { type StaffMember, startingStaff } from './staff.ts';
import { createTally } from './tally.ts';

export interface SimulateOptions {
  /** The chats to come, the first first. */
  arrivals: readonly Arrival[];
  staff: readonly StaffMember[];
  /** How every room treats its chats, the algorithm above all. Each chat is assigned as it opens. */
  settings?: Partial<RoomSettings>;
  /** A team's own, beside the core's. */
  algorithms?: readonly Algorithm[];
  behaviour?: Partial<Behaviour>;
  /** The same seed gives the same outcome, and under every algorithm the same customers. */
  seed: number;
  /** Hears what a supervisor of a real server would hear of the routing. */
  onOccurrence?: (occurrence: Occurrence) => void;
  /** Gets the share of the chats that have come. */
  onProgress?: (share: number) => void;
}

/** How often the agents' loads are looked at; over a day, every minute. */
const looks = 1440;
const hour = 3_600_000;

/** Runs the server's routing on a virtual clock until the last chat is closed. */
export async function simulate(options: SimulateOptions): Promise<Outcome> {
  const { arrivals, seed, onOccurrence, onProgress = () => undefined } = options;
  const settings = { ...defaultRoomSettings, ...options.settings };
  const algorithms = [...coreAlgorithms, ...(options.algorithms ?? [])];
  const start = arrivals[0]?.at ?? 0;
  const duration = (arrivals.at(-1)?.at ?? 0) - start;

  const agenda = createAgenda(start);
  const agents = startingStaff(options.staff, start);
  const tally = createTally({ algorithm: settings.algorithm, agents });
  const behaviour = { ...defaultBehaviour, ...options.behaviour };
  const people = createPeople({ agenda, desk: () => desk, behaviour, seed });
  const desk = createDesk({
    agenda,
    random: createSeededRandom(`${seed}/domain`),
    algorithms: new Map(algorithms.map((algorithm) => [algorithm.name, algorithm])),
    settings,
    agents,
    onDecision(decision) {
      tally.count(decision);
      people.react(decision);
    },
    onOccurrence,
  });

  for (const [index, arrival] of arrivals.entries()) {
    agenda.at(arrival.at, () => {
      onProgress(index / arrivals.length);
      people.arrive(arrival);
    });
  }
  for (let look = 0; look < looks; look += 1) {
    agenda.at(start + (duration * look) / looks, () => tally.look((agenda.now - start) / hour));
  }
  while (agenda.step()) await desk.settlePicks();
  onProgress(1);
  return tally.outcome();
}
