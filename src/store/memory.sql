-- What rules remember, in parts, as of the row that the part named "head" tells: a cache of what the log says.
CREATE TABLE memory (
    part  TEXT PRIMARY KEY,
    state BLOB NOT NULL
) STRICT, WITHOUT ROWID;
