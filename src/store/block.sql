-- Frames of one topic, sealed: all of its rows from first to last. Rows of other topics stand between them.
CREATE TABLE block (
    -- Never given twice: who keeps a block unpacked knows it by this.
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    -- When the first and the last were received.
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    rows  INTEGER NOT NULL,
    -- Octets of it unpacked.
    size  INTEGER NOT NULL,
    data  BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX block_last ON block (topic, last);
CREATE INDEX block_first ON block (topic, first);
CREATE INDEX block_until ON block (topic, until);
CREATE INDEX block_oldest ON block (last);
