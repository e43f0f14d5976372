//! What the lifecycle leaves to the next start, a little at a time.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AlertRecord, Noise, RuleMeta, Silence, digest::Digest, heard::Heard, live::Live, noise::Pace};
use crate::event::Topic;

/// Everything of a lifecycle but its alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub rules: Vec<RuleMeta>,
    /// Topics that are not heard.
    pub deaf: Vec<Topic>,
    /// Rules that are paused, and until when.
    pub paused: BTreeMap<Arc<str>, Timestamp>,
    pub snoozed_all: Option<Timestamp>,
    /// Pop-ups are turned off.
    pub off: bool,
    /// How many keys rules with `SILENT_FOR` let go before their time.
    #[serde(default)]
    pub let_go: BTreeMap<Arc<str>, u64>,
    /// The settings against noise, once the log says them.
    #[serde(default)]
    pub noise: Option<Noise>,
    #[serde(default)]
    pub silences: Vec<Silence>,
    #[serde(default)]
    pub(super) pace: Pace,
    /// When it is looked whether what was hidden may be shown.
    #[serde(default)]
    pub looks: Option<Timestamp>,
}

/// What changed since it was last asked for. To be stored in one transaction with the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// [`Head`] as JSON; `None`: unchanged.
    pub head: Option<String>,
    /// Live alerts that changed.
    pub live: Vec<SavedAlert>,
    /// What to show of each alert that changed, ended ones first. A later record replaces one of the same id; a
    /// dropped one is not to be kept.
    pub records: Vec<AlertRecord>,
}

/// What is left of one (rule, key): its alert, whether it is listened to, and what it is going to tell.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Heard>,
    /// Of a digest that has something to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Whose; of a key that is listened to.
    pub rule: Arc<str>,
    pub key: Arc<str>,
}

/// The state of one live alert, or of a key that is listened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedAlert {
    pub rule: Arc<str>,
    pub key: Arc<str>,
    /// As JSON; `None`: it has ended.
    pub state: Option<String>,
}
