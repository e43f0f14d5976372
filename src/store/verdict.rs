//! What the operator said of alerts: kept with them, and counted by rule.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};
use serde::Serialize;

use super::{Reader, Store, StoreError, history::read_record, schema, stamp};
use crate::alert::{AlertId, AlertRecord, Change, Judged, Verdict};

/// How many alerts of a rule were judged, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Judgements {
    pub useful: u64,
    pub noise: u64,
}

impl Judgements {
    /// Both together.
    pub fn all(self) -> u64 {
        self.useful + self.noise
    }
}

/// Writes a verdict into the record of an alert, live or over. Of one that is not kept any more nothing stays, its
/// change included.
pub(super) fn mark(transaction: &Transaction<'_>, change: &Change, id: i64) -> Result<(), StoreError> {
    let Some(verdict) = change.change.verdict() else { return Ok(()) };
    let mut select = transaction.prepare_cached("SELECT record FROM alert WHERE id = ?1")?;
    let kept: Option<String> = select.query_row(params![change.alert.as_str()], |row| row.get(0)).optional()?;
    let Some(kept) = kept else {
        transaction.prepare_cached("DELETE FROM change WHERE id = ?1")?.execute(params![id])?;
        return Ok(());
    };
    let mut record = read_record(&kept)?;
    record.judged = verdict.map(|verdict| Judged { verdict, at: change.time });
    let record = serde_json::to_string(&record).map_err(|error| StoreError::unreadable("An alert", error))?;
    transaction.prepare_cached("UPDATE alert SET record = ?2, verdict = ?3 WHERE id = ?1")?.execute(params![
        change.alert.as_str(),
        record,
        verdict.map(Verdict::name)
    ])?;
    Ok(())
}

impl Store {
    /// Of the alerts that those changes judge, the ones that are over: nothing else tells how they are now.
    pub fn judged_after_their_end(&self, changes: &[Change]) -> Result<Vec<AlertRecord>, StoreError> {
        let mut select =
            self.connection.prepare_cached("SELECT record FROM alert WHERE id = ?1 AND resolved IS NOT NULL")?;
        let mut judged = BTreeMap::new();
        for change in changes.iter().filter(|change| change.change.verdict().is_some()) {
            let record: Option<String> =
                select.query_row(params![change.alert.as_str()], |row| row.get(0)).optional()?;
            if let Some(record) = record {
                judged.insert(&change.alert, read_record(&record)?);
            }
        }
        Ok(judged.into_values().collect())
    }
}

impl Reader {
    /// One alert without what happened to it; `None` if there is none of that name.
    pub fn record(&self, id: &AlertId) -> Result<Option<AlertRecord>, StoreError> {
        let mut select = self.connection.prepare_cached("SELECT record FROM alert WHERE id = ?1")?;
        let record: Option<String> = select.query_row(params![id.as_str()], |row| row.get(0)).optional()?;
        record.map(|record| read_record(&record)).transpose()
    }

    /// How the alerts were judged that began since then, by rule; those nobody judged are left out.
    pub fn judgements(&self, since: Timestamp) -> Result<BTreeMap<String, Judgements>, StoreError> {
        let mut judged: BTreeMap<String, Judgements> = BTreeMap::new();
        if !schema::has_verdicts(&self.connection)? {
            return Ok(judged);
        }
        let mut select = self.connection.prepare_cached(
            "SELECT rule, verdict, count(*) FROM alert WHERE verdict IS NOT NULL AND since >= ?1 GROUP BY rule, verdict",
        )?;
        let mut rows = select.query(params![stamp::nanos(since)])?;
        while let Some(row) = rows.next()? {
            let (rule, verdict): (String, String) = (row.get(0)?, row.get(1)?);
            let count = row.get::<_, i64>(2)?.unsigned_abs();
            let of_rule = judged.entry(rule).or_default();
            match Verdict::named(&verdict) {
                Some(Verdict::Useful) => of_rule.useful += count,
                Some(Verdict::Noise) => of_rule.noise += count,
                None => return Err(StoreError::unreadable("A verdict", format!("\"{verdict}\" is not known"))),
            }
        }
        Ok(judged)
    }
}
