//! Silences: what matches is not shown, until a time, for a reason that somebody wrote down.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AlertRecord, DIGEST};
use crate::{functions::fits, rules::Severity};

/// The most silences in force at one time; another is not taken until one ends.
pub const MOST_SILENCES: usize = 500;

/// Which alerts. Patterns are as in the function `glob`; an empty one fits everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct Matchers {
    /// The rule's name.
    pub rule: String,
    pub key: String,
    /// The kind of the event, such as `security.rogue`.
    pub kind: String,
    pub title: String,
    /// Exactly this severity; `None`: any.
    pub severity: Option<Severity>,
    /// What is critical does not fit, whatever else does.
    pub spare_critical: bool,
}

/// What of an alert a silence looks at.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'a> {
    pub rule: &'a str,
    pub key: &'a str,
    pub kind: &'a str,
    pub title: &'a str,
    pub severity: Severity,
}

impl Matchers {
    /// Whether all of them fit.
    pub fn fit(&self, alert: &Looked<'_>) -> bool {
        let fit = |pattern: &str, text: &str| pattern.is_empty() || pattern == text || fits(pattern, text);
        !(self.spare_critical && alert.severity == Severity::Critical)
            && self.severity.is_none_or(|severity| severity == alert.severity)
            && fit(&self.rule, alert.rule)
            && fit(&self.kind, alert.kind)
            && fit(&self.key, alert.key)
            && fit(&self.title, alert.title)
    }

    /// Whether nothing is asked for, so that every alert fits, or every one but the critical.
    pub fn is_any(&self) -> bool {
        *self == Self { spare_critical: self.spare_critical, ..Self::default() }
    }
}

/// The silence that hides an alert at `now`, if one does.
pub fn silence_of<'a>(record: &AlertRecord, silences: &'a [Silence], now: Timestamp) -> Option<&'a Silence> {
    if *record.rule == *DIGEST {
        return None; // it tells of what was not hidden
    }
    let looked = record.looked();
    silences.iter().find(|silence| silence.until > now && silence.matchers.fit(&looked))
}

/// A silence, by the number of the row that brought it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    pub id: u64,
    pub matchers: Matchers,
    pub since: Timestamp,
    /// From then on it hides nothing.
    pub until: Timestamp,
    /// Why, by whoever wants it; stands in the reason of each pop-up that is not shown.
    pub comment: Arc<str>,
    pub by: Arc<str>,
}
