//! How many events each clause of a rule lets through, as the window asks for it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Millis;
use crate::{
    diagnostic::Span,
    rules::explain::{ClauseTally, LineTally},
};

/// What the clauses of a rule said of events of the past.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LetThrough {
    /// Events of the rule's kinds in the stretch.
    pub events: u32,
    /// Of so many of them the clauses were asked; fewer than all: of the newest.
    pub asked: u32,
    /// When the first of those was received, and the last.
    pub from: Millis,
    pub to: Millis,
    /// It took too long: what was heard after `to` was not asked.
    pub cut: bool,
    /// From the top.
    pub lines: Vec<LineThrough>,
    pub clauses: Vec<ClauseThrough>,
}

/// The clauses that begin on a line.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LineThrough {
    pub line: u32,
    /// Events of which they said yes together.
    pub through: u32,
    pub stopped: u32,
    pub cannot_tell: u32,
    /// It is the condition of an `if`, which parts ways and keeps nothing back.
    pub parts: bool,
}

/// A clause, and how often it said what.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ClauseThrough {
    /// `when`, or `resolved`.
    pub function: String,
    pub text: String,
    pub span: Span,
    pub holds: u32,
    pub fails: u32,
    pub cannot_tell: u32,
    /// The last event of which it was true, and of which it was false, to be asked for.
    pub held_by: Option<String>,
    pub failed_by: Option<String>,
    /// It, or a clause before it, hangs on what was heard earlier: an event alone does not make it so.
    pub remembers: bool,
}

impl From<LineTally> for LineThrough {
    fn from(tally: LineTally) -> Self {
        Self {
            line: tally.line,
            through: few(tally.through),
            stopped: few(tally.stopped),
            cannot_tell: few(tally.cannot_tell),
            parts: tally.parts,
        }
    }
}

impl From<&ClauseTally> for ClauseThrough {
    fn from(tally: &ClauseTally) -> Self {
        Self {
            function: tally.function.clone(),
            text: tally.text.clone(),
            span: tally.span,
            holds: few(tally.holds),
            fails: few(tally.fails),
            cannot_tell: few(tally.cannot_tell),
            held_by: tally.held_by.map(|event| event.to_string()),
            failed_by: tally.failed_by.map(|event| event.to_string()),
            remembers: tally.remembers,
        }
    }
}

fn few(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
