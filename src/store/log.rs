//! Appending rows and reading them back.

use std::str::FromStr;

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::params;

use super::{
    Control, Coverage, Row, RowBody, Store, StoreError,
    merge::Log,
    row::{CONTROL, COVERAGE, FRAME, TICK},
    stamp,
};
use crate::event::Topic;

impl Store {
    /// Appends rows and commits them, all or none. Each is stamped `now`, or as the row before it if that is later:
    /// the log's time never goes back, whatever the system's clock does.
    ///
    /// Where listening ended without a word (a crash), give [`Store::last_received`] as `now` for the coverage rows
    /// that say so: the last moment at which anything is known to have been heard.
    pub fn append(&mut self, bodies: Vec<RowBody>, now: Timestamp) -> Result<Vec<Row>, StoreError> {
        if bodies.is_empty() {
            return Ok(Vec::new());
        }
        // As the database can keep it, so that a row read back equals the one evaluated.
        let received = stamp::time(stamp::nanos(now)).max(self.last_received);
        let transaction = self.connection.transaction()?;
        let mut seq = self.last_seq;
        let mut rows = Vec::with_capacity(bodies.len());
        {
            let mut insert = transaction
                .prepare_cached("INSERT INTO tail (seq, received, kind, topic, payload) VALUES (?1, ?2, ?3, ?4, ?5)")?;
            for body in bodies {
                seq += 1;
                let at = stamp::nanos(received);
                let number = seq.cast_signed();
                match &body {
                    RowBody::Frame { topic, bytes } => {
                        insert.execute(params![number, at, FRAME, topic.name(), &bytes[..]])?;
                    }
                    RowBody::Tick => {
                        insert.execute(params![number, at, TICK, None::<&str>, &[][..] as &[u8]])?;
                    }
                    RowBody::Control(control) => {
                        insert.execute(params![number, at, CONTROL, None::<&str>, json("A control", control)?])?;
                    }
                    RowBody::Coverage(coverage) => {
                        let payload = json("A coverage", coverage)?;
                        insert.execute(params![number, at, COVERAGE, coverage.topic.name(), payload])?;
                    }
                }
                rows.push(Row { seq, received, body });
            }
            transaction
                .prepare_cached("UPDATE log SET last_seq = ?1, last_received = ?2")?
                .execute(params![seq.cast_signed(), stamp::nanos(received)])?;
            let mut stored = transaction.prepare_cached(
                "INSERT INTO counter VALUES ('stored', ?1, ?2)
                 ON CONFLICT DO UPDATE SET value = value + excluded.value",
            )?;
            for topic in Topic::ALL {
                let of_topic = |row: &&Row| matches!(row.body, RowBody::Frame { topic: of, .. } if of == topic);
                let count = rows.iter().filter(of_topic).count();
                if count > 0 {
                    stored.execute(params![topic.name(), count as i64])?;
                }
            }
        }
        transaction.commit()?;
        self.last_seq = seq;
        self.last_received = received;
        Ok(rows)
    }

    /// Goes through the controls from row `seq` backwards, the latest first, while `more` wants more.
    pub fn controls_back_from(&self, seq: u64, mut more: impl FnMut(Control) -> bool) -> Result<(), StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT seq, received, kind, topic, payload FROM tail
             WHERE kind <> 0 AND kind = ?1 AND seq <= ?2 ORDER BY seq DESC",
        )?;
        let mut rows = select.query(params![CONTROL, seq.cast_signed()])?;
        while let Some(row) = rows.next()? {
            if let RowBody::Control(control) = read_row(row)?.body
                && !more(control)
            {
                break;
            }
        }
        Ok(())
    }

    /// What was heard when, up to the row numbered `seq`, oldest first.
    pub fn coverage_until(&self, seq: u64) -> Result<Vec<(Timestamp, Coverage)>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT seq, received, kind, topic, payload FROM tail
             WHERE kind <> 0 AND kind = ?1 AND seq <= ?2 ORDER BY seq",
        )?;
        let mut rows = select.query(params![COVERAGE, seq.cast_signed()])?;
        let mut read = Vec::new();
        while let Some(row) = rows.next()? {
            let row = read_row(row)?;
            if let RowBody::Coverage(coverage) = row.body {
                read.push((row.received, coverage));
            }
        }
        Ok(read)
    }

    /// The number of the first row received at `time` or later; one more than the last if there is none.
    pub fn first_since(&self, time: Timestamp) -> Result<u64, StoreError> {
        self.log().first_since(self.last_seq, time)
    }

    /// Up to `limit` rows after the one numbered `seq`, in order.
    pub fn rows_after(&self, seq: u64, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.log().rows_after(seq, limit, None)
    }

    fn log(&self) -> Log<'_> {
        Log { connection: &self.connection, unpacked: &self.unpacked, has_blocks: true }
    }
}

fn json(what: &str, value: &impl serde::Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|error| StoreError::unreadable(what, error))
}

/// Reads seq, received, kind, topic, payload.
pub(super) fn read_row(row: &rusqlite::Row<'_>) -> Result<Row, StoreError> {
    let seq = row.get::<_, i64>(0)?.cast_unsigned();
    let what = || format!("Row {seq} of the log");
    let payload = row.get_ref(4)?.as_blob().map_err(|error| StoreError::unreadable(what(), error))?;
    let unreadable = |error: serde_json::Error| StoreError::unreadable(what(), error);
    let body = match row.get::<_, i64>(2)? {
        FRAME => {
            let topic =
                Topic::from_str(&row.get::<_, String>(3)?).map_err(|error| StoreError::unreadable(what(), error))?;
            RowBody::Frame { topic, bytes: Bytes::copy_from_slice(payload) }
        }
        TICK => RowBody::Tick,
        CONTROL => RowBody::Control(serde_json::from_slice(payload).map_err(unreadable)?),
        COVERAGE => RowBody::Coverage(serde_json::from_slice(payload).map_err(unreadable)?),
        other => return Err(StoreError::unreadable(what(), format!("{other} is no kind of row"))),
    };
    Ok(Row { seq, received: stamp::time(row.get(1)?), body })
}
