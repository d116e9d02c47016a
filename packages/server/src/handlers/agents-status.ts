import agentsStatus from '@parley/contract/events/agents-status';

import { setStatus } from '../chat/agents.ts';
import { viewAgent } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';
import { loadAgent, saveAgent } from '../tables/agents.ts';

export default defineHandler(agentsStatus, async (context) => {
  const { data, session, now, transaction, presence, publish, wakeRoom } = context;
  const { id } = session.user;
  const agent = await loadAgent(transaction, id, presence.isOnline);
  if (!agent || agent.rooms.length === 0) throw new EventError('NOT_FOUND');
  setStatus(agent, data.status, data.reason, now);
  saveAgent(transaction, agent);
  const view = viewAgent(agent);
  await publish(agentsStatus, { agent: view }, { room: agent.rooms, user: id });
  agent.rooms.forEach(wakeRoom);
  return { agent: view };
});
