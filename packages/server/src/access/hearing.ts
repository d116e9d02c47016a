import type { Role } from '@parley/contract';

import type { HeardTopic, Hearing, Row, Snapshot } from '../log/log.ts';
import { roomsOfAgents } from '../tables/agents.ts';
import { anyOf, optionalInteger, text } from '../tables/columns.ts';
import { chatOfTopic, hearsEverything, roomOfTopic, topicsOf, topicsOfMember } from './audience.ts';
import { mayEnterRoom } from './seeing.ts';
import type { Session } from './session.ts';

/** What each session may hear: its own topic, those of its chats, and those of the rooms it is logged in to. */
export async function hearingsOf(
  snapshot: Snapshot,
  sessions: readonly Session[],
): Promise<Hearing[]> {
  const limited = sessions.filter(({ role }) => !hearsEverything(role));
  const userIds = [...new Set(limited.map(({ user }) => user.id))];
  const memberships = await membershipsOf(snapshot, userIds);
  const rooms = limited.some(({ role }) => role === 'agent')
    ? await roomsOfAgents(snapshot, userIds)
    : undefined;
  return sessions.map((session) => {
    const { user, role } = session;
    if (hearsEverything(role)) return 'all';
    const heard = (memberships.get(user.id) ?? []).flatMap(topicsOfMembership);
    const own = { user: user.id, room: role === 'agent' ? rooms?.get(user.id) : undefined };
    for (const topic of topicsOf(own)) heard.push({ topic });
    return heard.filter(({ topic }) => isFor(session, topic));
  });
}

/** What one session may hear. */
export async function hearingOf(snapshot: Snapshot, session: Session): Promise<Hearing> {
  const [hearing = []] = await hearingsOf(snapshot, [session]);
  return hearing;
}

async function membershipsOf(snapshot: Snapshot, userIds: readonly string[]) {
  if (userIds.length === 0) return new Map<string, Row[]>();
  const rows = await snapshot.all(
    `SELECT user_id, chat_id, role, left_seq FROM membership WHERE user_id IN ${anyOf}`,
    JSON.stringify(userIds),
  );
  return Map.groupBy(rows, (row) => text(row, 'user_id'));
}

function topicsOfMembership(row: Row): HeardTopic[] {
  const untilSeq = optionalInteger(row, 'left_seq');
  const topics = topicsOfMember(text(row, 'chat_id'), text(row, 'role') as Role);
  return topics.map((topic) => ({ topic, untilSeq }));
}

/** Whether a topic is for a session at all: a token may be for less than what its user is known for. */
export function isFor(session: Session, topic: string): boolean {
  if (session.role === 'customer' && chatOfTopic(topic)?.within === 'agents') return false;
  const room = roomOfTopic(topic);
  return room === undefined || mayEnterRoom(session, room);
}
