//! Looking without touching: a connection of its own that cannot write.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{
    Coverage, FILE, Place, Row, RowBody, Store, StoreError, log,
    merge::{Log, Unpacked},
    open, schema, stamp,
};
use crate::event::Topic;

/// Reads a database beside its writer, who never waits for it.
#[derive(Debug)]
pub struct Reader {
    pub(super) connection: Connection,
    place: Place,
    unpacked: Unpacked,
    /// Databases of old have none.
    pub(super) has_blocks: bool,
}

impl Store {
    /// A reader of this database. It may move to another thread.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::at(self.place.clone())
    }
}

impl Reader {
    /// Reads the database in `folder`, whether or not a Tocsin runs with it.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is none.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        if !path.is_file() {
            return Err(StoreError::Missing { folder: folder.to_owned() });
        }
        Self::at(Place::File(path))?.checked()
    }

    /// Another reader of the same database, so that a long question holds nobody up.
    pub fn another(&self) -> Result<Self, StoreError> {
        Self::at(self.place.clone())
    }

    fn at(place: Place) -> Result<Self, StoreError> {
        let connection = open::read_only(&place)?;
        let has_blocks = schema::has_blocks(&connection)?;
        Ok(Self { connection, place, unpacked: Unpacked::default(), has_blocks })
    }

    fn log(&self) -> Log<'_> {
        Log { connection: &self.connection, unpacked: &self.unpacked, has_blocks: self.has_blocks }
    }

    /// One of another hand may hold anything: it has the tables that Tocsin makes, or it is not read.
    fn checked(self) -> Result<Self, StoreError> {
        schema::check_whole(&self.connection)?;
        Ok(self)
    }

    /// Reads the database in that file, whatever its name.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is no database, [`StoreError::Disk`] when it cannot be opened.
    pub fn open_file(path: &Path) -> Result<Self, StoreError> {
        Self::at(Place::File(path.to_owned()))?.checked()
    }

    /// The row of that number: for an event, its `seq`.
    pub fn row(&self, seq: u64) -> Result<Option<Row>, StoreError> {
        self.log().row(seq)
    }

    /// Up to `limit` rows after the one numbered `seq`, in order.
    pub fn rows_after(&self, seq: u64, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.log().rows_after(seq, limit, None)
    }

    /// Up to `limit` rows after the one numbered `seq`, in order: the frames of these topics, and all that is no frame.
    pub fn rows_of(&self, topics: &[Topic], seq: u64, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.log().rows_after(seq, limit, Some(topics))
    }

    /// The number of the first row received at `time` or later; one more than the last if there is none.
    pub fn first_since(&self, time: Timestamp) -> Result<u64, StoreError> {
        let last: i64 = self.connection.query_row("SELECT last_seq FROM log", [], |row| row.get(0))?;
        self.log().first_since(last.unsigned_abs(), time)
    }

    /// Up to `limit` frames before the row numbered `before` (`None`: the latest), newest first, of one topic or all.
    pub fn recent_frames(
        &self,
        topic: Option<Topic>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        self.log().recent_frames(topic, before.unwrap_or(u64::MAX), limit)
    }

    /// What was heard since `since`, oldest first, beginning with what held then: per topic the last word before it.
    pub fn coverage(&self, since: Timestamp) -> Result<Vec<(Timestamp, Coverage)>, StoreError> {
        // `kind <> 0` in so many words: only then does SQLite see that the index of all but frames will do.
        let mut select = self.connection.prepare_cached(
            "SELECT seq, received, kind, topic, payload FROM tail WHERE kind <> 0 AND kind = 3 AND received >= ?1
             UNION ALL
             SELECT tail.seq, received, kind, tail.topic, payload FROM tail JOIN
               (SELECT max(seq) AS seq FROM tail WHERE kind <> 0 AND kind = 3 AND received < ?1 GROUP BY topic) AS before
               ON before.seq = tail.seq
             ORDER BY 1",
        )?;
        let mut rows = select.query(params![stamp::nanos(since)])?;
        let mut read = Vec::new();
        while let Some(row) = rows.next()? {
            let row = log::read_row(row)?;
            if let RowBody::Coverage(coverage) = row.body {
                read.push((row.received, coverage));
            }
        }
        Ok(read)
    }
}
