//! Cases: what a rule says on events that are written down, in `NAME.toml` beside `NAME.rhai`.
//!
//! A case runs its rule, alone, on the real engine and lifecycle with simulated time. What fires, reminds and resolves
//! must be just what the case expects, in that order.

mod compare;
mod coverage;
mod event;
mod files;
mod parse;
mod recover;
mod run;
mod table;
#[cfg(test)]
mod tests;
mod write;

use std::{sync::Arc, time::Duration};

pub use compare::{Line, Side};
pub use coverage::{Coverage, Reached};
pub use files::{Beside, Tested, find, run_all, run_all_covered, test_covered};
use jiff::Timestamp;
pub use parse::parse;
pub use run::{Happening, Verdict, run, run_covered};
pub use write::{Happened, Heard, add, add_all, expect_now, fires, last_expects};

use crate::{diagnostic::Span, event::Event, rules::Severity};

/// All cases of one rule.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    pub cases: Vec<Case>,
    /// Lists in the place of those in the folder, for all cases.
    pub lists: Vec<CaseList>,
}

/// A list as cases write it.
#[derive(Clone, Debug)]
pub struct CaseList {
    pub name: String,
    pub entries: Vec<Arc<str>>,
    /// Where its name stands.
    pub span: Span,
}

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    /// Where it begins in its file, from 1.
    pub line: u32,
    /// Engine time at its beginning.
    pub start: Timestamp,
    /// The operator's zone, by its IANA name.
    pub zone: String,
    /// What comes in, in order of time.
    pub events: Vec<Given>,
    /// When it ends, since its beginning; timers due then have run.
    pub end: Duration,
    pub expect: Vec<Expected>,
}

/// An event that comes in.
#[derive(Clone, Debug)]
pub struct Given {
    /// Since the beginning of the case.
    pub at: Duration,
    /// Its times are those of the case; its place in the log is set when it runs.
    pub event: Event,
}

/// What an alert does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Fires,
    Reminds,
    Resolves,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fires, Self::Reminds, Self::Resolves];

    /// As a case writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fires => "fires",
            Self::Reminds => "reminds",
            Self::Resolves => "resolves",
        }
    }
}

/// What an alert is expected to do. What is `None` does not matter.
#[derive(Clone, Debug)]
pub struct Expected {
    pub what: What,
    /// The key, or a pattern as `glob` has them.
    pub key: String,
    /// Since the beginning of the case.
    pub at: Option<Duration>,
    /// The title, or a pattern.
    pub title: Option<String>,
    /// The body, or a pattern.
    pub body: Option<String>,
    pub severity: Option<Severity>,
}
