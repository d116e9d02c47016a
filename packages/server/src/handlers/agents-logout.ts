import agentsLogout from '@parley/contract/events/agents-logout';

import { topicsOf } from '../access/audience.ts';
import { viewAgent } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';
import { loadAgent, saveRooms } from '../tables/agents.ts';

export default defineHandler(
  agentsLogout,
  async ({ session, transaction, presence, publish, wakeRoom }) => {
    const { id } = session.user;
    const agent = await loadAgent(transaction, id, presence.isOnline);
    if (!agent || agent.rooms.length === 0) return {};
    await saveRooms(transaction, id, []);
    await publish(agentsLogout, { agent: viewAgent(agent) }, { room: agent.rooms, user: id });
    transaction.revoke(id, topicsOf({ room: agent.rooms }));
    agent.rooms.forEach(wakeRoom);
    return {};
  },
);
