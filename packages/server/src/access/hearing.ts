import type { Role } from '@parley/contract';

import type { HeardTopic, Hearing, Snapshot } from '../log/log.ts';
import { roomsOfAgent } from '../tables/agents.ts';
import { optionalInteger, text } from '../tables/columns.ts';
import { chatOfTopic, hearsEverything, roomOfTopic, topicsOf, topicsOfMember } from './audience.ts';
import { mayEnterRoom } from './seeing.ts';
import type { Session } from './session.ts';

/** What a session may hear: its own topic, those of its chats, and those of the rooms it is logged in to. */
export async function hearingOf(snapshot: Snapshot, session: Session): Promise<Hearing> {
  const { user, role } = session;
  if (hearsEverything(role)) return 'all';
  const memberships = await snapshot.all(
    'SELECT chat_id, role, left_seq FROM membership WHERE user_id = ?',
    user.id,
  );
  const heard: HeardTopic[] = memberships.flatMap((row) => {
    const untilSeq = optionalInteger(row, 'left_seq');
    const topics = topicsOfMember(text(row, 'chat_id'), text(row, 'role') as Role);
    return topics.map((topic) => ({ topic, untilSeq }));
  });
  const rooms = role === 'agent' ? await roomsOfAgent(snapshot, user.id) : [];
  for (const topic of topicsOf({ user: user.id, room: rooms })) heard.push({ topic });
  return heard.filter(({ topic }) => isFor(session, topic));
}

/** Whether a topic is for a session at all: a token may be for less than what its user is known for. */
export function isFor(session: Session, topic: string): boolean {
  if (session.role === 'customer' && chatOfTopic(topic)?.within === 'agents') return false;
  const room = roomOfTopic(topic);
  return room === undefined || mayEnterRoom(session, room);
}
