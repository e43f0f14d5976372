//! The rows of a log, read for a rule that is tried on them.

use std::{ops::ControlFlow, sync::mpsc::sync_channel};

use crate::{
    event::Topic,
    store::{Reader, Row, StoreError},
};

/// How many rows are read at once.
pub(super) const ROWS: usize = 2_000;
/// So many such lots are read ahead.
const AHEAD: usize = 2;

/// Gives what holds where the row numbered `start` begins to `take`: the controls and the coverage of before, which are
/// few.
pub(super) fn holding(log: &Reader, start: u64, mut take: impl FnMut(&Row)) -> Result<(), StoreError> {
    let mut seq = 0;
    while seq + 1 < start {
        let rows = log.rows_of(&[], seq, ROWS)?;
        let Some(last) = rows.last() else { break };
        seq = last.seq;
        rows.iter().filter(|row| row.seq < start).for_each(&mut take);
    }
    Ok(())
}

/// Gives the rows after the one numbered `seq` to `take`, some at a time, until it wants no more. While it is at work, the
/// next are read and unpacked by a thread of their own.
pub(super) fn ahead(
    log: &Reader,
    seq: u64,
    topics: &[Topic],
    mut take: impl FnMut(Vec<Row>) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let reader = log.another()?;
    std::thread::scope(|scope| {
        let (sender, read) = sync_channel(AHEAD);
        scope.spawn(move || {
            let mut seq = seq;
            loop {
                let rows = reader.rows_of(topics, seq, ROWS);
                let last = rows.as_ref().ok().and_then(|rows| Some(rows.last()?.seq));
                let is_empty = rows.as_ref().is_ok_and(Vec::is_empty);
                if is_empty || sender.send(rows).is_err() {
                    return;
                }
                let Some(last) = last else { return };
                seq = last;
            }
        });
        for rows in read {
            if take(rows?).is_break() {
                break;
            }
        }
        Ok(())
    })
}
