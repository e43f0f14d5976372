//! The alerts of the past as the window shows them and writes them out.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AlertRow, Gap, Millis, ReasonCount};

/// Which alerts.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryQuery {
    /// As Live's filter, of the fields of alerts: `severity != info and rule == "security/rogue"`; a word is looked for
    /// everywhere. Empty: all.
    pub filter: String,
    /// Began then or later; none: since the first that is kept.
    pub from: Option<Millis>,
    /// Began before then; none: until now.
    pub to: Option<Millis>,
}

/// Some of the alerts, the latest begun first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryPage {
    pub alerts: Vec<HistoryRow>,
    /// Whether there are no others behind them.
    pub last: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryRow {
    pub row: AlertRow,
    /// Pop-ups that were shown.
    pub sent: u32,
    /// Why others were not, in words, the most frequent first.
    pub withheld: Vec<ReasonCount>,
}

/// How many there are, and when.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryOverview {
    /// Alerts that began in the stretch.
    pub all: u32,
    /// Of these, the ones that pass the filter: in all, and by severity.
    pub kept: u32,
    pub critical: u32,
    pub warning: u32,
    pub info: u32,
    /// The quarters of an hour in which an alert began, oldest first.
    pub quarters: Vec<HistoryQuarter>,
    /// When nothing at all was heard.
    pub deaf: Vec<Gap>,
    /// Since when that is known.
    pub known: Millis,
    /// When the first alert that is kept began.
    pub first: Option<Millis>,
}

/// A quarter of an hour in which an alert began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HistoryQuarter {
    pub from: Millis,
    /// Those that pass the filter, by severity.
    pub critical: u32,
    pub warning: u32,
    pub info: u32,
    /// Those that do not.
    pub hidden: u32,
    /// The worst that passes, the latest of those.
    pub alert: Option<String>,
}

/// How alerts are written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// A table, one row an alert.
    Csv,
    /// A list of alerts, each with its timeline.
    Json,
}

/// A file that was written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Exported {
    pub path: String,
    pub alerts: u32,
}
