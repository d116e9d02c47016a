import foreverAlone from '@parley/contract/events/forever-alone';
import invitationsAccept from '@parley/contract/events/invitations-accept';
import invitationsNew from '@parley/contract/events/invitations-new';
import type { ListenableEvent } from '@parley/contract';

import type { Decision } from '../chat/decision.ts';
import type { AgentState } from '../chat/state.ts';
import type { LoadSample, Outcome } from './outcome.ts';

/** Counts what becomes of the chats. */
export interface Tally {
  count(decision: Decision): void;
  /** Looks at how busy everybody is, so many hours after the first chat. */
  look(hours: number): void;
  outcome(): Outcome;
}

export interface TallyOptions {
  algorithm: string;
  agents: readonly AgentState[];
}

const looksPerSample = 15;

export function createTally({ algorithm, agents }: TallyOptions): Tally {
  const waits = new Map<string, number>();
  const invitations = new Map<string, number>();
  const chatsPerAgent = new Map(agents.map(({ id }) => [id, 0]));
  const looks: LoadSample[] = [];
  let [misses, rejections, abandoned, alone] = [0, 0, 0, 0];

  return {
    count(decision) {
      const { chat, now } = decision;
      const { id, status, createdAt, agentId, customerLostAt } = chat;
      const isAbandoned = status === 'waiting' && customerLostAt !== undefined;
      if (!waits.has(id) && (isAbandoned || status !== 'waiting')) {
        waits.set(id, (now - createdAt) / 1000);
        if (isAbandoned) abandoned += 1;
      }
      const invited = countOf(decision, invitationsNew);
      if (invited > 0) invitations.set(id, (invitations.get(id) ?? 0) + invited);
      if (agentId !== undefined && countOf(decision, invitationsAccept) > 0) {
        chatsPerAgent.set(agentId, (chatsPerAgent.get(agentId) ?? 0) + 1);
      }
      for (const { state, reason } of decision.invitations) {
        if (state === 'rejected') rejections += 1;
        if (state === 'expired' && reason === 'timeout') misses += 1;
      }
      alone += countOf(decision, foreverAlone);
    },
    look(hours) {
      const loads = agents.map(({ load }) => load);
      const mean = meanOf(loads);
      const spread = Math.sqrt(meanOf(loads.map((load) => (load - mean) ** 2)));
      looks.push({ hours, mean, spread });
    },
    outcome: () => ({
      algorithm,
      waits: [...waits.values()].toSorted((left, right) => left - right),
      jumps: [...invitations.values()].reduce((sum, invited) => sum + invited - 1, 0),
      misses,
      rejections,
      abandoned,
      alone,
      chatsPerAgent: Object.fromEntries(chatsPerAgent),
      loads: averages(looks),
    }),
  };
}

/** Groups of looks, each as one. */
function averages(looks: readonly LoadSample[]): LoadSample[] {
  return Array.from({ length: Math.ceil(looks.length / looksPerSample) }, (_, index) => {
    const group = looks.slice(index * looksPerSample, (index + 1) * looksPerSample);
    return {
      hours: meanOf(group.map(({ hours }) => hours)),
      mean: meanOf(group.map(({ mean }) => mean)),
      spread: meanOf(group.map(({ spread }) => spread)),
    };
  });
}

function countOf({ occurrences }: Decision, { name }: ListenableEvent): number {
  return occurrences.filter(({ event }) => event.name === name).length;
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / (numbers.length || 1);
}
