import { defineEvent, type EventDefinition, roles } from '@parley/contract';
import { defineHandler, type Handler } from '@parley/server';
import * as z from 'zod';

/** What the tables say of the chats and agents of one sequence. */
export interface Observation {
  occurrences: OccurrenceRow[];
  chats: ChatRow[];
  assignments: AssignmentRow[];
  invitations: InvitationRow[];
  agents: AgentRow[];
  /** Agents who are in a chat. */
  members: { chat_id: string; user_id: string }[];
}

export interface OccurrenceRow {
  position: number;
  chat_id: string | null;
  seq: number | null;
  name: string;
  at: number;
  by_id: string;
  cause: string | null;
  data: string;
}

export interface ChatRow {
  id: string;
  room: string;
  status: string;
  agent_id: string | null;
  seq: number;
  wants_agent: number;
  assignment_id: string | null;
  invitation_id: string | null;
}

export interface AssignmentRow {
  id: string;
  chat_id: string;
  state: string;
  attempts: number;
  tried: string;
  started_at: number;
  deadline: number;
  pick_by: number | null;
}

export interface InvitationRow {
  id: string;
  chat_id: string;
  agent_id: string;
  state: string;
  expires_at: number;
}

export interface AgentRow {
  id: string;
  status: string;
  capacity: number;
}

/** Events of our own, as a team would declare them, that look at the tables in a transaction and write to them. */
export interface Observer {
  readonly events: readonly EventDefinition[];
  readonly handlers: readonly Handler[];
  /** What the last look saw: the rows of the present sequence, and the occurrences since the look before. */
  readonly seen: Observation;
  /** Leaves everything seen so far behind, for the next sequence. */
  turnPage(): void;
}

/** Lets the server know users as if each had shown a token. */
const meetEvent = defineEvent('model:meet', {
  summary: 'Writes down who somebody is.',
  send: {
    by: ['service'],
    data: z.strictObject({
      users: z.array(z.strictObject({ id: z.string(), role: z.enum(roles) })),
    }),
    reply: z.strictObject({}),
    errors: [],
    example: { users: [{ id: 'bob', role: 'agent' }] },
  },
});

const lookEvent = defineEvent('model:look', {
  summary: 'Reads what an invariant is checked on.',
  send: {
    by: ['service'],
    data: z.strictObject({}),
    reply: z.strictObject({}),
    errors: [],
    effect: 'none',
    example: {},
  },
});

export function createObserver(): Observer {
  let seen: Observation = {
    occurrences: [],
    chats: [],
    assignments: [],
    invitations: [],
    agents: [],
    members: [],
  };
  /** How far the log was read, and how many rows each table has that are of earlier sequences: none is ever deleted. */
  let position = 0;
  const earlier = { chats: 0, assignments: 0, invitations: 0, agents: 0 };

  const meet = defineHandler(meetEvent, async ({ data, transaction }) => {
    for (const { id, role } of data.users) {
      await transaction.run('INSERT INTO user (id, role) VALUES (?, ?)', id, role);
    }
    return {};
  });

  const look = defineHandler(lookEvent, async ({ transaction }) => {
    // A row of SQLite has the columns that its statement names.
    const rows = <Row>(sql: string, above: number) =>
      transaction.all(sql, above) as Promise<unknown> as Promise<Row[]>;
    seen = {
      occurrences: await rows(
        'SELECT position, chat_id, seq, name, at, by_id, cause, data FROM event WHERE position > ?',
        position,
      ),
      chats: await rows(
        'SELECT id, room, status, agent_id, seq, wants_agent, assignment_id, invitation_id FROM chat WHERE rowid > ?',
        earlier.chats,
      ),
      assignments: await rows(
        'SELECT id, chat_id, state, attempts, tried, started_at, deadline, pick_by FROM assignment WHERE rowid > ?',
        earlier.assignments,
      ),
      invitations: await rows(
        'SELECT id, chat_id, agent_id, state, expires_at FROM invitation WHERE rowid > ?',
        earlier.invitations,
      ),
      agents: await rows('SELECT id, status, capacity FROM agent WHERE rowid > ?', earlier.agents),
      members: await rows(
        `SELECT m.chat_id, m.user_id FROM chat c JOIN membership m ON m.chat_id = c.id
         WHERE c.rowid > ? AND m.role = 'agent' AND m.left_seq IS NULL`,
        earlier.chats,
      ),
    };
    position = transaction.head;
    return {};
  });

  return {
    events: [lookEvent, meetEvent],
    handlers: [look, meet],
    get seen() {
      return seen;
    },
    turnPage() {
      for (const table of ['chats', 'assignments', 'invitations', 'agents'] as const) {
        earlier[table] += seen[table].length;
      }
    },
  };
}
