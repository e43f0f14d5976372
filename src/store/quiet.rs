//! The silences in force, the settings against noise, and what a silence would have hidden.

use std::{cmp::Reverse, collections::BTreeMap};

use jiff::{Timestamp, tz::TimeZone};
use rusqlite::{OptionalExtension, params};

use super::{Control, Reader, RowBody, StoreError, log, row::CONTROL, stamp};
use crate::{
    alert::{self, DIGEST, Due, Foreseen, Head, Looked, Matchers, Noise, Reason, Silence, Verdict},
    rules::Severity,
};

/// How many pop-ups a preview looks at, from the latest back.
const LOOKED_AT: usize = 50_000;
/// How many alerts a preview tells apart.
const ALERTS: usize = 1_000;

/// What a silence would have hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Pop-ups that would not have been shown.
    pub hidden: u64,
    /// Pop-ups that were shown in all.
    pub of: u64,
    /// Alerts that had a pop-up, the latest first; 1,000 at most.
    pub alerts: Vec<Previewed>,
    /// How many such alerts there were, and how many of them would have lost one.
    pub alerts_of: u64,
    pub alerts_hidden: u64,
    /// How many of those were critical.
    pub critical: u64,
}

/// An alert that had a pop-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previewed {
    pub id: String,
    pub title: String,
    pub severity: Severity,
    /// Its first pop-up within the time looked at.
    pub time: Timestamp,
    /// What the operator said of it.
    pub verdict: Option<Verdict>,
    /// Its pop-ups that would not have been shown.
    pub hidden: u64,
}

impl Reader {
    /// The silences in force at `now`, by the rows that brought them; those of rows that wait to be evaluated included.
    pub fn silences(&self, now: Timestamp) -> Result<Vec<Silence>, StoreError> {
        let mut silences = self.head()?.silences;
        let cursor: i64 = self.connection.query_row("SELECT cursor FROM log", [], |row| row.get(0))?;
        let mut select = self.connection.prepare_cached(
            "SELECT seq, received, kind, topic, payload FROM tail WHERE kind <> 0 AND kind = ?1 AND seq > ?2 ORDER BY seq",
        )?;
        let mut rows = select.query(params![CONTROL, cursor])?;
        while let Some(row) = rows.next()? {
            let row = log::read_row(row)?;
            match row.body {
                RowBody::Control(Control::Silence { matchers, until, comment, by }) => {
                    silences.push(Silence { id: row.seq, matchers, since: row.received, until, comment, by });
                }
                RowBody::Control(Control::EndSilence { id }) => silences.retain(|silence| silence.id != id),
                _ => {}
            }
        }
        silences.retain(|silence| silence.until > now);
        Ok(silences)
    }

    /// The settings against noise as of the cursor; `None` before the log says them.
    pub fn noise(&self) -> Result<Option<Noise>, StoreError> {
        Ok(self.head()?.noise)
    }

    /// Until when all pop-ups are snoozed, as of the cursor.
    pub fn snoozed_all(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.head()?.snoozed_all)
    }

    /// What a silence would have hidden of the pop-ups that were shown since `since`. It looks at the latest
    /// 50,000 at most. Digests are no part of it: no silence hides them.
    pub fn preview(&self, matchers: &Matchers, since: Timestamp) -> Result<Preview, StoreError> {
        let mut preview = Preview::default();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for popup in self.popups(since, "'notified'")?.iter().filter(|popup| popup.rule != DIGEST) {
            let hidden = u64::from(matchers.fit(&popup.looked()));
            preview.of += 1;
            preview.hidden += hidden;
            let place = *places.entry(popup.alert.clone()).or_insert_with(|| {
                let (id, title) = (popup.alert.clone(), popup.title.clone());
                let (severity, time, verdict) = (popup.severity, popup.time, popup.verdict);
                let alert = Previewed { id, title, severity, time, verdict, hidden: 0 };
                preview.alerts.push(alert);
                preview.alerts.len() - 1
            });
            let alert = &mut preview.alerts[place];
            (alert.time, alert.hidden) = (popup.time, alert.hidden + hidden);
        }
        preview.alerts_of = preview.alerts.len() as u64;
        let hidden = preview.alerts.iter().filter(|alert| alert.hidden > 0);
        preview.alerts_hidden = hidden.clone().count() as u64;
        preview.critical = hidden.filter(|alert| alert.severity == Severity::Critical).count() as u64;
        // What would be hidden is kept before what would not.
        preview.alerts.sort_by_key(|alert| alert.hidden == 0);
        preview.alerts.truncate(ALERTS);
        preview.alerts.sort_by_key(|alert| Reverse(alert.time));
        Ok(preview)
    }

    /// What settings against noise would have done with the pop-ups that were due since `since`: the latest
    /// 50,000 at most.
    pub fn foresee(&self, noise: &Noise, zone: &TimeZone, since: Timestamp) -> Result<Foreseen, StoreError> {
        let popups = self.popups(since, "'notified', 'suppressed'")?;
        Ok(alert::foresee(
            noise,
            zone,
            popups.iter().rev().map(|popup| Due {
                at: popup.time,
                looked: popup.looked(),
                withheld: Reason::named(popup.reason.split(": ").next().unwrap_or_default())
                    .filter(|why| *why != Reason::None),
            }),
        ))
    }

    /// The latest pop-ups that were due, shown or not, from the last back.
    fn popups(&self, since: Timestamp, kinds: &str) -> Result<Vec<Popup>, StoreError> {
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT change.time, change.alert, change.rule, change.key, change.severity, change.title,
                    ifnull(json_extract(alert.record, '$.kind'), ''), change.reason,
                    ifnull(json_extract(alert.record, '$.judged.verdict'), '')
             FROM change LEFT JOIN alert ON alert.id = change.alert
             WHERE change.change IN ({kinds}) ORDER BY change.id DESC LIMIT ?1"
        ))?;
        let mut rows = select.query(params![LOOKED_AT as i64])?;
        let mut popups = Vec::new();
        while let Some(row) = rows.next()? {
            let time = row.get(0)?;
            if time < stamp::nanos(since) {
                break;
            }
            popups.push(Popup {
                time: stamp::time(time),
                alert: row.get(1)?,
                rule: row.get(2)?,
                key: row.get(3)?,
                severity: Severity::named(&row.get::<_, String>(4)?).unwrap_or_default(),
                title: row.get(5)?,
                kind: row.get(6)?,
                reason: row.get(7)?,
                verdict: Verdict::named(&row.get::<_, String>(8)?),
            });
        }
        Ok(popups)
    }

    fn head(&self) -> Result<Head, StoreError> {
        let head: Option<String> = self
            .connection
            .query_row("SELECT value FROM engine WHERE name = 'lifecycle'", [], |row| row.get(0))
            .optional()?;
        let Some(head) = head else { return Ok(Head::default()) };
        serde_json::from_str(&head).map_err(|error| StoreError::unreadable("The state of the alerts", error))
    }
}

/// A pop-up that was due.
struct Popup {
    time: Timestamp,
    alert: String,
    rule: String,
    key: String,
    severity: Severity,
    title: String,
    kind: String,
    reason: String,
    verdict: Option<Verdict>,
}

impl Popup {
    fn looked(&self) -> Looked<'_> {
        Looked { rule: &self.rule, key: &self.key, kind: &self.kind, title: &self.title, severity: self.severity }
    }
}
