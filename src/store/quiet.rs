//! The silences in force, the settings against noise, and what a silence would have hidden.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Control, Reader, RowBody, StoreError, log, row::CONTROL, stamp};
use crate::{
    alert::{Head, Looked, Matchers, Noise, Silence},
    rules::Severity,
};

/// How many pop-ups a preview looks at, from the latest back.
const LOOKED_AT: usize = 50_000;
/// How many titles a preview names.
const TITLES: usize = 5;

/// What a silence would have hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Pop-ups that would not have been shown.
    pub hidden: u64,
    /// Of so many alerts.
    pub alerts: u64,
    /// Pop-ups that were due in all.
    pub of: u64,
    /// Titles of the latest of them, each once.
    pub titles: Vec<String>,
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

    /// What a silence would have hidden of the pop-ups that were due since `since`. It looks at the latest
    /// 50,000 at most.
    pub fn preview(&self, matchers: &Matchers, since: Timestamp) -> Result<Preview, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT change.time, change.alert, change.rule, change.key, change.severity, change.title,
                    ifnull(json_extract(alert.record, '$.kind'), '')
             FROM change LEFT JOIN alert ON alert.id = change.alert
             WHERE change.change = 'notified' ORDER BY change.id DESC LIMIT ?1",
        )?;
        let mut rows = select.query(params![LOOKED_AT as i64])?;
        let mut preview = Preview::default();
        let mut alerts = BTreeSet::new();
        while let Some(row) = rows.next()? {
            if row.get::<_, i64>(0)? < stamp::nanos(since) {
                break;
            }
            preview.of += 1;
            let text = |column: usize| row.get::<_, String>(column);
            let (rule, key, title, kind) = (text(2)?, text(3)?, text(5)?, text(6)?);
            let severity = Severity::named(&text(4)?).unwrap_or_default();
            if !matchers.fit(&Looked { rule: &rule, key: &key, kind: &kind, title: &title, severity }) {
                continue;
            }
            preview.hidden += 1;
            alerts.insert(text(1)?);
            if preview.titles.len() < TITLES && !preview.titles.contains(&title) {
                preview.titles.push(title);
            }
        }
        preview.alerts = alerts.len() as u64;
        Ok(preview)
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
