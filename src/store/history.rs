//! The history of alerts.

use std::{collections::BTreeMap, ops::ControlFlow, str::FromStr, sync::Arc};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::{Notification, Reader, Status, StoreError, outbox, stamp};
use crate::{
    alert::{AlertId, AlertRecord, Change, ChangeKind, Reason},
    event::EventId,
    rules::Severity,
};

/// Which alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Pending or firing.
    Active,
    Resolved,
    #[default]
    All,
}

/// A question for alerts.
#[derive(Clone, Debug, Default)]
pub struct AlertQuery {
    pub which: Which,
    /// Somewhere in title, body, rule or key, whatever the case (of ASCII letters); empty: any.
    pub text: String,
    /// At most so many.
    pub limit: usize,
    /// Those that come after this one in the answer: to go on where an earlier one ended.
    pub after: Option<AlertRecord>,
}

/// How many alerts there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlertCounts {
    /// Pending or firing.
    pub active: u64,
    pub resolved: u64,
}

/// An alert and all that happened to it.
#[derive(Clone, Debug)]
pub struct AlertHistory {
    pub record: AlertRecord,
    /// Oldest first.
    pub changes: Vec<Change>,
    /// Every pop-up that was due, oldest first.
    pub notifications: Vec<Notification>,
}

impl Reader {
    /// Alerts, the latest begun first.
    pub fn alerts(&self, query: &AlertQuery) -> Result<Vec<AlertRecord>, StoreError> {
        let mut select = self.connection.prepare_cached(match query.which {
            Which::Active => concat!(
                "SELECT record FROM alert WHERE resolved IS NULL AND (since, id) < (?1, ?2) ",
                "AND (?3 = '' OR instr(lower(title || char(10) || body || char(10) || rule || char(10) || key), ?3)) ",
                "ORDER BY since DESC, id DESC LIMIT ?4"
            ),
            Which::Resolved => concat!(
                "SELECT record FROM alert WHERE resolved IS NOT NULL AND (since, id) < (?1, ?2) ",
                "AND (?3 = '' OR instr(lower(title || char(10) || body || char(10) || rule || char(10) || key), ?3)) ",
                "ORDER BY since DESC, id DESC LIMIT ?4"
            ),
            Which::All => concat!(
                "SELECT record FROM alert WHERE (since, id) < (?1, ?2) ",
                "AND (?3 = '' OR instr(lower(title || char(10) || body || char(10) || rule || char(10) || key), ?3)) ",
                "ORDER BY since DESC, id DESC LIMIT ?4"
            ),
        })?;
        let (since, id) = match &query.after {
            Some(record) => (stamp::nanos(record.since), record.id.as_str()),
            None => (i64::MAX, ""),
        };
        let text = query.text.to_ascii_lowercase();
        let mut rows = select.query(params![since, id, text, query.limit as i64])?;
        let mut read = Vec::new();
        while let Some(row) = rows.next()? {
            read.push(read_record(&row.get::<_, String>(0)?)?);
        }
        Ok(read)
    }

    /// How many alerts are active and how many resolved.
    pub fn alert_counts(&self) -> Result<AlertCounts, StoreError> {
        // Two counts, each over an index of its own.
        let mut select = self.connection.prepare_cached(
            "SELECT (SELECT count(*) FROM alert WHERE resolved IS NULL),
                    (SELECT count(*) FROM alert WHERE resolved IS NOT NULL)",
        )?;
        let (active, resolved) = select.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
        Ok(AlertCounts { active: active.unsigned_abs(), resolved: resolved.unsigned_abs() })
    }

    /// One alert with all that happened to it; `None` if there is none of that name.
    pub fn alert(&self, id: &AlertId) -> Result<Option<AlertHistory>, StoreError> {
        let record: Option<String> = self
            .connection
            .query_row("SELECT record FROM alert WHERE id = ?1", params![id.as_str()], |row| row.get(0))
            .optional()?;
        let Some(record) = record else { return Ok(None) };
        let mut select = self.connection.prepare_cached(
            "SELECT id, time, alert, rule, key, change, severity, title, body, reason, event FROM change
             WHERE alert = ?1 ORDER BY id",
        )?;
        let mut rows = select.query(params![id.as_str()])?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.push(read_change(row)?.1);
        }
        Ok(Some(AlertHistory {
            record: read_record(&record)?,
            changes,
            notifications: outbox::of_alert(&self.connection, id)?,
        }))
    }

    /// Up to `limit` changes of all alerts after the one numbered `after` (0: from the first), oldest first, each with
    /// its number.
    pub fn changes(&self, after: i64, limit: usize) -> Result<Vec<(i64, Change)>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT id, time, alert, rule, key, change, severity, title, body, reason, event FROM change
             WHERE id > ?1 ORDER BY id LIMIT ?2",
        )?;
        let mut rows = select.query(params![after, limit as i64])?;
        let mut read = Vec::new();
        while let Some(row) = rows.next()? {
            read.push(read_change(row)?);
        }
        Ok(read)
    }
}

/// When alerts began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// Then or later; `None`: since the first.
    pub from: Option<Timestamp>,
    /// Before then; `None`: until now.
    pub to: Option<Timestamp>,
}

/// The pop-ups that were due because of one alert: where they stand, why, and how many.
pub type Popups = Vec<(Status, String, u64)>;

impl Reader {
    /// Hands on the alerts that began in a stretch of time, the latest first, one at a time until `take` breaks off.
    /// `after`: those behind that one only; none if it is not kept any more.
    pub fn each_alert<E: From<StoreError>>(
        &self,
        stretch: Stretch,
        after: Option<&AlertId>,
        mut take: impl FnMut(AlertRecord) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let to = stretch.to.map_or(i64::MAX, stamp::nanos);
        let (since, id) = match after {
            None => (to, ""),
            Some(id) => {
                let since = self.began(id)?;
                let Some(since) = since else { return Ok(()) };
                if since < to { (since, id.as_str()) } else { (to, "") }
            }
        };
        let mut select = self
            .connection
            .prepare_cached(
                "SELECT record FROM alert WHERE (since, id) < (?1, ?2) AND since >= ?3 ORDER BY since DESC, id DESC",
            )
            .map_err(StoreError::from)?;
        let from = stretch.from.map_or(i64::MIN, stamp::nanos);
        let mut rows = select.query(params![since, id, from]).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            let json: String = row.get(0).map_err(StoreError::from)?;
            if take(read_record(&json)?)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn began(&self, id: &AlertId) -> Result<Option<i64>, StoreError> {
        let mut select = self.connection.prepare_cached("SELECT since FROM alert WHERE id = ?1")?;
        Ok(select.query_row(params![id.as_str()], |row| row.get(0)).optional()?)
    }

    /// When the first alert that is kept began.
    pub fn first_alert(&self) -> Result<Option<Timestamp>, StoreError> {
        let first: Option<i64> = self.connection.query_row("SELECT min(since) FROM alert", [], |row| row.get(0))?;
        Ok(first.map(stamp::time))
    }

    /// What became of the pop-ups of an alert.
    pub fn popups_of(&self, id: &AlertId) -> Result<Popups, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT status, reason, count(*) FROM notification WHERE alert = ?1 GROUP BY status, reason ORDER BY 1, 2",
        )?;
        let mut rows = select.query(params![id.as_str()])?;
        let mut popups = Vec::new();
        while let Some(row) = rows.next()? {
            let status: String = row.get(0)?;
            let status = Status::named(&status).ok_or_else(|| StoreError::unreadable("A pop-up", &status))?;
            popups.push((status, row.get(1)?, row.get::<_, i64>(2)?.unsigned_abs()));
        }
        Ok(popups)
    }
}

/// How many of the latest changes are looked through for what raised an alert.
const LOOKED_THROUGH: i64 = 20_000;

impl Reader {
    /// Which events from this row on raised an alert, or added to one, and which; of the latest changes only.
    pub fn raised(&self, since: u64) -> Result<BTreeMap<EventId, AlertId>, StoreError> {
        let mut select =
            self.connection.prepare_cached("SELECT seq, change, alert, event FROM change ORDER BY id DESC LIMIT ?1")?;
        let mut rows = select.query(params![LOOKED_THROUGH])?;
        let mut raised = BTreeMap::new();
        while let Some(row) = rows.next()? {
            // The log is evaluated in its order: what comes now is older still.
            if row.get::<_, i64>(0)?.unsigned_abs() < since {
                break;
            }
            let change = ChangeKind::named(&row.get::<_, String>(1)?);
            let event: Option<EventId> = row.get::<_, Option<String>>(3)?.and_then(|event| event.parse().ok());
            if let (Some(ChangeKind::Pending | ChangeKind::Fired | ChangeKind::Repeated), Some(event)) = (change, event)
            {
                raised.entry(event).or_insert(AlertId::from(row.get::<_, String>(2)?.as_str()));
            }
        }
        Ok(raised)
    }
}

pub(super) fn read_record(json: &str) -> Result<AlertRecord, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::unreadable("An alert", error))
}

fn read_change(row: &Row<'_>) -> Result<(i64, Change), StoreError> {
    let id: i64 = row.get(0)?;
    let text = |column: usize| row.get::<_, String>(column);
    let shared = |column: usize| text(column).map(Arc::<str>::from);
    let no = |what: &str| StoreError::unreadable(format!("Change {id}"), format!("\"{what}\" is not known"));
    let (change, severity, reason) = (text(5)?, text(6)?, text(9)?);
    let (named, note) = reason.split_once(": ").unwrap_or((&reason, ""));
    let event = row.get::<_, Option<String>>(10)?;
    let change = Change {
        time: stamp::time(row.get(1)?),
        alert: AlertId::from(text(2)?.as_str()),
        rule: shared(3)?,
        key: shared(4)?,
        change: ChangeKind::named(&change).ok_or_else(|| no(&change))?,
        severity: Severity::named(&severity).ok_or_else(|| no(&severity))?,
        title: shared(7)?,
        body: shared(8)?,
        reason: Reason::named(named).ok_or_else(|| no(&reason))?,
        note: note.into(),
        event: event.map(|event| EventId::from_str(&event).map_err(|_| no(&event))).transpose()?,
    };
    Ok((id, change))
}
