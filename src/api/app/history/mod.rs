//! The alerts of the past: some at a time, how many there are and when, and all of them in a file.

mod export;
mod file;
mod looked;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, btree_map::Entry},
    ops::ControlFlow,
};

use jiff::Timestamp;

use self::looked::Looked;
pub use self::{
    export::{Unwritten, write},
    file::save,
    looked::{filter, read},
};
use super::{alerts, quiet};
use crate::{
    alert::{AlertId, AlertRecord, Reason, Silence},
    api::{ApiError, HistoryOverview, HistoryPage, HistoryQuarter, HistoryQuery, HistoryRow, Millis, ReasonCount},
    event::filter::Filter,
    rules::Severity,
    store::{Reader, Status, Stretch},
};

/// The most alerts of one page.
const PAGE: usize = 500;
const QUARTER: i64 = 15 * 60 * 1_000;

/// What a question is asked of.
pub struct Asked<'a> {
    pub reader: &'a Reader,
    pub silences: &'a [Silence],
    pub now: Timestamp,
}

impl Asked<'_> {
    fn passes(&self, filter: &Filter, record: &AlertRecord) -> bool {
        filter.matches(&Looked { record, silences: self.silences, now: self.now })
    }

    /// The alerts behind that one (none: from the latest).
    pub fn page(&self, query: &HistoryQuery, after: Option<&AlertId>, limit: u32) -> Result<HistoryPage, ApiError> {
        let filter = looked::filter(&query.filter)?;
        let limit = (limit as usize).clamp(1, PAGE);
        let mut records = Vec::new();
        self.reader.each_alert(stretch(query)?, after, |record| {
            if self.passes(&filter, &record) {
                records.push(record);
            }
            // One more than is asked for tells whether there are others.
            Ok::<_, ApiError>(if records.len() > limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        let last = records.len() <= limit;
        records.truncate(limit);
        let alerts = records.iter().map(|record| self.row(record)).collect::<Result<_, _>>()?;
        Ok(HistoryPage { alerts, last })
    }

    fn row(&self, record: &AlertRecord) -> Result<HistoryRow, ApiError> {
        let (sent, withheld) = popups(self.reader, record)?;
        let row = alerts::row(record, self.silences, self.now);
        let withheld = withheld.into_iter().map(|(reason, count)| ReasonCount { reason, count }).collect();
        Ok(HistoryRow { row, sent, withheld })
    }

    /// How many began in the stretch, and when.
    pub fn overview(&self, query: &HistoryQuery) -> Result<HistoryOverview, ApiError> {
        let (filter, stretch) = (looked::filter(&query.filter)?, stretch(query)?);
        let (mut all, mut quarters) = (0, BTreeMap::new());
        self.reader.each_alert(stretch, None, |record| {
            all += 1;
            count(&mut quarters, &record, self.passes(&filter, &record));
            Ok::<_, ApiError>(ControlFlow::Continue(()))
        })?;
        let quarters: Vec<_> = quarters.into_values().collect();
        let sum = |of: fn(&HistoryQuarter) -> u32| quarters.iter().map(of).sum::<u32>();
        let (critical, warning, info) = (sum(|one| one.critical), sum(|one| one.warning), sum(|one| one.info));
        let first = self.reader.first_alert()?;
        let since = stretch.from.or(first).unwrap_or(self.now);
        let (deaf, known) = quiet::deaf(&self.reader.coverage(since)?, since);
        Ok(HistoryOverview {
            all,
            kept: critical + warning + info,
            critical,
            warning,
            info,
            quarters,
            deaf,
            known: known.into(),
            first: first.map(Into::into),
        })
    }
}

fn count(quarters: &mut BTreeMap<i64, HistoryQuarter>, record: &AlertRecord, kept: bool) {
    let from = record.since.as_millisecond().div_euclid(QUARTER) * QUARTER;
    let empty = || HistoryQuarter { from: Millis(from), critical: 0, warning: 0, info: 0, hidden: 0, alert: None };
    let quarter = match quarters.entry(from) {
        Entry::Occupied(there) => there.into_mut(),
        Entry::Vacant(place) => place.insert(empty()),
    };
    if !kept {
        quarter.hidden += 1;
        return;
    }
    let worst = if quarter.critical > 0 {
        Some(Severity::Critical)
    } else if quarter.warning > 0 {
        Some(Severity::Warning)
    } else {
        (quarter.info > 0).then_some(Severity::Info)
    };
    // They come the latest first: of equals the one that is there is the later one.
    if worst.is_none_or(|worst| record.severity > worst) {
        quarter.alert = Some(record.id.to_string());
    }
    match record.severity {
        Severity::Critical => quarter.critical += 1,
        Severity::Warning => quarter.warning += 1,
        Severity::Info => quarter.info += 1,
    }
}

/// How many pop-ups of an alert were shown, and why others were not, the most frequent reason first.
fn popups(reader: &Reader, record: &AlertRecord) -> Result<(u32, Vec<(String, u64)>), ApiError> {
    let mut sent = 0;
    let mut withheld: BTreeMap<String, u64> = BTreeMap::new();
    for (status, reason, count) in reader.popups_of(&record.id)? {
        let words = match status {
            Status::Sent => {
                sent += count;
                continue;
            }
            Status::Suppressed => in_words(&reason),
            Status::Owed => "about to be shown".to_owned(),
            Status::Withdrawn => reason,
            Status::Failed => alerts::popup_trouble(&reason).to_owned(),
        };
        *withheld.entry(words).or_default() += count;
    }
    if record.repeats > 0 {
        *withheld.entry(Reason::AlreadyFiring.words().to_owned()).or_default() += record.repeats;
    }
    let mut withheld: Vec<_> = withheld.into_iter().collect();
    withheld.sort_by_key(|(_, count)| Reverse(*count));
    Ok((u32::try_from(sent).unwrap_or(u32::MAX), withheld))
}

/// A reason as the database has it, in words: its name, and behind a colon what else there is to say.
fn in_words(reason: &str) -> String {
    let (name, note) = reason.split_once(": ").unwrap_or((reason, ""));
    let words = Reason::named(name).map_or(name, |reason| reason.words());
    if note.is_empty() { words.to_owned() } else { format!("{words}: {note}") }
}

/// When, as the store takes it.
fn stretch(query: &HistoryQuery) -> Result<Stretch, ApiError> {
    let at = |millis: Option<Millis>| {
        let read = |Millis(ms)| Timestamp::from_millisecond(ms);
        millis.map(read).transpose().map_err(|_| ApiError::new("bad-time", "This is no time."))
    };
    Ok(Stretch { from: at(query.from)?, to: at(query.to)? })
}

#[cfg(test)]
mod tests;
