//! Looking after the log beside its writer: frames are sealed into blocks, and what is too old or too much goes. Each
//! step is one small transaction, so that the writer waits for a moment at most, and a crash leaves it whole.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, TransactionBehavior, params};

use super::{
    Control, Place, Reader, Row, Store, StoreError,
    block::{self, Sealed},
    log::read_row,
    merge, open,
    row::{CONTROL, COVERAGE, RowBody},
    stamp,
};
use crate::{decode::MAX_FRAME, event::Topic};

/// How many octets of frames make a block, unpacked.
const BLOCK: usize = 1 << 20;
/// How many rows make one, however small they are.
const BLOCK_ROWS: usize = 8_192;
/// How many rows, or blocks, go at a time.
const ROWS: usize = 500;
const BLOCKS: usize = 8;
/// How many pages are given back to the disk at a time, and how many may be free before that.
const PAGES: u32 = 500;
const FREE: u64 = 2_000;
/// How long the history of an alert is kept after its end.
const HISTORY: Duration = Duration::from_hours(365 * 24);

/// How much of the log is kept. What is older, or too much, goes, the oldest first. Alerts that are not over, the totals
/// and what is needed to read the rest stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    pub age: Duration,
    /// Of the database, in octets.
    pub size: u64,
}

impl Default for Retention {
    /// 30 days, 2 GB.
    fn default() -> Self {
        Self { age: Duration::from_hours(30 * 24), size: 2_000_000_000 }
    }
}

/// Looks after a database through a connection of its own.
#[derive(Debug)]
pub struct Keeper {
    connection: Connection,
    block: usize,
}

impl Store {
    /// Looks after this database. `None` for one in memory: it is soon gone.
    pub fn keeper(&self) -> Result<Option<Keeper>, StoreError> {
        match &self.place {
            Place::File(path) => Ok(Some(Keeper { connection: open::beside(path)?, block: BLOCK })),
            Place::Memory(_) => Ok(None),
        }
    }
}

impl Keeper {
    /// Makes blocks of so many octets, unpacked.
    pub fn with_blocks_of(mut self, octets: usize) -> Self {
        self.block = octets;
        self
    }

    /// Takes the next step, if there is one to take: `false` when all is done for now. `now` is engine time.
    ///
    /// # Errors
    /// The database cannot be written. Nothing is half done.
    pub fn step(&mut self, retention: &Retention, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.seal()? || self.let_go(retention, now)? || self.shrink()?)
    }

    /// Seals one block, if a topic has enough rows whose outcome is committed.
    pub fn seal(&mut self) -> Result<bool, StoreError> {
        for topic in Topic::ALL {
            let rows = self.next_block(topic)?;
            if rows.is_empty() {
                continue;
            }
            // What takes long is done before anything is held.
            let failed = |error: std::io::Error| StoreError::Other { said: error.to_string() };
            let (data, size) = block::pack(&rows).map_err(failed)?;
            self.put(topic, &rows, &data, size)?;
            return Ok(true);
        }
        Ok(false)
    }

    /// The oldest rows of a topic in the tail, if they are enough for a block.
    fn next_block(&self, topic: Topic) -> Result<Vec<Sealed>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT seq, received, payload FROM tail
             WHERE kind = 0 AND topic = ?1 AND seq <= (SELECT cursor FROM log) AND length(payload) <= ?2 ORDER BY seq",
        )?;
        let mut found = select.query(params![topic.name(), MAX_FRAME as i64])?;
        let (mut rows, mut size) = (Vec::new(), 0);
        while let Some(row) = found.next()? {
            let row = Sealed { seq: row.get::<_, i64>(0)?.cast_unsigned(), received: row.get(1)?, frame: row.get(2)? };
            size += row.frame.len();
            rows.push(row);
            if size >= self.block || rows.len() >= BLOCK_ROWS {
                return Ok(rows);
            }
        }
        Ok(Vec::new())
    }

    fn put(&mut self, topic: Topic, rows: &[Sealed], data: &[u8], size: usize) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
        let (from, to) = (first.seq.cast_signed(), last.seq.cast_signed());
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction
            .prepare_cached(
                "INSERT INTO block (topic, first, last, since, until, rows, size, data)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                topic.name(),
                from,
                to,
                first.received,
                last.received,
                rows.len() as i64,
                size as i64,
                data
            ])?;
        let gone = transaction
            .prepare_cached(
                "DELETE FROM tail WHERE kind = 0 AND topic = ?1 AND seq BETWEEN ?2 AND ?3 AND length(payload) <= ?4",
            )?
            .execute(params![topic.name(), from, to, MAX_FRAME as i64])?;
        if gone != rows.len() {
            return Err(StoreError::Other { said: "rows changed while they were sealed".to_owned() });
        }
        transaction.commit()?;
        Ok(())
    }

    /// Lets go of some of what is too old or too much.
    pub fn let_go(&mut self, retention: &Retention, now: Timestamp) -> Result<bool, StoreError> {
        let age = SignedDuration::try_from(retention.age).unwrap_or(SignedDuration::MAX);
        let horizon = stamp::nanos(now.saturating_sub(age).unwrap_or(Timestamp::MIN));
        Ok(self.blocks_before(horizon)?
            || self.rows_before(self.first_since(horizon)?, horizon)?
            || self.history_before(now)?
            || self.used()? > retention.size && (self.oldest_frames()? || self.oldest_history()?))
    }

    /// The first row of the tail that is not older, and none whose outcome is not committed.
    fn first_since(&self, horizon: i64) -> Result<u64, StoreError> {
        let cursor: i64 = self.connection.query_row("SELECT cursor FROM log", [], |row| row.get(0))?;
        merge::first_of_tail_since(&self.connection, cursor.cast_unsigned(), stamp::time(horizon))
    }

    fn blocks_before(&mut self, horizon: i64) -> Result<bool, StoreError> {
        self.delete(
            "DELETE FROM block WHERE id IN
               (SELECT id FROM block WHERE until < ?1 ORDER BY last LIMIT ?2)",
            params![horizon, BLOCKS as i64],
        )
    }

    /// Rows of the tail before the one numbered `first`: frames and ticks, and of the rest what holds no more.
    fn rows_before(&mut self, first: u64, horizon: i64) -> Result<bool, StoreError> {
        let some = self.delete(
            "DELETE FROM tail WHERE seq IN
               (SELECT seq FROM tail WHERE seq < ?1 AND kind IN (0, 1) ORDER BY seq LIMIT ?2)",
            params![first.cast_signed(), ROWS as i64],
        )?;
        Ok(some || self.coverage_before(first)? || self.controls_before(first, stamp::time(horizon))?)
    }

    /// Of each topic the last word before the horizon stays: it says what holds since.
    fn coverage_before(&mut self, first: u64) -> Result<bool, StoreError> {
        self.delete(
            "DELETE FROM tail WHERE kind <> 0 AND kind = ?1 AND seq < ?2
               AND seq NOT IN (SELECT max(seq) FROM tail WHERE kind <> 0 AND kind = ?1 AND seq < ?2 GROUP BY topic)",
            params![COVERAGE, first.cast_signed()],
        )
    }

    /// The rules, the settings and the silences in force at the horizon stay.
    fn controls_before(&mut self, first: u64, horizon: Timestamp) -> Result<bool, StoreError> {
        let mut gone = Vec::new();
        {
            let mut select = self.connection.prepare_cached(
                "SELECT seq, received, kind, topic, payload FROM tail
                 WHERE kind <> 0 AND kind = ?1 AND seq < ?2 ORDER BY seq DESC",
            )?;
            let mut rows = select.query(params![CONTROL, first.cast_signed()])?;
            let mut known = Standing::default();
            while let Some(row) = rows.next()? {
                let row = read_row(row)?;
                if let RowBody::Control(control) = &row.body
                    && !known.holds(row.seq, control, horizon)
                {
                    gone.push(row.seq);
                }
            }
        }
        if gone.is_empty() {
            return Ok(false);
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for seq in gone {
            transaction.prepare_cached("DELETE FROM tail WHERE seq = ?1")?.execute(params![seq.cast_signed()])?;
        }
        transaction.commit()?;
        Ok(true)
    }

    /// Alerts that were over a year ago, with all that happened to them.
    fn history_before(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        let span = SignedDuration::try_from(HISTORY).unwrap_or(SignedDuration::MAX);
        let horizon = stamp::nanos(now.saturating_sub(span).unwrap_or(Timestamp::MIN));
        self.alerts("SELECT id FROM alert WHERE resolved < ?1 ORDER BY since, id LIMIT ?2", horizon)
    }

    fn oldest_history(&mut self) -> Result<bool, StoreError> {
        self.alerts("SELECT id FROM alert WHERE resolved <= ?1 ORDER BY since, id LIMIT ?2", i64::MAX)
    }

    fn alerts(&mut self, which: &str, horizon: i64) -> Result<bool, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let alerts: Vec<String> = transaction
            .prepare_cached(which)?
            .query_map(params![horizon, ROWS as i64 / 5], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for alert in &alerts {
            // Their pop-ups go with the changes that they belong to.
            transaction.prepare_cached("DELETE FROM change WHERE alert = ?1")?.execute(params![alert])?;
            transaction.prepare_cached("DELETE FROM alert WHERE id = ?1")?.execute(params![alert])?;
        }
        transaction.commit()?;
        Ok(!alerts.is_empty())
    }

    /// The oldest frames, wherever they lie.
    fn oldest_frames(&mut self) -> Result<bool, StoreError> {
        let first = |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, Option<i64>>(0));
        let block = first("SELECT min(last) FROM block")?;
        let row = first("SELECT min(seq) FROM tail WHERE kind = 0 AND seq <= (SELECT cursor FROM log)")?;
        match (block, row) {
            (Some(block), row) if row.is_none_or(|row| block < row) => self.delete(
                "DELETE FROM block WHERE id IN (SELECT id FROM block ORDER BY last LIMIT ?1)",
                params![BLOCKS as i64 / 2],
            ),
            (_, Some(_)) => self.delete(
                "DELETE FROM tail WHERE seq IN
                   (SELECT seq FROM tail WHERE kind = 0 AND seq <= (SELECT cursor FROM log) ORDER BY seq LIMIT ?1)",
                params![ROWS as i64],
            ),
            _ => Ok(false),
        }
    }

    fn delete(&mut self, sql: &str, asked: impl rusqlite::Params) -> Result<bool, StoreError> {
        Ok(self.connection.prepare_cached(sql)?.execute(asked)? > 0)
    }

    /// Octets of the database that are in use.
    fn used(&self) -> Result<u64, StoreError> {
        let ask = |name: &str| self.connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
        let (pages, free, size) = (ask("page_count")?, ask("freelist_count")?, ask("page_size")?);
        Ok(pages.saturating_sub(free).unsigned_abs() * size.unsigned_abs())
    }

    /// Gives free pages back to the disk. Databases of old cannot: their pages are used again.
    fn shrink(&mut self) -> Result<bool, StoreError> {
        let ask = |name: &str| self.connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
        if ask("auto_vacuum")? != 2 || ask("freelist_count")?.unsigned_abs() <= FREE {
            return Ok(false);
        }
        let mut vacuum = self.connection.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
        let mut rows = vacuum.query([])?;
        while rows.next()?.is_some() {}
        Ok(true)
    }
}

impl Reader {
    /// The controls and the coverage before row `seq` that still hold at `time`, in order.
    pub fn holding_before(&self, seq: u64, time: Timestamp) -> Result<Vec<Row>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT seq, received, kind, topic, payload FROM tail
             WHERE kind <> 0 AND kind IN (2, 3) AND seq < ?1 ORDER BY seq DESC",
        )?;
        let mut rows = select.query(params![seq.cast_signed()])?;
        let (mut known, mut told, mut read) = (Standing::default(), BTreeSet::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let row = read_row(row)?;
            let holds = match &row.body {
                RowBody::Control(control) => known.holds(row.seq, control, time),
                RowBody::Coverage(coverage) => told.insert(coverage.topic),
                _ => false,
            };
            if holds {
                read.push(row);
            }
        }
        read.reverse();
        Ok(read)
    }
}

/// What the controls after one, before the horizon, say already.
#[derive(Default)]
struct Standing {
    rules: bool,
    settings: bool,
    noise: bool,
    snooze: bool,
    /// Rules of which the last pause, or its end, was seen.
    paused: BTreeSet<Arc<str>>,
    /// Silences that were ended.
    ended: BTreeSet<u64>,
}

impl Standing {
    /// Whether the control of row `seq` still matters at the horizon. To be asked from the latest back.
    fn holds(&mut self, seq: u64, control: &Control, horizon: Timestamp) -> bool {
        let lasts = |until: &Option<Timestamp>| until.is_some_and(|until| until >= horizon);
        match control {
            Control::RuleSet { .. } => !std::mem::replace(&mut self.rules, true),
            Control::Settings(_) => !std::mem::replace(&mut self.settings, true),
            Control::Noise(_) => !std::mem::replace(&mut self.noise, true),
            Control::Silence { until, .. } => *until >= horizon && !self.ended.contains(&seq),
            Control::EndSilence { id } => {
                self.ended.insert(*id);
                false
            }
            Control::RulePaused { rule, until, .. } => self.paused.insert(rule.clone()) && lasts(until),
            Control::Snooze { alert: None, until } => !std::mem::replace(&mut self.snooze, true) && lasts(until),
            // About alerts that began before the log does.
            Control::Acknowledge { .. }
            | Control::Unacknowledge { .. }
            | Control::Snooze { .. }
            | Control::Dismissed { .. }
            | Control::Judge(_)
            | Control::BegunAnew { .. } => false,
        }
    }
}
