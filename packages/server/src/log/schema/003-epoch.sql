-- The stretches of the log that were written by one process after another, oldest first. In a copy of the store they go on
-- otherwise than here, which is how cursors of the one are told from those of the other.
CREATE TABLE epoch (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  -- The position it began after.
  since INTEGER NOT NULL
);
