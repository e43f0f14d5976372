//! What is in a database, and what should be.

use std::path::Path;

use tocsin::{
    alert::{Change, ChangeKind, Lifecycle},
    decode,
    event::Event,
    pipeline::Engine,
    store::{Coverage, Reader, Row, RowBody},
};

/// A reader of its own.
pub fn reader(folder: &Path) -> Reader {
    Reader::open(folder).unwrap()
}

/// All rows.
pub fn rows(folder: &Path) -> Vec<Row> {
    reader(folder).rows_after(0, 10_000_000).unwrap()
}

/// All changes that are kept, oldest first.
pub fn changes(folder: &Path) -> Vec<Change> {
    reader(folder).changes(0, 10_000_000).unwrap().into_iter().map(|(_, change)| change).collect()
}

/// The changes of one rule, of one kind.
pub fn of(folder: &Path, rule: &str, kind: ChangeKind) -> Vec<Change> {
    changes(folder).into_iter().filter(|change| &*change.rule == rule && change.change == kind).collect()
}

/// What was heard, from the first row on.
pub fn coverage(folder: &Path) -> Vec<Coverage> {
    let coverage = |row: Row| match row.body {
        RowBody::Coverage(coverage) => Some(coverage),
        _ => None,
    };
    rows(folder).into_iter().filter_map(coverage).collect()
}

/// Every event of every stored frame that can be read.
pub fn events(folder: &Path) -> Vec<Event> {
    let mut events = Vec::new();
    for row in rows(folder) {
        if let RowBody::Frame { topic, bytes } = &row.body {
            events.extend(decode::frame(Some(*topic), row.seq, row.received, bytes).unwrap_or_default());
        }
    }
    events
}

/// That no accepted row is unevaluated, that the totals balance, and that the history is what comes of the rows.
pub fn holds(folder: &Path) {
    let stats = reader(folder).stats().unwrap();
    assert_eq!(stats.waiting, 0, "rows that were never evaluated");
    assert!(stats.balances(), "{stats:?}");
    let rows = rows(folder);
    assert_eq!(rows.len() as u64, stats.rows);
    for (row, before) in rows.iter().skip(1).zip(&rows) {
        assert!(row.seq == before.seq + 1 && row.received >= before.received, "{before:?} {row:?}");
    }
    let mut engine = Engine::new(Lifecycle::new());
    let mut again: Vec<Change> = rows.iter().flat_map(|row| engine.row(row).changes).collect();
    // Those are counted and not kept one by one.
    again.retain(|change| change.change != ChangeKind::Repeated);
    let kept = changes(folder);
    for (place, (kept, again)) in kept.iter().zip(&again).enumerate() {
        assert_eq!(kept, again, "change {place} of {} rows", rows.len());
    }
    assert_eq!(kept.len(), again.len());
}
