import type { AgentState } from '../chat/state.ts';
import type { Row, Snapshot, Transaction } from '../log/log.ts';
import { anyOf, integer, listsOf, optionalText, text, upsert } from './columns.ts';

/** Owned open chats and pending invitations count as load. */
const columns = `a.*,
  (SELECT count(*) FROM chat c WHERE c.agent_id = a.id AND c.status = 'active')
  + (SELECT count(*) FROM invitation i WHERE i.agent_id = a.id AND i.state = 'pending') AS load,
  (SELECT json_group_array(r.room) FROM agent_room r WHERE r.agent_id = a.id) AS rooms`;

type IsOnline = (userId: string) => boolean;

/** Everybody logged in to a room, by id. */
export async function agentsOfRoom(snapshot: Snapshot, room: string, isOnline: IsOnline) {
  const rows = await snapshot.all(
    `SELECT ${columns} FROM agent_room m JOIN agent a ON a.id = m.agent_id WHERE m.room = ? ORDER BY a.id`,
    room,
  );
  return new Map(rows.map((row) => [text(row, 'id'), toAgent(row, isOnline)]));
}

export async function loadAgent(snapshot: Snapshot, id: string, isOnline: IsOnline) {
  const row = await snapshot.first(`SELECT ${columns} FROM agent a WHERE a.id = ?`, id);
  return row && toAgent(row, isOnline);
}

/** The rooms an agent is logged in to. */
export async function roomsOfAgent(snapshot: Snapshot, id: string): Promise<string[]> {
  const rows = await snapshot.all('SELECT room FROM agent_room WHERE agent_id = ?', id);
  return rows.map((row) => text(row, 'room'));
}

/** The same for each of several agents who is logged in. */
export async function roomsOfAgents(snapshot: Snapshot, ids: readonly string[]) {
  const sql = `SELECT agent_id, room FROM agent_room WHERE agent_id IN ${anyOf}`;
  const rows = await snapshot.all(sql, JSON.stringify(ids));
  return listsOf(rows, 'agent_id', 'room');
}

/** Whether anybody in the room is online and available. */
export async function isRoomStaffed(snapshot: Snapshot, room: string, isOnline: IsOnline) {
  const rows = await snapshot.all(
    `SELECT a.id FROM agent_room m JOIN agent a ON a.id = m.agent_id WHERE m.room = ? AND a.status = 'available'`,
    room,
  );
  return rows.some((row) => isOnline(text(row, 'id')));
}

/** How many chats the agents of a room can take now, beside those that a slow algorithm is finding somebody for. */
export async function freePlaces(snapshot: Snapshot, room: string, isOnline: IsOnline) {
  const agents = await agentsOfRoom(snapshot, room, isOnline);
  const thinking = await snapshot.first(
    'SELECT count(*) AS count FROM assignment a JOIN chat c ON c.id = a.chat_id WHERE a.pick_by IS NOT NULL AND c.room = ?',
    room,
  );
  const places = [...agents.values()]
    .filter(({ connected, status }) => connected && status === 'available')
    .map(({ capacity, load }) => Math.max(0, capacity - load));
  return places.reduce((sum, each) => sum + each, 0) - integer(thinking ?? {}, 'count');
}

function toAgent(row: Row, isOnline: IsOnline): AgentState {
  const id = text(row, 'id');
  return {
    id,
    name: optionalText(row, 'name'),
    rooms: JSON.parse(text(row, 'rooms')),
    langs: JSON.parse(text(row, 'langs')),
    capacity: integer(row, 'capacity'),
    tier: integer(row, 'tier'),
    status: text(row, 'status') as AgentState['status'],
    reason: optionalText(row, 'reason'),
    misses: integer(row, 'misses'),
    lastInvitedAt: integer(row, 'last_invited_at'),
    lastClosedAt: integer(row, 'last_closed_at'),
    availableSince: integer(row, 'available_since'),
    load: integer(row, 'load'),
    connected: isOnline(id),
  };
}

/** Who was invited last to a chat of the room. */
export async function lastInvitedIn(snapshot: Snapshot, room: string): Promise<string | undefined> {
  const row = await snapshot.first('SELECT last_invited FROM room WHERE name = ?', room);
  return row && text(row, 'last_invited');
}

export function saveLastInvited(transaction: Transaction, room: string, agentId: string): void {
  const row = { name: room, last_invited: agentId };
  transaction.putOff(`room ${room}`, ...upsert('room', ['name'], row));
}

/** Writes an agent without rooms and load, which have tables of their own. */
export function saveAgent(transaction: Transaction, agent: AgentState): void {
  transaction.putOff(
    `agent ${agent.id}`,
    ...upsert('agent', ['id'], {
      id: agent.id,
      name: agent.name,
      langs: JSON.stringify(agent.langs),
      capacity: agent.capacity,
      tier: agent.tier,
      status: agent.status,
      reason: agent.reason,
      misses: agent.misses,
      last_invited_at: agent.lastInvitedAt,
      last_closed_at: agent.lastClosedAt,
      available_since: agent.availableSince,
    }),
  );
}

/** Sets the rooms an agent is logged in to; none means out of routing. */
export async function saveRooms(transaction: Transaction, id: string, rooms: readonly string[]) {
  await transaction.run('DELETE FROM agent_room WHERE agent_id = ?', id);
  for (const room of rooms) {
    await transaction.run('INSERT INTO agent_room (room, agent_id) VALUES (?, ?)', room, id);
  }
}
