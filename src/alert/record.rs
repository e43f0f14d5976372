//! One alert, as the list shows it.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AlertId, Judged, Looked, Reason};
use crate::{
    event::{EventId, Topic},
    rules::Severity,
};

/// How far an alert has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Matched, and held until it has lasted.
    Pending,
    Firing,
    /// Over, having fired.
    Resolved,
    /// Over without ever having fired: not kept.
    Dropped,
}

/// All there is to show of one alert. Times are engine time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRecord {
    pub id: AlertId,
    pub rule: Arc<str>,
    pub key: Arc<str>,
    pub phase: Phase,
    pub severity: Severity,
    /// As of the last match.
    pub title: Arc<str>,
    /// As of the last match.
    pub body: Arc<str>,
    /// Of the events that match; `None` for alerts of Tocsin's own.
    pub topic: Option<Topic>,
    /// The kind of the last event that matched; empty for alerts of Tocsin's own.
    pub kind: Arc<str>,
    pub first_event: EventId,
    pub last_event: EventId,
    /// First match.
    pub since: Timestamp,
    pub fired: Option<Timestamp>,
    /// Last match.
    pub last: Timestamp,
    pub resolved: Option<Timestamp>,
    /// Why it is over.
    pub end: Reason,
    /// Matches since it began, the first one included.
    pub matches: u64,
    /// Matches that were told of by nothing but this count: held, or rolled up while it fired.
    pub repeats: u64,
    pub reminders: u32,
    pub acknowledged: Option<Timestamp>,
    /// Who acknowledged it; empty if nobody did.
    pub acknowledged_by: Arc<str>,
    pub snoozed_until: Option<Timestamp>,
    /// When a pending state fires if it lasts; `None` for an occurrence, which fires at a match.
    pub fires_at: Option<Timestamp>,
    /// What the operator said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
}

impl AlertRecord {
    /// What a silence or a maintenance window looks at.
    pub fn looked(&self) -> Looked<'_> {
        Looked { rule: &self.rule, key: &self.key, kind: &self.kind, title: &self.title, severity: self.severity }
    }
}
