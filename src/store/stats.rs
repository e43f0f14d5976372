//! The counts behind the invariants.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;
use serde::Serialize;

use super::{Judgements, Reader, StoreError, stamp};

/// What `tocsin stats` prints. Totals since the database was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Rows in the log, of every kind.
    pub rows: u64,
    /// Rows whose outcome is not committed yet.
    pub waiting: u64,
    /// Frames that came, by topic: `received = stored + let_go`, when nothing waits.
    pub received: BTreeMap<String, u64>,
    /// Frames that were committed, by topic.
    pub stored: BTreeMap<String, u64>,
    /// Frames that were let go because more came than could be stored, by topic.
    pub let_go: BTreeMap<String, u64>,
    /// Frames that could not be read, by reason. They are stored all the same.
    pub rejected: BTreeMap<String, u64>,
    /// Matches and timers that asked for attention: `matched = notified + suppressed`, always.
    pub matched: u64,
    /// Of those, how many led to a pop-up.
    pub notified: u64,
    /// Of those, how many did not, by reason.
    pub suppressed: BTreeMap<String, u64>,
    /// What became of the pop-ups: owed, sent, failed, withdrawn.
    pub deliveries: BTreeMap<String, u64>,
    /// Alerts pending or firing.
    pub active: u64,
    pub resolved: u64,
    /// Of the alerts that are kept, how those were judged that were, by rule.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub judged: BTreeMap<String, Judgements>,
    /// Any other totals, by name and label.
    pub other: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Stats {
    /// Whether every match is accounted for, and every frame.
    pub fn balances(&self) -> bool {
        self.matched == self.notified + self.suppressed.values().sum::<u64>() && (self.waiting > 0 || self.all_kept())
    }

    /// A frame counts as received when its row is evaluated.
    fn all_kept(&self) -> bool {
        let mut kept = self.stored.clone();
        for (topic, count) in &self.let_go {
            *kept.entry(topic.clone()).or_default() += count;
        }
        kept == self.received
    }
}

/// How often a rule matched on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub rule: String,
    /// How many days before today, in UTC: 0 is today.
    pub days_ago: u32,
    pub count: u64,
    /// The last match of that day.
    pub last: Timestamp,
}

impl Reader {
    /// All totals, as of one moment.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        // One transaction, so that the two sides of a balance are of the same moment.
        let moment = self.connection.unchecked_transaction()?;
        let (last, cursor): (i64, i64) =
            moment.query_row("SELECT last_seq, cursor FROM log", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut stats =
            Stats { rows: last.unsigned_abs(), waiting: (last - cursor).unsigned_abs(), ..Stats::default() };
        let mut select = moment.prepare("SELECT name, label, value FROM counter")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (name, label): (String, String) = (row.get(0)?, row.get(1)?);
            let value = row.get::<_, i64>(2)?.unsigned_abs();
            match name.as_str() {
                "received" => drop(stats.received.insert(label, value)),
                "stored" => drop(stats.stored.insert(label, value)),
                "let-go" => drop(stats.let_go.insert(label, value)),
                "rejected" => drop(stats.rejected.insert(label, value)),
                "suppressed" => drop(stats.suppressed.insert(label, value)),
                "matched" => stats.matched = value,
                "notified" => stats.notified = value,
                _ => drop(stats.other.entry(name).or_default().insert(label, value)),
            }
        }
        let mut select =
            moment.prepare("SELECT status, count(*) FROM notification WHERE status <> 'suppressed' GROUP BY status")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            stats.deliveries.insert(row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs());
        }
        drop(rows);
        let counts = self.alert_counts()?;
        (stats.active, stats.resolved) = (counts.active, counts.resolved);
        stats.judged = self.judgements(Timestamp::MIN)?;
        Ok(stats)
    }

    /// How often each rule matched on each of the last `days` days, the day of `now` included; days without a match
    /// are left out.
    pub fn hits(&self, now: Timestamp, days: u32) -> Result<Vec<Hit>, StoreError> {
        let today = stamp::day(now);
        let mut select = self
            .connection
            .prepare_cached("SELECT rule, day, count, last FROM hit WHERE day > ?1 AND day <= ?2 ORDER BY rule, day")?;
        let found = select.query_map(params![today - i64::from(days), today], |row| {
            Ok(Hit {
                rule: row.get(0)?,
                days_ago: u32::try_from(today - row.get::<_, i64>(1)?).unwrap_or_default(),
                count: row.get::<_, i64>(2)?.unsigned_abs(),
                last: stamp::time(row.get(3)?),
            })
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}
