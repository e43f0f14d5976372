//! What a rule says about time: how bad it is, when it fires, is repeated, ends.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How bad what a rule looks for is. Ordered: `Info < Warning < Critical`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Info,
    /// What a rule that says nothing is.
    #[default]
    Warning,
    Critical,
}

impl Severity {
    /// All, from the least to the worst.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Critical];

    /// As a rule writes it: `info`, `warning`, `critical`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// The severity of that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// When an occurrence is over if its rule does not say: this long after its last match.
pub const RESOLVE_AFTER: Duration = Duration::from_mins(15);

/// The lifecycle that a rule asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub severity: Severity,
    /// How long it must last before it fires (`HOLD`); `None`: it fires at once.
    pub hold: Option<Duration>,
    /// How long after the last match it is over (`RESOLVE_AFTER`); `None`: never by time alone.
    pub resolve_after: Option<Duration>,
    /// After how long it speaks again (`REMIND`); the last repeats; empty: never.
    pub remind: Vec<Duration>,
    /// A state (the rule has `fn resolved`, or `SILENT_FOR`) rather than an occurrence.
    pub state: bool,
    /// How long a key must not be heard before it fires (`SILENT_FOR`): `when` then says what counts as heard.
    #[serde(default)]
    pub silent_for: Option<Duration>,
    /// How long after it was last heard a key is forgotten (`FORGET_AFTER`).
    #[serde(default = "forget_after")]
    pub forget_after: Duration,
}

/// When a key of a rule with `SILENT_FOR` is forgotten if its rule does not say: this long after it was last heard.
pub const FORGET_AFTER: Duration = Duration::from_hours(7 * 24);

fn forget_after() -> Duration {
    FORGET_AFTER
}

impl Default for Policy {
    /// A rule that says nothing: a warning, an occurrence that is over after [`RESOLVE_AFTER`].
    fn default() -> Self {
        Self {
            severity: Severity::default(),
            hold: None,
            resolve_after: Some(RESOLVE_AFTER),
            remind: Vec::new(),
            state: false,
            silent_for: None,
            forget_after: FORGET_AFTER,
        }
    }
}
