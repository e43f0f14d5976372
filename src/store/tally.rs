//! The totals behind `matched = notified + suppressed(reason)`, and how often each rule matches.

use std::collections::BTreeMap;

use rusqlite::{Transaction, params};

use super::{StoreError, outcome::add, stamp};
use crate::alert::{Change, ChangeKind, DIGEST, Reason};

/// What a batch of changes adds to the totals. The two sides of the balance are counted from different changes: what
/// asked for attention (a match, or a timer that speaks) on the left, what was decided on the right.
#[derive(Debug, Default)]
pub(super) struct Tally<'a> {
    matched: u64,
    notified: u64,
    /// Of those, pop-ups that tell of many alerts.
    digests: u64,
    suppressed: BTreeMap<Reason, u64>,
    /// By rule and day: how many, and the last.
    hits: BTreeMap<(&'a str, i64), (u64, i64)>,
}

impl<'a> Tally<'a> {
    /// Counts a change.
    pub fn take_in(&mut self, change: &'a Change) {
        match change.change {
            ChangeKind::Fired | ChangeKind::Reminded => self.matched += 1,
            ChangeKind::Pending | ChangeKind::Repeated => {
                self.matched += 1;
                *self.suppressed.entry(change.reason).or_default() += 1;
            }
            ChangeKind::Notified => {
                self.notified += 1;
                self.digests += u64::from(*change.rule == *DIGEST);
                return;
            }
            ChangeKind::Suppressed => {
                *self.suppressed.entry(change.reason).or_default() += 1;
                return;
            }
            _ => return,
        }
        // Without an event it was a timer: attention, but no match.
        if change.event.is_some() {
            let hit = self.hits.entry((&change.rule, stamp::day(change.time))).or_insert((0, i64::MIN));
            hit.0 += 1;
            hit.1 = hit.1.max(stamp::nanos(change.time));
        }
    }

    /// Adds it all to the totals.
    pub fn write(self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        for (name, by) in [("matched", self.matched), ("notified", self.notified), ("digests", self.digests)] {
            if by > 0 {
                add(transaction, name, "", by)?;
            }
        }
        for (reason, by) in self.suppressed {
            add(transaction, "suppressed", reason.name(), by)?;
        }
        for ((rule, day), (count, last)) in self.hits {
            transaction
                .prepare_cached(
                    "INSERT INTO hit VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET count = count + excluded.count, last = max(last, excluded.last)",
                )?
                .execute(params![rule, day, count.cast_signed(), last])?;
        }
        Ok(())
    }
}
