-- What makes one store different from every other, and how far it is migrated.
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- The log: message history and outbox in one. Positions above 0 are one order for everybody, without a gap.
-- Imported messages lie below 0: part of the history, never replayed.
CREATE TABLE event (
  position INTEGER PRIMARY KEY,
  chat_id TEXT,
  seq INTEGER,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  by_id TEXT NOT NULL,
  by_role TEXT,
  -- The key of the send behind it.
  cause TEXT,
  -- Where the data is the reply to that send: the name of its event, and what tells the data it was sent with.
  sent TEXT,
  fingerprint INTEGER,
  -- Who of its chat hears it: `chat` or `agents`.
  told TEXT,
  -- JSON, and where in it superjson has more to say.
  data TEXT NOT NULL,
  annotations TEXT NOT NULL
);
CREATE INDEX event_imported ON event (chat_id, at, seq) WHERE position < 0;

-- Where the events of each chat and of each name are. The newest are not in it yet, so that many go into a page at once.
CREATE TABLE event_of_chat (
  chat_id TEXT NOT NULL,
  name TEXT NOT NULL,
  seq INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (chat_id, name, seq)
) WITHOUT ROWID;
CREATE TABLE event_of_name (
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (name, position)
) WITHOUT ROWID;

-- Who hears what, beside those of its chat.
CREATE TABLE event_topic (
  topic TEXT NOT NULL,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (topic, name, position)
) WITHOUT ROWID;

CREATE TABLE user (
  id TEXT PRIMARY KEY,
  name TEXT,
  role TEXT NOT NULL
);

CREATE TABLE chat (
  id TEXT PRIMARY KEY,
  room TEXT NOT NULL,
  source TEXT NOT NULL,
  lang TEXT,
  status TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  agent_id TEXT,
  created_at INTEGER NOT NULL,
  waiting_since INTEGER NOT NULL,
  active_since INTEGER,
  closed_at INTEGER,
  close_reason TEXT,
  extra_data TEXT,
  seq INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  wants_agent INTEGER NOT NULL,
  avoid TEXT NOT NULL,
  agent_lost_at INTEGER,
  customer_lost_at INTEGER,
  last_message_at INTEGER,
  previous_agent_id TEXT,
  preview TEXT,
  assignment_id TEXT,
  invitation_id TEXT,
  -- The next deadline; it follows from the rest of the row and is written with it.
  due_at INTEGER
);
CREATE INDEX chat_due ON chat (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX chat_waiting ON chat (room, waiting_since) WHERE status = 'waiting';
CREATE INDEX chat_owned ON chat (agent_id) WHERE status = 'active';
CREATE INDEX chat_customer ON chat (customer_id, created_at);

CREATE TABLE membership (
  chat_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  name TEXT,
  role TEXT NOT NULL,
  kind TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  read_seq INTEGER NOT NULL,
  -- The last occurrence the user hears after leaving; empty while in the chat.
  left_seq INTEGER,
  PRIMARY KEY (chat_id, user_id)
) WITHOUT ROWID;
CREATE INDEX membership_user ON membership (user_id, left_seq);

CREATE TABLE agent (
  id TEXT PRIMARY KEY,
  name TEXT,
  langs TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  tier INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  misses INTEGER NOT NULL,
  last_invited_at INTEGER NOT NULL,
  last_closed_at INTEGER NOT NULL,
  available_since INTEGER NOT NULL
);

-- How far the ring of a room has come.
CREATE TABLE room (
  name TEXT PRIMARY KEY,
  last_invited TEXT NOT NULL
);

-- The rooms an agent is logged in to.
CREATE TABLE agent_room (
  room TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  PRIMARY KEY (room, agent_id)
) WITHOUT ROWID;
CREATE INDEX agent_room_agent ON agent_room (agent_id);

CREATE TABLE assignment (
  id TEXT PRIMARY KEY,
  chat_id TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  max_attempts INTEGER NOT NULL,
  interval INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  tried TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  pick_by INTEGER,
  state TEXT NOT NULL
);

CREATE INDEX assignment_thinking ON assignment (chat_id) WHERE pick_by IS NOT NULL;

CREATE TABLE invitation (
  id TEXT PRIMARY KEY,
  chat_id TEXT NOT NULL,
  assignment_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  agent_lost_at INTEGER,
  state TEXT NOT NULL,
  reason TEXT,
  ended_at INTEGER
);
CREATE UNIQUE INDEX invitation_one_pending ON invitation (chat_id) WHERE state = 'pending';
CREATE INDEX invitation_pending_agent ON invitation (agent_id) WHERE state = 'pending';

-- External history that is in already.
CREATE TABLE imported_entry (
  chat_id TEXT NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (chat_id, entry)
) WITHOUT ROWID;

-- The first replies to keys that no event has the data of, in the order in which they were given.
CREATE TABLE reply (
  id INTEGER PRIMARY KEY,
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  key TEXT NOT NULL,
  -- What tells the data it was given for.
  fingerprint INTEGER NOT NULL,
  reply TEXT NOT NULL,
  annotations TEXT NOT NULL,
  at INTEGER NOT NULL
);

-- Where a key's first reply is, by a hash of actor, event and key; the newest are not in it yet.
CREATE TABLE reply_key (
  hash INTEGER NOT NULL,
  -- The position of an event or, below 0, the id of a reply.
  place INTEGER NOT NULL,
  PRIMARY KEY (hash, place)
) WITHOUT ROWID;
