//! Cases as the window shows them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    cases::{Line, Reached, Side, Verdict},
    diagnostic::{Diagnostic, Span},
    rules::duration,
};

/// What came of the cases beside a rule.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CasesRun {
    /// Why they could not run; positions are in the text of the cases.
    pub findings: Vec<Diagnostic>,
    pub verdicts: Vec<CaseVerdict>,
    /// Which clauses of the rule the cases reach; empty if the rule does not run.
    pub reached: Vec<ClauseReached>,
}

/// The cases with one more, made of an alert.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AlertCase {
    /// Their text.
    pub cases: String,
    /// None of its events can be left out. Else looking for the fewest took too long, and it may hold more than it needs.
    pub fewest: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CaseVerdict {
    pub name: String,
    /// Where it begins in the text, from 1.
    pub line: u32,
    pub passed: bool,
    /// What happened beside what was expected, in order.
    pub story: Vec<CaseLine>,
    /// What else there is to know: why the rule gave no answer.
    pub notes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum CaseSide {
    /// It was expected, and happened.
    Both,
    /// It was expected, and did not happen.
    Missing,
    /// It happened, and was not expected.
    Unexpected,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CaseLine {
    pub side: CaseSide,
    /// Since the beginning of the case, such as `10m`; empty where it does not matter.
    pub at: String,
    /// `fires`, `reminds` or `resolves`.
    pub what: String,
    pub key: String,
    /// May be empty where it does not matter.
    pub title: String,
}

/// A clause, and on how many events of the cases it said what.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ClauseReached {
    /// `when`, or `resolved`.
    pub function: String,
    pub clause: String,
    pub span: Span,
    pub holds: u32,
    pub fails: u32,
    pub cannot_tell: u32,
    /// What is missing, in words; empty if it was seen both ways.
    pub missing: String,
}

impl From<Verdict> for CaseVerdict {
    fn from(verdict: Verdict) -> Self {
        Self {
            name: verdict.case,
            line: verdict.line,
            passed: verdict.passed,
            story: verdict.story.into_iter().map(Into::into).collect(),
            notes: verdict.notes,
        }
    }
}

impl From<Line> for CaseLine {
    fn from(line: Line) -> Self {
        Self {
            side: match line.side {
                Side::Both => CaseSide::Both,
                Side::Missing => CaseSide::Missing,
                Side::Unexpected => CaseSide::Unexpected,
            },
            at: line.at.map_or_else(String::new, duration::format),
            what: line.what.name().to_owned(),
            key: line.key,
            title: line.title,
        }
    }
}

impl From<Reached> for ClauseReached {
    fn from(reached: Reached) -> Self {
        let few = |many: u64| u32::try_from(many).unwrap_or(u32::MAX);
        Self {
            missing: reached.missing().to_owned(),
            function: reached.function,
            clause: reached.clause,
            span: reached.span,
            holds: few(reached.holds),
            fails: few(reached.fails),
            cannot_tell: few(reached.cannot_tell),
        }
    }
}
