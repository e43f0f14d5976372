//! The pop-ups that are owed, and what became of each.

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

use super::{Store, StoreError, stamp};
use crate::{
    alert::{AlertId, Change, ChangeKind},
    rules::Severity,
};

/// A pop-up to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// To say with [`Store::delivered`] what became of it.
    pub id: i64,
    pub alert: AlertId,
    /// When the alert spoke (engine time).
    pub time: Timestamp,
    pub severity: Severity,
    pub title: String,
    pub body: String,
    /// The alert had fired before: it speaks again.
    pub reminder: bool,
}

/// What became of an owed pop-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    Sent,
    /// It could not be shown, for this reason, such as `no-daemon`.
    Failed(String),
}

/// Where a pop-up that was due stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    Owed,
    Sent,
    Failed,
    Withdrawn,
    Suppressed,
}

impl Status {
    const ALL: [Self; 5] = [Self::Owed, Self::Sent, Self::Failed, Self::Withdrawn, Self::Suppressed];

    /// Where one of that name stands.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// As the database and `tocsin stats` have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owed => "owed",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
            Self::Suppressed => "suppressed",
        }
    }
}

/// A pop-up that was due, as the history has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// When the alert spoke (engine time).
    pub time: Timestamp,
    pub title: String,
    pub status: Status,
    /// Why it was suppressed, withdrawn or failed; empty otherwise.
    pub reason: String,
    /// When it was sent, failed or was withdrawn.
    pub done: Option<Timestamp>,
}

impl Store {
    /// The pop-ups still owed, oldest first: after a crash, those of before it.
    pub fn owed(&self) -> Result<Vec<Owed>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT id, alert, time, severity, title, body, reminder FROM notification WHERE status = 'owed' ORDER BY id",
        )?;
        let owed = select.query_map([], |row| {
            Ok(Owed {
                id: row.get(0)?,
                alert: AlertId::from(row.get::<_, String>(1)?.as_str()),
                time: stamp::time(row.get(2)?),
                severity: Severity::named(&row.get::<_, String>(3)?).unwrap_or_default(),
                title: row.get(4)?,
                body: row.get(5)?,
                reminder: row.get(6)?,
            })
        })?;
        Ok(owed.collect::<Result<_, _>>()?)
    }

    /// Says what became of an owed pop-up, at `now`. Gives whether it was still owed: one that was withdrawn in the
    /// meantime stays so.
    pub fn delivered(&mut self, id: i64, delivery: &Delivery, now: Timestamp) -> Result<bool, StoreError> {
        let (status, reason) = match delivery {
            Delivery::Sent => (Status::Sent, ""),
            Delivery::Failed(reason) => (Status::Failed, reason.as_str()),
        };
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE notification SET status = ?2, reason = ?3, done = ?4 WHERE id = ?1 AND status = 'owed'",
            )?
            .execute(params![id, status.name(), reason, stamp::nanos(now)])?;
        Ok(changed > 0)
    }
}

/// What a change means for the outbox. `reminder`: the alert last spoke to remind, not to fire.
pub(super) fn follow(
    transaction: &Transaction<'_>,
    change: &Change,
    change_id: i64,
    reminder: bool,
    owed: &mut Vec<Owed>,
) -> Result<(), StoreError> {
    let withdraw = match change.change {
        ChangeKind::Notified => "superseded",
        ChangeKind::Acknowledged => "acknowledged",
        ChangeKind::Snoozed => "snoozed",
        ChangeKind::Suppressed => "",
        _ => return Ok(()),
    };
    if !withdraw.is_empty() {
        owed.retain(|earlier| earlier.alert != change.alert);
        transaction
            .prepare_cached(
                "UPDATE notification SET status = 'withdrawn', reason = ?2, done = ?3
                 WHERE alert = ?1 AND status = 'owed'",
            )?
            .execute(params![change.alert.as_str(), withdraw, stamp::nanos(change.time)])?;
    }
    let status = match change.change {
        ChangeKind::Notified => Status::Owed,
        ChangeKind::Suppressed => Status::Suppressed,
        _ => return Ok(()),
    };
    transaction
        .prepare_cached(
            "INSERT INTO notification (change, alert, time, severity, title, body, reminder, status, reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            change_id,
            change.alert.as_str(),
            stamp::nanos(change.time),
            change.severity.name(),
            change.title,
            change.body,
            reminder,
            status.name(),
            change.why(),
        ])?;
    if status == Status::Owed {
        owed.push(Owed {
            id: transaction.last_insert_rowid(),
            alert: change.alert.clone(),
            time: change.time,
            severity: change.severity,
            title: change.title.to_string(),
            body: change.body.to_string(),
            reminder,
        });
    }
    Ok(())
}

/// Every pop-up that was due for an alert, oldest first.
pub(super) fn of_alert(connection: &Connection, alert: &AlertId) -> Result<Vec<Notification>, StoreError> {
    let mut select = connection
        .prepare_cached("SELECT time, title, status, reason, done FROM notification WHERE alert = ?1 ORDER BY id")?;
    let found = select.query_map(params![alert.as_str()], |row| {
        let status: String = row.get(2)?;
        Ok(Notification {
            time: stamp::time(row.get(0)?),
            title: row.get(1)?,
            // The table admits these five only.
            status: Status::named(&status).unwrap_or(Status::Owed),
            reason: row.get(3)?,
            done: row.get::<_, Option<i64>>(4)?.map(stamp::time),
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}
