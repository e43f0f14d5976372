//! What the lifecycle is told.

use std::sync::Arc;

use jiff::Timestamp;

use super::{AlertId, Judge, Noise, Silence};
use crate::{
    event::{EventId, Topic},
    rules::Policy,
};

/// What the lifecycle has to know about a rule.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct RuleMeta {
    pub name: Arc<str>,
    pub policy: Policy,
    /// The topics of the events it is evaluated on: while one of them is not heard, none of its alerts ends by time.
    pub topics: Vec<Topic>,
    /// Switched on. Alerts of a rule that is not resolve.
    pub enabled: bool,
    /// Of a rule with `SILENT_FOR`: keys that are listened to without ever having been heard.
    #[serde(default)]
    pub expected: Vec<Expected>,
}

/// A key that is to be heard, as the rule's `expected` says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Expected {
    pub key: Arc<str>,
    /// What an alert says while it was never heard.
    pub title: Arc<str>,
    pub body: Arc<str>,
    /// The row that brought the rule.
    pub row: u64,
}

/// A rule's condition held for an event.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Match {
    pub rule: Arc<str>,
    pub key: Arc<str>,
    pub title: Arc<str>,
    pub body: Arc<str>,
    pub event: EventId,
    pub topic: Option<Topic>,
    /// The event's kind, such as `security.rogue`.
    pub kind: Arc<str>,
}

/// Something that can change an alert: what comes of one row, in the order of the row's events and rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    Match(Match),
    /// The same, of a rule with `SILENT_FOR`: the key was heard.
    Heard(Match),
    /// The rule's `resolved` held for this event.
    Resolved {
        rule: Arc<str>,
        key: Arc<str>,
        event: EventId,
    },
    /// The rules are now these, in any order.
    Rules(Vec<RuleMeta>),
    /// A rule that ran away is not evaluated until then (`None`: it runs again), and `row` said so. Raises an alert of
    /// Tocsin's own.
    RulePaused {
        rule: Arc<str>,
        until: Option<Timestamp>,
        reason: Arc<str>,
        row: u64,
    },
    /// A topic began or ceased to be heard.
    Coverage {
        topic: Topic,
        heard: bool,
    },
    /// No more pop-ups for this alert until it ends. It stays listed.
    Acknowledge {
        alert: AlertId,
        by: Arc<str>,
    },
    Unacknowledge {
        alert: AlertId,
    },
    /// No pop-ups of this alert (`None`: of any) until then; `until` being `None` or past ends the snooze.
    Snooze {
        alert: Option<AlertId>,
        until: Option<Timestamp>,
    },
    /// The pop-up of this alert was closed without an answer.
    Dismissed {
        alert: AlertId,
    },
    /// The alert, which may be over, was useful or noise.
    Judge(Judge),
    /// What matches is not shown for a while.
    Silence(Silence),
    /// The silence that this row brought is over.
    EndSilence {
        id: u64,
    },
    /// The settings against noise are now these.
    Noise(Noise),
    /// Whether pop-ups are wanted at all.
    Notifications(bool),
    /// The database was damaged: it is kept under that name, and this one is begun, as `row` says. Raises an alert of
    /// Tocsin's own.
    BegunAnew {
        kept: Arc<str>,
        reason: Arc<str>,
        row: u64,
    },
}
