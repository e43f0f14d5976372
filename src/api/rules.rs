//! Rules as the window shows them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Millis;
use crate::{
    diagnostic::Diagnostic,
    rules::{explain::Explanation, policy::Severity},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum RuleState {
    /// Runs as it stands in its file.
    Running,
    /// The file has errors; the last good version runs.
    LastGood,
    /// The file has errors and there is no earlier version: nothing runs.
    Broken,
    /// It ran away and was stopped for a while.
    Paused,
    Off,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RuleRow {
    /// `security/rogue-on-the-wire`.
    pub name: String,
    pub title: String,
    pub severity: Severity,
    pub on: Vec<String>,
    pub enabled: bool,
    pub state: RuleState,
    pub paused_until: Option<Millis>,
    /// Until when it learns what is usual and says of nothing that it is new; absent when it does not, or is off.
    pub learns_until: Option<Millis>,
    /// Why it is paused or what failed last, in words; may be empty.
    pub note: String,
    pub errors: u32,
    pub warnings: u32,
    pub firing: u32,
    /// Matches on each of the last seven days, oldest first.
    pub hits: Vec<u32>,
    pub last_hit: Option<Millis>,
    /// Of its alerts that began in the last seven days, how many the operator called useful, and how many noise.
    pub useful: u32,
    pub noise: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct RuleDetail {
    pub row: RuleRow,
    pub text: String,
    /// Names this text; give it back when saving.
    pub hash: String,
    /// The doc text.
    pub doc: String,
    pub findings: Vec<Diagnostic>,
    /// The file of cases beside it; empty if there is none.
    pub cases: String,
    /// Names that text; give it back when saving.
    pub cases_hash: String,
}

/// Something to begin a rule from.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Template {
    pub name: String,
    /// One line: what it is for.
    pub purpose: String,
    pub text: String,
    /// The cases to begin with; may be empty.
    pub cases: String,
}

/// What completion and hover offer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Vocabulary {
    pub kinds: Vec<KindWords>,
    pub functions: Vec<FunctionWords>,
    pub constants: Vec<ConstantWords>,
    pub lists: Vec<ListWords>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KindWords {
    pub name: String,
    pub fields: Vec<FieldWords>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FieldWords {
    pub name: String,
    pub ty: String,
    /// For an enum, its names.
    pub values: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FunctionWords {
    pub name: String,
    /// `in_list(name, value)`.
    pub signature: String,
    pub doc: String,
    pub example: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ConstantWords {
    pub name: String,
    pub doc: String,
    pub example: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ListWords {
    pub name: String,
    pub entries: u32,
}

/// The values that a field had in the latest events of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SeenValues {
    /// The most frequent first; at most 100.
    pub values: Vec<SeenValue>,
    /// How many different ones were counted.
    pub different: u32,
    /// How many events have such a field, with a value or without.
    pub events: u32,
    /// When the earliest of the frames that were looked at came; none when there are none.
    pub since: Option<Millis>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SeenValue {
    /// As it came: of an item of a list, the item.
    pub value: String,
    /// Whether it is a text, which a rule writes in quotes.
    pub text: bool,
    pub count: u32,
}

/// Why a rule did what it did with an event, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Explained {
    #[serde(flatten)]
    pub explanation: Explanation,
    /// What the event did to an alert, in order.
    pub lifecycle: Vec<Consequence>,
}

/// One thing that came of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Consequence {
    pub time: Millis,
    /// As in the timeline of an alert; empty: nothing happened to any alert.
    pub change: String,
    pub words: String,
}

/// A list's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ListRow {
    /// As rules call it.
    pub name: String,
    /// A table with columns (`NAME.csv`) rather than one entry a line (`NAME.txt`).
    pub csv: bool,
    pub entries: u32,
}

/// What a list's file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ListText {
    pub text: String,
    /// Names this text; give it back when saving.
    pub hash: String,
}
