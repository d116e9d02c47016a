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
