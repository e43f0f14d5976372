//! What rules remember comes from the log: at a start all of it, later what a new or edited rule lacks. Nothing rings.

use jiff::{SignedDuration, Timestamp};

use super::{Ruling, cache::Cache, engine::Engine};
use crate::{
    decode,
    rules::{LONGEST_PAUSE, Warming},
    store::{Control, EngineSettings, Reader, Row, RowBody, Store, StoreError},
};

/// How many rows are read at once.
const ROWS: usize = 500;

/// Where earlier rows are read.
pub(super) trait Past {
    /// See [`Store::first_since`].
    fn first_since(&self, time: Timestamp) -> Result<u64, StoreError>;
    /// See [`Store::rows_after`].
    fn rows_after(&self, seq: u64, limit: usize) -> Result<Vec<Row>, StoreError>;
}

impl Past for Store {
    fn first_since(&self, time: Timestamp) -> Result<u64, StoreError> {
        self.first_since(time)
    }

    fn rows_after(&self, seq: u64, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.rows_after(seq, limit)
    }
}

impl Past for Reader {
    fn first_since(&self, time: Timestamp) -> Result<u64, StoreError> {
        self.first_since(time)
    }

    fn rows_after(&self, seq: u64, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.rows_after(seq, limit)
    }
}

/// Puts in force the settings and rules of an earlier run, and lets the rules remember what they did when it ended:
/// what was kept of it, if `kept` may be used and is any good, and the rows after that; else the rows before the cursor
/// as far back as the rules look.
pub(super) fn recall(store: &Store, engine: &mut Engine, kept: bool) -> Result<(), StoreError> {
    let cursor = store.cursor();
    for (at, coverage) in store.coverage_until(cursor)? {
        engine.hear(&coverage, at);
    }
    if kept && let Some(seq) = Cache::load(store, engine)? {
        each_row(store, seq + 1, cursor + 1, |row| {
            engine.replay(row);
            warm(store, engine, row)
        })?;
    } else {
        recall_all(store, engine)?;
    }
    engine.restore_pauses();
    Ok(())
}

/// The rows before the cursor, as far back as the rules look, are gone through again.
fn recall_all(store: &Store, engine: &mut Engine) -> Result<(), StoreError> {
    let cursor = store.cursor();
    let (settings, ruling) = in_force(store, cursor)?;
    engine.restore(settings.as_ref(), ruling);
    let span = engine.rules().memory_span();
    if let Some(last) = store.rows_after(cursor.saturating_sub(1), 1)?.first()
        && !span.is_zero()
    {
        // So far that a rule that was paused back then is known to have been.
        let from = store.first_since(back(last.received, span.saturating_add(LONGEST_PAUSE)))?;
        let (settings, ruling) = in_force(store, from.saturating_sub(1))?;
        engine.restore(settings.as_ref(), ruling);
        engine.remember_from_here();
        each_row(store, from, cursor + 1, |row| {
            engine.replay(row);
            warm(store, engine, row)
        })?;
    }
    Ok(())
}

/// After a row that brought rules: shows the log before it to calls that have not seen it, if there are any.
pub(super) fn warm(log: &impl Past, engine: &mut Engine, row: &Row) -> Result<(), StoreError> {
    if !matches!(row.body, RowBody::Control(_)) {
        return Ok(());
    }
    let Some(mut warming) = engine.rules().begin_warming() else { return Ok(()) };
    let from = log.first_since(back(row.received, warming.span))?;
    each_row(log, from, row.seq, |row| {
        engine.warm(&mut warming, row);
        Ok(())
    })?;
    engine.end_warming(warming);
    Ok(())
}

/// The rows from one number on and before another, in order.
fn each_row(
    log: &impl Past,
    from: u64,
    before: u64,
    mut take: impl FnMut(&Row) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut seq = from.saturating_sub(1);
    while seq + 1 < before {
        let rows = log.rows_after(seq, ROWS)?;
        let Some(last) = rows.last() else { break };
        seq = last.seq;
        for row in rows.iter().filter(|row| row.seq < before) {
            take(row)?;
        }
    }
    Ok(())
}

impl Engine {
    /// Takes in a row for what the rules remember of it; nothing else comes of it.
    fn replay(&mut self, row: &Row) {
        match &row.body {
            RowBody::Frame { topic, bytes } => {
                let Ok(look) = decode::look(Some(*topic), row.seq, row.received, bytes) else { return };
                self.each_outcome(&look, row.received, |_, _, _| {});
            }
            RowBody::Control(Control::RuleSet { rules, lists, last_good }) => {
                self.set_rules(Ruling { rules: rules.clone(), lists: lists.clone(), good: last_good.clone() });
            }
            RowBody::Control(Control::Settings(settings)) => self.set_zone(&settings.zone),
            RowBody::Control(Control::RulePaused { rule, until: Some(until), .. }) => {
                self.rules_mut().pause(rule, *until);
            }
            RowBody::Control(Control::RulePaused { rule, until: None, .. }) => self.rules_mut().resume(rule),
            // What was heard when is known already.
            RowBody::Control(_) | RowBody::Coverage(_) | RowBody::Tick => {}
        }
    }

    fn warm(&mut self, warming: &mut Warming, row: &Row) {
        if let RowBody::Frame { topic, bytes } = &row.body
            && warming.topics.contains(topic)
        {
            let Ok(look) = decode::look(Some(*topic), row.seq, row.received, bytes) else { return };
            for glance in look.glances() {
                self.rules_mut().warm(warming, &glance, row.received);
            }
        }
    }
}

fn back(from: Timestamp, span: std::time::Duration) -> Timestamp {
    let span = SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
    from.saturating_sub(span).unwrap_or(Timestamp::MIN)
}

/// The settings and rules in force after a row.
pub(super) fn in_force(store: &Store, seq: u64) -> Result<(Option<EngineSettings>, Option<Ruling>), StoreError> {
    let (mut settings, mut ruling) = (None, None);
    store.controls_back_from(seq, |control| {
        match control {
            Control::Settings(found) if settings.is_none() => settings = Some(found),
            Control::RuleSet { rules, lists, last_good } if ruling.is_none() => {
                ruling = Some(Ruling { rules, lists, good: last_good });
            }
            _ => {}
        }
        settings.is_none() || ruling.is_none()
    })?;
    Ok((settings, ruling))
}
