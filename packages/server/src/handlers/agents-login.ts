import agentsLogin from '@parley/contract/events/agents-login';

import { topicsOf } from '../access/audience.ts';
import type { AgentState } from '../chat/state.ts';
import { viewAgent } from '../chat/views.ts';
import { defineHandler } from '../define-handler.ts';
import { EventError } from '../event-error.ts';
import { loadAgent, saveAgent, saveRooms } from '../tables/agents.ts';

const usualCapacity = 5;

export default defineHandler(agentsLogin, async (context) => {
  const { data, session, now, transaction, presence, publish, wakeRoom } = context;
  const { id, name } = session.user;
  const rooms = [...new Set(data.rooms)].toSorted();
  const allowed = session.rooms;
  if (allowed && !rooms.every((room) => allowed.includes(room))) throw new EventError('FORBIDDEN');
  const before = await loadAgent(transaction, id, presence.isOnline);
  const agent: AgentState = {
    id,
    name,
    rooms,
    langs: data.langs ?? [...(session.langs ?? [])],
    capacity: data.capacity ?? usualCapacity,
    tier: session.tier ?? 0,
    status: 'available',
    misses: 0,
    lastInvitedAt: before?.lastInvitedAt ?? 0,
    lastClosedAt: before?.lastClosedAt ?? 0,
    availableSince: now,
    load: before?.load ?? 0,
    connected: presence.isOnline(id),
  };
  saveAgent(transaction, agent);
  await saveRooms(transaction, id, rooms);
  transaction.revoke(id, topicsOf({ room: before?.rooms ?? [] }));
  transaction.grant(id, topicsOf({ room: rooms }));
  const view = viewAgent(agent);
  await publish(agentsLogin, { agent: view }, { room: rooms, user: id });
  new Set([...rooms, ...(before?.rooms ?? [])]).forEach(wakeRoom);
  return { agent: view };
});
