//! The log as one sequence, though it lies in two places: fresh rows in the tail, sealed frames in blocks by topic.

use std::{cell::RefCell, collections::VecDeque, sync::Arc};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::{
    Row, RowBody, StoreError,
    block::Block,
    log::read_row,
    row::{CONTROL, COVERAGE, TICK},
    stamp,
};
use crate::event::Topic;

/// How many unpacked blocks are kept: one a topic, and some more.
const KEPT: usize = 8;
/// How many octets of frames are read from the tail at a time, or little more.
const OCTETS: usize = 32 << 20;

/// The blocks that were unpacked last, since who reads a row soon reads the next.
#[derive(Debug, Default)]
pub(super) struct Unpacked(RefCell<VecDeque<(i64, Arc<Block>)>>);

/// Reads rows wherever they lie.
pub(super) struct Log<'a> {
    pub connection: &'a Connection,
    pub unpacked: &'a Unpacked,
    /// Older databases have no blocks.
    pub has_blocks: bool,
}

impl Log<'_> {
    /// One moment of both places: a frame that is just being sealed is neither missed nor seen twice.
    fn moment(&self) -> Result<Transaction<'_>, StoreError> {
        Ok(Transaction::new_unchecked(self.connection, TransactionBehavior::Deferred)?)
    }

    /// The row of that number.
    pub fn row(&self, seq: u64) -> Result<Option<Row>, StoreError> {
        let _moment = self.moment()?;
        let mut select =
            self.connection.prepare_cached("SELECT seq, received, kind, topic, payload FROM tail WHERE seq = ?1")?;
        if let Some(row) = select.query(params![seq.cast_signed()])?.next()? {
            return Ok(Some(read_row(row)?));
        }
        for topic in self.sealed_topics() {
            let Some(block) = self.block_after(*topic, seq.saturating_sub(1))? else { continue };
            let row = block.row(block.after(seq.saturating_sub(1)));
            if row.as_ref().is_some_and(|row| row.seq == seq) {
                return Ok(row);
            }
        }
        Ok(None)
    }

    /// Up to `limit` rows after the one numbered `seq`, in order, fewer if they are large. Of frames only those of
    /// `topics`, if they are given.
    pub fn rows_after(&self, seq: u64, limit: usize, topics: Option<&[Topic]>) -> Result<Vec<Row>, StoreError> {
        let _moment = self.moment()?;
        let mut read = Vec::new();
        // Where one place alone has enough, none of the others is read beyond that.
        let mut bound = u64::MAX;
        match topics {
            None => self.tail(
                "SELECT seq, received, kind, topic, payload FROM tail WHERE seq > ?1 ORDER BY seq LIMIT ?2",
                &[&seq.cast_signed(), &(limit as i64)],
                limit,
                &mut bound,
                &mut read,
            )?,
            Some(topics) => {
                // Each from an index of its own; what is no frame is few.
                for kind in [TICK, CONTROL, COVERAGE] {
                    self.tail(
                        "SELECT seq, received, kind, topic, payload FROM tail
                         WHERE kind <> 0 AND kind = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
                        &[&kind, &seq.cast_signed(), &(limit as i64)],
                        limit,
                        &mut bound,
                        &mut read,
                    )?;
                }
                for topic in topics {
                    self.tail(
                        "SELECT seq, received, kind, topic, payload FROM tail
                         WHERE kind = 0 AND topic = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
                        &[&topic.name(), &seq.cast_signed(), &(limit as i64)],
                        limit,
                        &mut bound,
                        &mut read,
                    )?;
                }
            }
        }
        for topic in topics.unwrap_or(&Topic::ALL).iter().filter(|_| self.has_blocks) {
            self.sealed_after(*topic, seq, limit, &mut bound, &mut read)?;
        }
        // Runs that are in order each: merged in one go.
        read.sort_by_key(|row| row.seq);
        read.truncate(limit.min(read.partition_point(|row| row.seq <= bound)));
        Ok(read)
    }

    fn sealed_after(
        &self,
        topic: Topic,
        seq: u64,
        limit: usize,
        bound: &mut u64,
        read: &mut Vec<Row>,
    ) -> Result<(), StoreError> {
        let (mut seq, mut left) = (seq, limit);
        while left > 0 && seq < *bound {
            let Some(block) = self.block_after(topic, seq)? else { return Ok(()) };
            let begin = block.after(seq);
            let end = block.after(*bound).min(begin.saturating_add(left));
            read.extend((begin..end).filter_map(|place| block.row(place)));
            left -= end - begin;
            let Some(last) = block.seq(block.len().saturating_sub(1)).filter(|last| *last > seq) else {
                return Err(StoreError::unreadable("A block of the log", "it does not hold what it says"));
            };
            if left == 0 {
                *bound = block.seq(end - 1).unwrap_or(*bound).min(*bound);
            }
            seq = last;
        }
        Ok(())
    }

    /// Up to `limit` frames before the row numbered `before`, newest first, of one topic or all.
    pub fn recent_frames(&self, topic: Option<Topic>, before: u64, limit: usize) -> Result<Vec<Row>, StoreError> {
        let _moment = self.moment()?;
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        let mut read = Vec::new();
        match topic {
            Some(topic) => self.select(
                "SELECT seq, received, kind, topic, payload FROM tail
                 WHERE kind = 0 AND topic = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
                &[&topic.name(), &before, &(limit as i64)],
                |row| read.push(row),
            )?,
            None => self.select(
                "SELECT seq, received, kind, topic, payload FROM tail
                 WHERE kind = 0 AND seq < ?1 ORDER BY seq DESC LIMIT ?2",
                &[&before, &(limit as i64)],
                |row| read.push(row),
            )?,
        }
        for of in self.sealed_topics().iter().filter(|of| topic.is_none_or(|topic| topic == **of)) {
            self.sealed_before(*of, before.cast_unsigned(), limit, &mut read)?;
        }
        read.sort_by_key(|row| std::cmp::Reverse(row.seq));
        read.truncate(limit);
        Ok(read)
    }

    fn sealed_before(&self, topic: Topic, before: u64, limit: usize, read: &mut Vec<Row>) -> Result<(), StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT id, first FROM block WHERE topic = ?1 AND first < ?2 ORDER BY first DESC LIMIT 1",
        )?;
        let (mut before, mut left) = (before, limit);
        while left > 0 {
            let found = select
                .query_row(params![topic.name(), before.cast_signed()], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
                })
                .optional()?;
            let Some((id, first)) = found else { return Ok(()) };
            let block = self.unpack(id, topic)?;
            let end = block.after(before.saturating_sub(1));
            let begin = end.saturating_sub(left);
            read.extend((begin..end).rev().filter_map(|place| block.row(place)));
            left -= end - begin;
            before = first;
        }
        Ok(())
    }

    /// The number of the first row received at `time` or later, if the last is numbered `last`; one more than that if
    /// there is none.
    pub fn first_since(&self, last: u64, time: Timestamp) -> Result<u64, StoreError> {
        let _moment = self.moment()?;
        let mut first = first_of_tail_since(self.connection, last, time)?;
        for topic in self.sealed_topics() {
            let id = self
                .connection
                .prepare_cached("SELECT id FROM block WHERE topic = ?1 AND until >= ?2 ORDER BY until, last LIMIT 1")?
                .query_row(params![topic.name(), stamp::nanos(time)], |row| row.get::<_, i64>(0))
                .optional()?;
            let Some(id) = id else { continue };
            let block = self.unpack(id, *topic)?;
            first = first.min(block.seq(block.since(stamp::nanos(time))).unwrap_or(first));
        }
        Ok(first)
    }

    fn tail(
        &self,
        sql: &str,
        asked: &[&dyn rusqlite::ToSql],
        limit: usize,
        bound: &mut u64,
        read: &mut Vec<Row>,
    ) -> Result<(), StoreError> {
        let mut select = self.connection.prepare_cached(sql)?;
        let mut rows = select.query(asked)?;
        let (mut count, mut octets) = (0, 0);
        while let Some(row) = rows.next()? {
            let row = read_row(row)?;
            if row.seq > *bound {
                break;
            }
            count += 1;
            if let RowBody::Frame { bytes, .. } = &row.body {
                octets += bytes.len();
            }
            if count >= limit || octets > OCTETS {
                *bound = row.seq;
            }
            read.push(row);
        }
        Ok(())
    }

    fn select(&self, sql: &str, asked: &[&dyn rusqlite::ToSql], mut take: impl FnMut(Row)) -> Result<(), StoreError> {
        let mut select = self.connection.prepare_cached(sql)?;
        let mut rows = select.query(asked)?;
        while let Some(row) = rows.next()? {
            take(read_row(row)?);
        }
        Ok(())
    }

    /// The first block of that topic that holds rows after `seq`.
    fn block_after(&self, topic: Topic, seq: u64) -> Result<Option<Arc<Block>>, StoreError> {
        let id = self
            .connection
            .prepare_cached("SELECT id FROM block WHERE topic = ?1 AND last > ?2 ORDER BY last LIMIT 1")?
            .query_row(params![topic.name(), seq.cast_signed()], |row| row.get::<_, i64>(0))
            .optional()?;
        id.map(|id| self.unpack(id, topic)).transpose()
    }

    fn unpack(&self, id: i64, topic: Topic) -> Result<Arc<Block>, StoreError> {
        let mut kept = self.unpacked.0.borrow_mut();
        if let Some((_, block)) = kept.iter().find(|(known, _)| *known == id) {
            return Ok(Arc::clone(block));
        }
        let mut select = self.connection.prepare_cached("SELECT size, data FROM block WHERE id = ?1")?;
        let mut rows = select.query(params![id])?;
        let Some(row) = rows.next()? else {
            return Err(StoreError::unreadable("A block of the log", "it is gone"));
        };
        let data = row.get_ref(1)?.as_blob().map_err(|error| StoreError::unreadable("A block of the log", error))?;
        let block = Arc::new(Block::unpack(topic, data, row.get::<_, i64>(0)?.cast_unsigned())?);
        kept.truncate(KEPT - 1);
        kept.push_front((id, Arc::clone(&block)));
        Ok(block)
    }

    /// The topics that may have blocks.
    fn sealed_topics(&self) -> &'static [Topic] {
        const ALL: &[Topic] = &Topic::ALL;
        if self.has_blocks { ALL } else { &[] }
    }
}

/// The number of the first row of the tail received at `time` or later, and up to `last`; one more than that if there is
/// none.
pub(super) fn first_of_tail_since(connection: &Connection, last: u64, time: Timestamp) -> Result<u64, StoreError> {
    let mut select =
        connection.prepare_cached("SELECT seq, received FROM tail WHERE seq >= ?1 ORDER BY seq LIMIT 1")?;
    let mut at_or_after = |seq: u64| {
        select
            .query_row(params![seq.cast_signed()], |row| {
                Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, i64>(1)?))
            })
            .optional()
    };
    // Rows are in the order of time, so halving finds it without an index.
    let (mut low, mut high) = (1, last.saturating_add(1));
    while low < high {
        let middle = low.midpoint(high);
        match at_or_after(middle)? {
            Some((seq, at)) if at < stamp::nanos(time) => low = seq + 1,
            _ => high = middle,
        }
    }
    Ok(at_or_after(low)?.map_or(u64::MAX, |(seq, _)| seq).min(last.saturating_add(1)))
}
