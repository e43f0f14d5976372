-- The log's own standing: one line.
CREATE TABLE log (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    last_seq      INTEGER NOT NULL,
    last_received INTEGER NOT NULL,
    -- The last row whose outcome is committed.
    cursor        INTEGER NOT NULL
) STRICT;
INSERT INTO log VALUES (1, 0, 0, 0);

-- Rows not sealed into blocks yet. Times everywhere are nanoseconds since the epoch.
CREATE TABLE tail (
    seq      INTEGER PRIMARY KEY,
    received INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    topic    TEXT,
    payload  BLOB NOT NULL
) STRICT;
-- Ticks, controls and coverage are few beside the frames, and are asked for by themselves.
CREATE INDEX tail_other ON tail (kind, seq) WHERE kind <> 0;
CREATE INDEX tail_topic ON tail (topic, seq) WHERE kind = 0;

CREATE TABLE alert (
    id       TEXT PRIMARY KEY,
    rule     TEXT NOT NULL,
    key      TEXT NOT NULL,
    severity TEXT NOT NULL,
    title    TEXT NOT NULL,
    body     TEXT NOT NULL,
    since    INTEGER NOT NULL,
    resolved INTEGER,
    record   TEXT NOT NULL
) STRICT;
CREATE INDEX alert_active ON alert (since, id) WHERE resolved IS NULL;
CREATE INDEX alert_resolved ON alert (since, id) WHERE resolved IS NOT NULL;
CREATE INDEX alert_since ON alert (since, id);
CREATE INDEX alert_rule ON alert (rule);

CREATE TABLE change (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The row being evaluated when it came about, or the last one before the timer.
    seq      INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    alert    TEXT NOT NULL,
    rule     TEXT NOT NULL,
    key      TEXT NOT NULL,
    change   TEXT NOT NULL,
    severity TEXT NOT NULL,
    title    TEXT NOT NULL,
    body     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    event    TEXT
) STRICT;
CREATE INDEX change_alert ON change (alert, id);

-- Every pop-up that was due: owed, sent, failed, withdrawn or suppressed, and why.
CREATE TABLE notification (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    change   INTEGER NOT NULL REFERENCES change (id) ON DELETE CASCADE,
    alert    TEXT NOT NULL,
    time     INTEGER NOT NULL,
    severity TEXT NOT NULL,
    title    TEXT NOT NULL,
    body     TEXT NOT NULL,
    -- The alert had fired before: it speaks again.
    reminder INTEGER NOT NULL CHECK (reminder IN (0, 1)),
    status   TEXT NOT NULL CHECK (status IN ('owed', 'sent', 'failed', 'withdrawn', 'suppressed')),
    reason   TEXT NOT NULL,
    -- When it left `owed`.
    done     INTEGER
) STRICT;
CREATE INDEX notification_alert ON notification (alert, id);
CREATE INDEX notification_change ON notification (change);
CREATE INDEX notification_owed ON notification (id) WHERE status = 'owed';

-- The live state, as the lifecycle wrote it.
CREATE TABLE live (
    rule  TEXT NOT NULL,
    key   TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (rule, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE engine (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Totals that outlive what they count.
CREATE TABLE counter (
    name  TEXT NOT NULL,
    label TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (name, label)
) STRICT, WITHOUT ROWID;

-- Matches of a rule on a day (days since the epoch, UTC).
CREATE TABLE hit (
    rule  TEXT NOT NULL,
    day   INTEGER NOT NULL,
    count INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    PRIMARY KEY (rule, day)
) STRICT, WITHOUT ROWID;
