//! The log: everything that can change an outcome is a row.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    alert::{AlertId, Judge, Matchers, Noise},
    event::Topic,
    functions::Lists,
    rules::RuleText,
};

/// One row of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its place in the log, from 1.
    pub seq: u64,
    /// Engine time: when it was appended, never earlier than the row before it.
    pub received: Timestamp,
    pub body: RowBody,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq)]
pub enum RowBody {
    /// One WebSocket message, as it came.
    Frame { topic: Topic, bytes: Bytes },
    /// Time went by.
    Tick,
    /// The operator, or Tocsin itself, did something.
    Control(Control),
    /// A topic began or ceased to be heard.
    Coverage(Coverage),
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "control", rename_all = "snake_case")]
pub enum Control {
    /// The rules are now these, with the lists they use.
    RuleSet {
        rules: Vec<RuleText>,
        lists: Lists,
        /// Of rules whose text has errors, the last text that had none, by name: that one runs.
        last_good: BTreeMap<String, String>,
    },
    /// A rule is not evaluated until then; `None`: it runs again.
    RulePaused {
        rule: Arc<str>,
        until: Option<Timestamp>,
        reason: Arc<str>,
    },
    Acknowledge {
        alert: AlertId,
        by: Arc<str>,
    },
    Unacknowledge {
        alert: AlertId,
    },
    /// No pop-ups of this alert (`None`: of any) until then; `until` being `None` ends the snooze.
    Snooze {
        alert: Option<AlertId>,
        until: Option<Timestamp>,
    },
    /// The pop-up of this alert was closed without an answer.
    Dismissed {
        alert: AlertId,
    },
    /// An alert was useful, or noise.
    Judge(Judge),
    Settings(EngineSettings),
    /// The settings against noise.
    Noise(Noise),
    /// What matches is not shown until then. The number of its row names the silence.
    Silence {
        matchers: Matchers,
        until: Timestamp,
        comment: Arc<str>,
        by: Arc<str>,
    },
    /// The silence that this row brought is over.
    EndSilence {
        id: u64,
    },
    /// The database before this one was damaged, for that reason, and is kept under that name.
    BegunAnew {
        kept: Arc<str>,
        reason: Arc<str>,
    },
}

/// The settings that change outcomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineSettings {
    /// The operator's time zone by its IANA name, for `between` and `weekday`.
    pub zone: String,
    /// Pop-ups are wanted.
    pub notifications: bool,
}

/// Whether a topic is heard from here on, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub topic: Topic,
    pub heard: bool,
    pub reason: CoverageReason,
    /// In words; may be empty.
    pub detail: String,
    /// How many messages came before this and were let go, since more came than could be stored.
    #[serde(default, skip_serializing_if = "is_none")]
    pub missed: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's way
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Why a topic is heard or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverageReason {
    /// It is heard.
    Listening,
    /// This computer slept.
    Asleep,
    /// The line broke or cannot be made.
    Disconnected,
    /// The other side refuses this topic.
    Refused,
    /// The key is refused or missing.
    Key,
    /// More came than could be stored.
    Overload,
    /// Tocsin was not running.
    NotRunning,
    /// Another account was listened to.
    OtherAccount,
    /// The operator turned the topic off.
    Off,
}

/// How the database tells rows apart. Numbers are never given a new meaning.
pub(super) const FRAME: i64 = 0;
pub(super) const TICK: i64 = 1;
pub(super) const CONTROL: i64 = 2;
pub(super) const COVERAGE: i64 = 3;
