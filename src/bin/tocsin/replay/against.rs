//! Two sets of rules on one log: what the one raises that the other does not.

use jiff::Timestamp;
use serde::Serialize;
use tocsin::{
    alert::Change,
    pipeline::replay::{Difference, Raised, Raising, Replay, a_day},
    store::{Reader, Row, StoreError},
};

use crate::{Failure, output::Lines};

/// The other rules, and what both sides raised so far.
pub struct Against {
    replay: Replay,
    now: Raising,
    before: Raising,
    /// The stretch that counts.
    from: Option<Timestamp>,
    first: Option<Timestamp>,
    last: Timestamp,
}

/// A line of the difference.
#[derive(Serialize)]
#[serde(tag = "difference", rename_all = "kebab-case")]
enum Line<'a> {
    Gained(&'a Raised),
    Lost(&'a Raised),
    Changed { now: &'a Raised, before: &'a Raised },
    Summary(Summary),
}

#[derive(Serialize)]
struct Summary {
    from: Timestamp,
    to: Timestamp,
    gained: usize,
    lost: usize,
    changed: usize,
    same: u64,
    now: Sum,
    before: Sum,
}

#[derive(Serialize)]
struct Sum {
    fired: u64,
    popups: u64,
    popups_a_day: f64,
}

impl Against {
    pub fn new(replay: Replay, from: Option<Timestamp>) -> Self {
        Self {
            replay,
            now: Raising::default(),
            before: Raising::default(),
            from,
            first: None,
            last: from.unwrap_or(Timestamp::MIN),
        }
    }

    /// What the rules in question made of a row, or of time going by.
    pub fn now(&mut self, changes: &[Change]) {
        take_in(&mut self.now, self.from, changes);
    }

    /// Shows the row to the other rules.
    pub fn row(&mut self, row: &Row, log: Option<&Reader>) -> Result<(), StoreError> {
        let step = match log {
            Some(log) => self.replay.row_of(row, log)?,
            None => self.replay.row(row),
        };
        take_in(&mut self.before, self.from, &step.changes);
        if self.from.is_none_or(|from| row.received >= from) {
            self.first.get_or_insert(row.received);
            self.last = row.received;
        }
        Ok(())
    }

    pub fn go_on(&mut self, until: Option<Timestamp>) {
        let Self { replay, before, from, .. } = self;
        let Ok(()) = replay.go_on(until, |step| {
            take_in(before, *from, &step.changes);
            Ok::<(), std::convert::Infallible>(())
        });
        self.last = until.unwrap_or(self.last);
    }

    /// Prints what differs, in the order of time, and sums up.
    pub fn print(&self, output: &mut Lines) -> Result<(), Failure> {
        let difference = Difference::of(self.now.raised(), self.before.raised());
        let from = self.from.or(self.first).unwrap_or(self.last);
        let mut lines: Vec<(Timestamp, Line<'_>)> = Vec::new();
        lines.extend(difference.gained.iter().map(|raised| (raised.fired, Line::Gained(raised))));
        lines.extend(difference.lost.iter().map(|raised| (raised.fired, Line::Lost(raised))));
        lines.extend(difference.changed.iter().map(|(now, before)| (now.fired, Line::Changed { now, before })));
        lines.sort_by_key(|(fired, _)| *fired);
        for (_, line) in &lines {
            output.line(line)?;
        }
        let sum = |raising: &Raising| Sum {
            fired: raising.fired(),
            popups: raising.popups(),
            popups_a_day: a_day(raising.popups(), from, self.last),
        };
        Ok(output.line(&Line::Summary(Summary {
            from,
            to: self.last,
            gained: difference.gained.len(),
            lost: difference.lost.len(),
            changed: difference.changed.len(),
            same: difference.same,
            now: sum(&self.now),
            before: sum(&self.before),
        }))?)
    }
}

fn take_in(raising: &mut Raising, from: Option<Timestamp>, changes: &[Change]) {
    for change in changes.iter().filter(|change| from.is_none_or(|from| change.time >= from)) {
        raising.take_in(change);
    }
}
