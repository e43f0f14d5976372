//! The operator's rules: load, check, compile, evaluate.
//!
//! A rule is one Rhai file. Rules are untrusted: they see an event and answer, within bounds. What an event holds or lacks
//! never stops a rule, and a rule never stops its neighbours.

mod beside;
mod beyond;
mod brackets;
mod calls;
mod check;
mod clause;
pub mod duration;
mod engine;
mod evaluate;
mod expected;
pub mod explain;
mod fix;
pub mod folder;
mod from_event;
mod list_files;
mod lists_asked;
mod lower;
mod neighbour;
mod operator;
mod paths;
mod place;
pub mod policy;
mod record;
mod remembered;
mod room;
mod script;
mod set;
mod settings;
pub mod shipped;
mod sifted;
mod syntax;
mod titles;
mod trouble;
mod warm;
pub mod watch;
pub mod words;

pub use beside::LONGEST_CASES;
pub use engine::{LONGEST_RULE, OPERATIONS};
pub use expected::Expected;
pub use fix::fix;
pub use folder::{Folder, Loaded, stands_in};
pub use from_event::{Begun, from_event};
pub use list_files::ListFile;
pub use lower::Lowering;
pub use paths::{Checked, check_path, check_paths, lists_above, load_path};
pub use policy::{Policy, Severity};
pub use remembered::Paused;
pub use room::{STACK, with_room};
use serde::{Deserialize, Serialize};
pub use set::{LONGEST_PAUSE, Outcome, RuleSet, check, check_with};
pub use sifted::{Candidate, Sifted};
use ts_rs::TS;
pub use warm::Warming;
pub use watch::Watch;

use std::time::Duration;

use crate::{diagnostic::Diagnostic, event::Kind};
use jiff::Timestamp;

/// A rule as it stands in the folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct RuleText {
    /// Its path below the rules folder without `.rhai`, with `/` between: `security/rogue-on-the-wire`.
    pub name: String,
    pub text: String,
    /// Switched on by the operator.
    pub enabled: bool,
}

/// Whether and how a rule runs, if it is switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleStatus {
    /// As it stands in its file.
    Running,
    /// The file has errors; the last good version runs.
    LastGood,
    /// The file has errors and there is no earlier version: nothing runs.
    Broken,
}

/// What there is to know of a rule.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    pub name: String,
    /// The first line of its doc text.
    pub title: String,
    /// The rest of its doc text: what it means and what to do.
    pub doc: String,
    pub severity: Severity,
    /// `ON` as it is written.
    pub on: Vec<String>,
    /// The kinds that `ON` stands for.
    pub kinds: Vec<&'static Kind>,
    pub policy: Policy,
    pub diagnostics: Vec<Diagnostic>,
    pub status: RuleStatus,
    /// Switched on by the operator.
    pub enabled: bool,
    /// Stopped until then, because it ran away. May be past.
    pub paused_until: Option<Timestamp>,
    /// How many of the things it remembered were let go before their time, because there were too many.
    pub forgotten: u64,
    /// Until when a `first_seen` of it learns what is usual, as of when its topics began to be heard. May be past.
    pub learns_until: Option<Timestamp>,
    /// How far it looks back at most; nothing if it does not remember.
    pub looks_back: Duration,
    /// Of a rule with `SILENT_FOR`: what it waits for without ever having heard it, by key.
    pub expected: Vec<Expected>,
    /// How much of it runs without Rhai.
    pub lowering: Lowering,
}

#[cfg(test)]
mod tests;
