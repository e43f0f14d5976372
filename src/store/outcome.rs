//! Committing what came of rows: the cursor, the changes, the live state and what is owed, all or none.

use rusqlite::{Transaction, params};

use super::{Owed, Store, StoreError, outbox, stamp, tally::Tally, verdict};
use crate::alert::{AlertRecord, Change, ChangeKind, Phase, Saved};

/// What came of the rows up to `cursor`.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The last row evaluated.
    pub cursor: u64,
    /// In the order in which they came about. Those that only count (`Repeated`) are counted and not kept one by one.
    pub changes: Vec<Change>,
    /// From [`Lifecycle::take_saved`](crate::alert::Lifecycle::take_saved).
    pub saved: Saved,
    /// Additions to the totals.
    pub counts: Vec<Count>,
}

/// An addition to a total, such as `rejected` / `truncated`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// What is counted: `received`, `rejected`, `cannot-tell`, …
    pub name: &'static str,
    /// A topic, a reason, a rule; may be empty.
    pub label: String,
    pub by: u64,
}

impl Store {
    /// Commits it in one transaction and gives the notifications that are owed because of it. Of an alert that spoke
    /// more than once since the last pop-up, only the latest is owed.
    pub fn commit_outcome(&mut self, outcome: &Outcome) -> Result<Vec<Owed>, StoreError> {
        let transaction = self.connection.transaction()?;
        let mut owed = Vec::new();
        let mut tally = Tally::default();
        let mut reminder = false;
        let mut verdicts = Vec::new();
        for change in &outcome.changes {
            tally.take_in(change);
            if change.change == ChangeKind::Repeated {
                continue;
            }
            if change.spoke() {
                // What is decided about it stands right behind it.
                reminder = change.change == ChangeKind::Reminded;
            }
            let id = keep_change(&transaction, change, outcome.cursor)?;
            outbox::follow(&transaction, change, id, reminder, &mut owed)?;
            if change.change.verdict().is_some() {
                verdicts.push((change, id));
            }
        }
        tally.write(&transaction)?;
        for record in &outcome.saved.records {
            keep_record(&transaction, record)?;
        }
        // After the records, which may be of the same batch.
        for (change, id) in verdicts {
            verdict::mark(&transaction, change, id)?;
        }
        for live in &outcome.saved.live {
            match &live.state {
                Some(state) => transaction
                    .prepare_cached("INSERT OR REPLACE INTO live VALUES (?1, ?2, ?3)")?
                    .execute(params![live.rule, live.key, state])?,
                None => transaction
                    .prepare_cached("DELETE FROM live WHERE rule = ?1 AND key = ?2")?
                    .execute(params![live.rule, live.key])?,
            };
        }
        if let Some(head) = &outcome.saved.head {
            transaction.execute("INSERT OR REPLACE INTO engine VALUES ('lifecycle', ?1)", params![head])?;
        }
        for count in &outcome.counts {
            add(&transaction, count.name, &count.label, count.by)?;
        }
        let cursor = outcome.cursor.max(self.cursor);
        transaction.prepare_cached("UPDATE log SET cursor = ?1")?.execute(params![cursor.cast_signed()])?;
        transaction.commit()?;
        self.cursor = cursor;
        Ok(owed)
    }

    /// The live state as of the cursor: the head, and each live alert's state, for
    /// [`Lifecycle::load`](crate::alert::Lifecycle::load).
    pub fn live(&self) -> Result<(Option<String>, Vec<String>), StoreError> {
        let mut head = self.connection.prepare("SELECT value FROM engine WHERE name = 'lifecycle'")?;
        let head = head.query_map([], |row| row.get(0))?.next().transpose()?;
        let mut live = self.connection.prepare("SELECT state FROM live ORDER BY rule, key")?;
        let live = live.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok((head, live))
    }
}

pub(super) fn add(transaction: &Transaction<'_>, name: &str, label: &str, by: u64) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO counter VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = value + excluded.value",
        )?
        .execute(params![name, label, by.cast_signed()])?;
    Ok(())
}

fn keep_change(transaction: &Transaction<'_>, change: &Change, seq: u64) -> Result<i64, StoreError> {
    let event = change.event.map(|event| event.to_string());
    transaction
        .prepare_cached(
            "INSERT INTO change (seq, time, alert, rule, key, change, severity, title, body, reason, event)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            seq.cast_signed(),
            stamp::nanos(change.time),
            change.alert.as_str(),
            change.rule,
            change.key,
            change.change.name(),
            change.severity.name(),
            change.title,
            change.body,
            change.why(),
            event,
        ])?;
    Ok(transaction.last_insert_rowid())
}

fn keep_record(transaction: &Transaction<'_>, record: &AlertRecord) -> Result<(), StoreError> {
    if record.phase == Phase::Dropped {
        transaction.prepare_cached("DELETE FROM alert WHERE id = ?1")?.execute(params![record.id.as_str()])?;
        return Ok(());
    }
    let json = serde_json::to_string(record).map_err(|error| StoreError::unreadable("An alert", error))?;
    transaction
        .prepare_cached("INSERT OR REPLACE INTO alert VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
        .execute(params![
            record.id.as_str(),
            record.rule,
            record.key,
            record.severity.name(),
            record.title,
            record.body,
            stamp::nanos(record.since),
            record.resolved.map(stamp::nanos),
            json,
            record.judged.map(|judged| judged.verdict.name()),
        ])?;
    Ok(())
}
