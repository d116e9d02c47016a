-- Keys that were given at about the same time are together, so that new ones share pages however many there are.
ALTER TABLE reply_key RENAME TO earlier_reply_key;
CREATE TABLE reply_key (
  -- Of which 131,072 places it is.
  generation INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  -- The position of an event or, below 0, the id of a reply.
  place INTEGER NOT NULL,
  PRIMARY KEY (generation, hash, place)
) WITHOUT ROWID;
INSERT INTO reply_key SELECT place >> 17, hash, place FROM earlier_reply_key ORDER BY 1, 2, 3;
DROP TABLE earlier_reply_key;

-- Which hashes there may be in a generation to which nothing is added any more, as a Bloom filter.
CREATE TABLE reply_filter (generation INTEGER PRIMARY KEY, bits BLOB NOT NULL);
