import { defineAlgorithm } from '@parley/server';

import { type Definition, leastBusy } from './algorithms.ts';
import type { VirtualEnvironment } from './virtual-environment.ts';

/** When the algorithm was asked, whom it answers, and when, if ever. */
interface Mood {
  askedAt: number;
  agentId: string | undefined;
  answersAt: number;
}

/** How long an answer takes at most, in milliseconds: sometimes longer than any room waits. */
const slowest = 25_000;

/**
 * An algorithm as a team may write it: at once or late, right or wrong, and sometimes never.
 * Its definition knows what it answered; the rest is for the default.
 */
export function createMoodyAlgorithm(environment: VirtualEnvironment) {
  /** By assignment and attempt; an attempt that is given back is asked for again. */
  const moods = new Map<string, Mood[]>();

  const algorithm = defineAlgorithm('acme.moody', {
    pick(pool, { chat, agents, now, random }) {
      const [mood = 0, delay = 0] = random.bytes(2);
      const chosen = pool.at(-1) ?? pool[0];
      const key = keyOf(chat.assignment);
      const earlier = moods.get(key) ?? [];
      const answer = (agentId: string | undefined, answersAt: number) =>
        void moods.set(key, [...earlier, { askedAt: now, agentId, answersAt }]);
      answer(undefined, Number.POSITIVE_INFINITY);
      switch (mood % 8) {
        case 0:
        case 1:
          answer(chosen.id, now);
          return chosen;
        case 2: {
          const refused = [...agents.values()].find((agent) => !pool.includes(agent));
          return refused ?? { ...chosen, id: 'nobody' };
        }
        case 3:
          throw new Error('This algorithm is in no mood to answer.');
        case 4:
          answer(chosen.id, now);
          return Promise.resolve(chosen);
        case 5: {
          const milliseconds = Math.round((delay / 255) ** 2 * slowest);
          answer(chosen.id, now + milliseconds);
          return new Promise((resolve) =>
            environment.scheduler.after(milliseconds, () => resolve(chosen)),
          );
        }
        case 6:
          return new Promise(() => undefined);
        default:
          return Promise.reject(new Error('This algorithm has changed its mind.'));
      }
    },
  });

  const definition: Definition = (choice) => {
    const { eligible, chat, at } = choice;
    const asked = moods.get(keyOf(chat.assignment)) ?? [];
    const mood = asked.findLast(({ askedAt }) => askedAt <= at);
    const isThere = mood !== undefined && mood.answersAt <= at;
    const picked = isThere ? eligible.filter(({ id }) => id === mood.agentId) : [];
    return picked.length > 0 ? picked : leastBusy(choice);
  };

  return { algorithm, definition, forget: () => moods.clear() };
}

function keyOf(assignment: { id: string; attempts: number } | undefined): string {
  return `${assignment?.id} ${assignment?.attempts}`;
}
