import type { Snapshot } from '../log/log.ts';
import { anyOf, listsOf, optionalInteger, text } from './columns.ts';

/** Chats whose next deadline has come, the most overdue first. */
export async function dueChats(snapshot: Snapshot, now: number, limit: number): Promise<string[]> {
  const sql = 'SELECT id FROM chat WHERE due_at <= ? ORDER BY due_at LIMIT ?';
  return (await snapshot.all(sql, now, limit)).map((row) => text(row, 'id'));
}

/** The earliest deadline of all chats. */
export async function earliestDeadline(snapshot: Snapshot): Promise<number | undefined> {
  const row = await snapshot.first(
    'SELECT min(due_at) AS due_at FROM chat WHERE due_at IS NOT NULL',
  );
  return row && optionalInteger(row, 'due_at');
}

/** A user's open chats, oldest first. */
export async function openChatsOf(snapshot: Snapshot, userId: string): Promise<string[]> {
  const rows = await snapshot.all(
    `SELECT c.id FROM membership m JOIN chat c ON c.id = m.chat_id
     WHERE m.user_id = ? AND m.left_seq IS NULL AND c.status <> 'closed' ORDER BY c.created_at, c.id`,
    userId,
  );
  return rows.map((row) => text(row, 'id'));
}

/** The oldest chats of a room that wait for an agent who was asked for. */
export async function chatsWantingAgent(snapshot: Snapshot, room: string, limit: number) {
  const rows = await snapshot.all(
    `SELECT id FROM chat WHERE room = ? AND status = 'waiting' AND wants_agent = 1
       AND assignment_id IS NULL AND customer_lost_at IS NULL
     ORDER BY waiting_since, id LIMIT ?`,
    room,
    limit,
  );
  return rows.map((row) => text(row, 'id'));
}

/** Chats that the presence of each of these users matters to: open ones they are in, and those they are invited to. Oldest first. */
export async function chatsTouchedBy(snapshot: Snapshot, userIds: readonly string[]) {
  const bound = JSON.stringify(userIds);
  const rows = await snapshot.all(
    `SELECT t.user_id, c.id FROM (
       SELECT user_id, chat_id FROM membership WHERE user_id IN ${anyOf} AND left_seq IS NULL
       UNION SELECT agent_id, chat_id FROM invitation WHERE agent_id IN ${anyOf} AND state = 'pending'
     ) t JOIN chat c ON c.id = t.chat_id WHERE c.status <> 'closed' ORDER BY c.created_at, c.id`,
    bound,
    bound,
  );
  return listsOf(rows, 'user_id', 'id');
}

/** Everybody whose presence matters to an open chat, of those who have ever been connected. */
export async function usersOfOpenChats(snapshot: Snapshot): Promise<string[]> {
  const rows = await snapshot.all(
    `SELECT u.id AS id FROM chat c JOIN membership m ON m.chat_id = c.id JOIN user u ON u.id = m.user_id
     WHERE c.status <> 'closed' AND m.left_seq IS NULL
     UNION SELECT agent_id FROM invitation WHERE state = 'pending' ORDER BY id`,
  );
  return rows.map((row) => text(row, 'id'));
}

/** The open chat that a customer started, if there is one. */
export async function openChatOfCustomer(snapshot: Snapshot, userId: string) {
  const row = await snapshot.first(
    `SELECT id FROM chat WHERE customer_id = ? AND status <> 'closed' ORDER BY created_at LIMIT 1`,
    userId,
  );
  return row && text(row, 'id');
}

/** The agent of the newest chat that the customer has had. */
export async function previousAgentOf(snapshot: Snapshot, userId: string) {
  const row = await snapshot.first(
    `SELECT agent_id FROM chat WHERE customer_id = ? AND agent_id IS NOT NULL ORDER BY created_at DESC LIMIT 1`,
    userId,
  );
  return row && text(row, 'agent_id');
}
