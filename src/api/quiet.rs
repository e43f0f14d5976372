//! Silences and the account of pop-ups as the window shows them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Millis;
use crate::alert::Matchers;

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
    /// Of so many alerts.
    pub alerts: u32,
    /// Pop-ups in all.
    pub of: u32,
    /// Titles of the latest of them.
    pub titles: Vec<String>,
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
