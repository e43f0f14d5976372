//! Silences and the account of pop-ups as the window shows them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Gap, Millis};
use crate::{
    alert::{Matchers, Verdict},
    rules::policy::Severity,
};

/// A silence in force.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SilenceRow {
    /// Names it, to end it.
    pub id: String,
    pub matchers: Matchers,
    pub since: Millis,
    pub until: Millis,
    pub comment: String,
    pub by: String,
}

/// What a silence would have hidden in the past week.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SilencePreview {
    /// Pop-ups that would not have been shown.
    pub hidden: u32,
    /// Pop-ups in all.
    pub of: u32,
    /// Alerts that would have lost a pop-up.
    pub alerts: u32,
    /// Alerts that had one.
    pub alerts_of: u32,
    /// How many of those that would have lost one are critical.
    pub critical: u32,
    /// Those that would have lost one and some of the others, the latest first.
    pub shown: Vec<PreviewedAlert>,
    /// When nothing at all was heard.
    pub deaf: Vec<Gap>,
    /// Since when that is known.
    pub since: Millis,
}

/// An alert that had a pop-up in the past week.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PreviewedAlert {
    pub id: String,
    pub title: String,
    pub severity: Severity,
    /// Its first pop-up.
    pub time: Millis,
    /// What the operator said of it.
    pub verdict: Option<Verdict>,
    /// Its pop-ups that would not have been shown; 0: not touched.
    pub hidden: u32,
}

/// Where the past week's pop-ups would have gone under other settings.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct NoisePreview {
    /// Pop-ups, digests included.
    pub shown: u32,
    /// The most frequent first.
    pub withheld: Vec<ReasonCount>,
    /// Of what these settings withhold: how many are critical.
    pub critical: u32,
    /// The most that would have come within a minute without limits; 0: none.
    pub busiest: u32,
    /// When that was.
    pub busiest_at: Option<Millis>,
}

/// Where every match went: `matched` is `notified` and all of `suppressed` together.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PopupAccount {
    #[ts(type = "number")]
    pub matched: u64,
    #[ts(type = "number")]
    pub notified: u64,
    /// The most frequent first.
    pub suppressed: Vec<ReasonCount>,
    /// Pop-ups that told of many alerts at once; they are among `notified`.
    #[ts(type = "number")]
    pub digests: u64,
    pub balances: bool,
}

/// How many pop-ups there were not, for one reason.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ReasonCount {
    /// In words.
    pub reason: String,
    #[ts(type = "number")]
    pub count: u64,
}
