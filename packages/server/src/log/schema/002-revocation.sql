-- Whose tokens count no more that were issued up to a time.
CREATE TABLE revocation (
  user_id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
);
