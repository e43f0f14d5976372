//! Alerts as the window shows them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{EventDetail, Millis};
use crate::{alert::Verdict, event::Topic, rules::policy::Severity};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum AlertTab {
    /// Pending, firing, acknowledged, snoozed, silenced.
    Active,
    Resolved,
    All,
}

/// Where an alert stands, as its mark shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    Pending,
    Firing,
    Acknowledged,
    Snoozed,
    /// A silence hides its pop-ups.
    Silenced,
    Resolved,
}

impl AlertState {
    /// As filters and exported files have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Firing => "firing",
            Self::Acknowledged => "acknowledged",
            Self::Snoozed => "snoozed",
            Self::Silenced => "silenced",
            Self::Resolved => "resolved",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AlertRow {
    pub id: String,
    pub rule: String,
    pub key: String,
    pub severity: Severity,
    pub state: AlertState,
    pub title: String,
    pub body: String,
    pub topic: Option<Topic>,
    pub kind: String,
    /// First match.
    pub since: Millis,
    pub fired: Option<Millis>,
    pub last: Millis,
    pub resolved: Option<Millis>,
    pub snoozed_until: Option<Millis>,
    /// The silence that hides its pop-ups.
    pub silence: Option<String>,
    /// When a pending alert fires if it lasts.
    pub fires_at: Option<Millis>,
    /// Matches since it began.
    pub matches: u32,
    /// What the operator said of it.
    pub verdict: Option<Verdict>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AlertList {
    pub alerts: Vec<AlertRow>,
    pub active: u32,
    pub resolved: u32,
    pub all: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AlertDetail {
    pub row: AlertRow,
    /// The rule's doc text: what it means and what to do.
    pub what_to_do: String,
    /// Newest first.
    pub timeline: Vec<TimelineEntry>,
    pub sent: u32,
    pub withheld: u32,
    /// The event that fired it, or the latest match; none when the log no longer has it.
    pub event: Option<EventDetail>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TimelineEntry {
    pub time: Millis,
    /// `pending`, `fired`, `reminded`, `repeated`, `notified`, `suppressed`, `acknowledged`, `unacknowledged`,
    /// `snoozed`, `unsnoozed`, `dismissed`, `marked-useful`, `marked-noise`, `unmarked`, `resolved`, `dropped`.
    pub change: String,
    /// Why, in words; may be empty.
    pub reason: String,
    pub event: Option<String>,
}
