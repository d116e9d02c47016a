import agentsStatus from '@parley/contract/events/agents-status';
import invitationsAccept from '@parley/contract/events/invitations-accept';
import invitationsNew from '@parley/contract/events/invitations-new';

import { acceptInvitation, rejectInvitation } from '../chat/assignment.ts';
import type { Decision } from '../chat/decision.ts';
import { closeChat } from '../chat/lifecycle.ts';
import type { AgentState, ChatState, Invitation } from '../chat/state.ts';
import type { Agenda } from './agenda.ts';
import type { Arrival } from './arrivals.ts';
import type { Behaviour } from './behaviour.ts';
import type { Desk } from './desk.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

/** The customers and agents of a simulation: what they do by themselves, and about what they hear. */
export interface People {
  arrive(arrival: Arrival): void;
  react(decision: Decision): void;
}

export interface PeopleOptions {
  agenda: Agenda;
  desk(): Desk;
  behaviour: Behaviour;
  seed: number;
}

/** What is certain about a chat whoever gets it, so that each algorithm is given the same. Times are in milliseconds. */
interface Course {
  patience: number;
  handling: number;
  /** Decides how each invitation is answered. */
  random: SeededRandom;
}

const second = 1000;
const minute = 60 * second;

/** After how long an agent closes a chat in which no customer answers. */
const silence = minute;

export function createPeople({ agenda, desk, behaviour, seed }: PeopleOptions): People {
  const courses = new WeakMap<ChatState, Course>();
  const resting = new Set<AgentState>();
  const pauses = createSeededRandom(`${seed}/pauses`);

  function courseOf(chat: ChatState): Course {
    const known = courses.get(chat);
    if (known) return known;
    const random = createSeededRandom(`${seed}/${chat.customerId}/${chat.createdAt}`);
    const patience = random.duration(behaviour.patienceMinutes * minute);
    const handling = random.duration(behaviour.handleMinutes * minute);
    const course: Course = { patience, handling, random };
    courses.set(chat, course);
    return course;
  }

  /** The invited agent accepts, rejects, or lets the invitation pass. */
  function answer(chat: ChatState, { id, agentId }: Invitation, load: number) {
    const { random } = courseOf(chat);
    const { missRate, rejectRate, answerSeconds, slowdown } = behaviour;
    const luck = random.fraction();
    const delay = random.duration(answerSeconds * second) * (1 + slowdown * (load - 1));
    if (luck < missRate) return;
    agenda.after(delay, () => {
      if (chat.invitation?.id !== id) return;
      const agent = { id: agentId, role: 'agent' } as const;
      const rejects = luck < missRate + rejectRate;
      desk().decide(chat, agent, (decision) =>
        rejects ? rejectInvitation(decision) : acceptInvitation(decision, agent),
      );
    });
  }

  function handle(chat: ChatState, agentId: string) {
    const isAlone = chat.customerLostAt !== undefined;
    agenda.after(isAlone ? silence : courseOf(chat).handling, () => {
      const reason = isAlone ? 'customer-left' : 'resolved';
      desk().decide(
        chat,
        { id: agentId, role: 'agent' },
        (decision) => void closeChat(decision, { userId: agentId, reason }),
      );
    });
  }

  /** Comes back some time after having been set away. */
  function rest(agent: AgentState) {
    if (resting.has(agent)) return;
    resting.add(agent);
    agenda.after(pauses.duration(behaviour.awayMinutes * minute), () => {
      resting.delete(agent);
      desk().welcomeBack(agent);
    });
  }

  return {
    arrive(arrival) {
      const chat = desk().open(arrival);
      agenda.after(courseOf(chat).patience, () => {
        if (chat.status === 'waiting') desk().loseCustomer(chat);
      });
    },
    react({ chat, agents, occurrences }) {
      const happened = new Set(occurrences.map(({ event }) => event.name));
      const { invitation, agentId } = chat;
      const invited = invitation && agents.get(invitation.agentId);
      if (happened.has(invitationsNew.name) && invited) answer(chat, invitation, invited.load);
      if (happened.has(invitationsAccept.name) && agentId) handle(chat, agentId);
      if (happened.has(agentsStatus.name)) {
        for (const agent of agents.values()) if (agent.status === 'away') rest(agent);
      }
    },
  };
}
