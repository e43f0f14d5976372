//! Which clauses of a rule its cases reach, and how.

use serde::Serialize;

use crate::{
    diagnostic::Span,
    rules::explain::{Condition, Explanation, Told},
};

/// A clause, and on how many events of the cases it said what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reached {
    /// `when`, `resolved` or `remember`.
    pub function: String,
    /// As it stands in the rule.
    pub clause: String,
    pub span: Span,
    #[serde(rename = "true")]
    pub holds: u64,
    #[serde(rename = "false")]
    pub fails: u64,
    pub cannot_tell: u64,
}

impl Reached {
    /// Whether it was seen both ways; one that only sets a mark, which is always true, at all.
    pub fn is_covered(&self) -> bool {
        self.holds > 0 && (self.fails > 0 || self.clause.starts_with("mark("))
    }

    /// What is missing, in words; empty if it was seen both ways.
    pub fn missing(&self) -> &'static str {
        match (self.holds, self.fails) {
            _ if self.is_covered() => "",
            (0, 0) if self.cannot_tell == 0 => "never reached",
            (0, 0) => "never true, never false",
            (0, _) => "never true",
            (_, 0) => "never false",
            _ => "",
        }
    }
}

/// The clauses of a rule's conditions, in the order in which they are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    pub clauses: Vec<Reached>,
}

impl Coverage {
    /// Of a rule with these conditions, before any event. A clause of a function that is called twice is one.
    pub(super) fn new(conditions: &[Condition]) -> Self {
        let mut coverage = Self::default();
        for condition in conditions {
            for clause in condition.clauses.iter().filter(|clause| !clause.calls) {
                if coverage.at(clause.span).is_none() {
                    coverage.clauses.push(Reached {
                        function: condition.function.clone(),
                        clause: clause.text.clone(),
                        span: clause.span,
                        holds: 0,
                        fails: 0,
                        cannot_tell: 0,
                    });
                }
            }
        }
        coverage
    }

    fn at(&mut self, span: Span) -> Option<&mut Reached> {
        self.clauses.iter_mut().find(|reached| reached.span == span)
    }

    /// Notes one event.
    pub(super) fn note(&mut self, explanation: &Explanation) {
        for clause in explanation.clauses().filter(|clause| !clause.calls) {
            let Some(reached) = self.at(clause.span) else { continue };
            match clause.told {
                Told::True => reached.holds += 1,
                Told::False => reached.fails += 1,
                Told::CannotTell => reached.cannot_tell += 1,
                Told::NotReached => {}
            }
        }
    }

    /// The clauses that were not seen both ways.
    pub fn missing(&self) -> impl Iterator<Item = &Reached> {
        self.clauses.iter().filter(|clause| !clause.is_covered())
    }
}
