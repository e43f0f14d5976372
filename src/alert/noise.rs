//! What the operator wants of quiet: when, and how many pop-ups are too many.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Hours, Maintenance};

/// The span in which pop-ups are counted, and after which a digest speaks.
pub(super) const MINUTE: Duration = Duration::from_mins(1);

/// The operator's settings against noise. Until a row says them there are none: everything is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct Noise {
    /// Hours in which only what is critical is shown.
    pub quiet: Vec<Hours>,
    pub maintenance: Vec<Maintenance>,
    pub limits: Limits,
}

/// How many pop-ups are shown within a minute before the rest become one digest. 0: as many as there are. What is critical is
/// always shown and not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct Limits {
    /// Of one rule.
    pub rule: u16,
    /// Of all rules.
    pub all: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rule: 5, all: 15 }
    }
}

/// Which limit is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    Rule,
    All,
}

/// When pop-ups were shown within the last minute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pace {
    shown: VecDeque<(Timestamp, Arc<str>)>,
}

impl Pace {
    /// Counts a pop-up of that rule at `now`, unless a limit is reached: the rule's own before that of all, so that a rule
    /// that floods uses up nobody else's.
    pub fn take(&mut self, now: Timestamp, rule: &Arc<str>, limits: Limits) -> Option<Reached> {
        let minute = SignedDuration::try_from(MINUTE).unwrap_or_default();
        while self.shown.front().is_some_and(|(at, _)| now.duration_since(*at) >= minute) {
            self.shown.pop_front();
        }
        let of_rule = self.shown.iter().filter(|(_, shown)| shown == rule).count();
        if limits.rule > 0 && of_rule >= usize::from(limits.rule) {
            return Some(Reached::Rule);
        }
        if limits.all > 0 && self.shown.len() >= usize::from(limits.all) {
            return Some(Reached::All);
        }
        if limits.rule > 0 || limits.all > 0 {
            self.shown.push_back((now, rule.clone()));
        }
        None
    }
}

/// How often each rule stands in a digest.
pub(super) type ByRule = BTreeMap<Arc<str>, u64>;
