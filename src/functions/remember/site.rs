//! A call that remembers, as it stands in a rule.

use std::time::Duration;

use rhai::Position;
use serde::{Deserialize, Serialize};

use super::Nanos;

/// What makes a call the same call after its rule was edited: not where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CallId {
    pub function: String,
    /// Its arguments that are literals or constants, as text, the others left empty.
    pub literals: Vec<String>,
    /// Its place among calls of which all this is equal, from 0, in the order of the file.
    pub place: u32,
}

/// A comparison with a number, seen from the call: `max("1h", …) > 5`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Against {
    /// `==`, `!=`, `<`, `<=`, `>` or `>=`.
    pub operator: &'static str,
    pub number: f64,
}

impl Against {
    /// Whether the comparison says the same of this and of whatever is greater (`upwards`) or less. Numbers that are as
    /// near as Rhai compares them count as equal.
    pub(super) fn is_settled(self, answer: f64, upwards: bool) -> bool {
        let most = answer.abs().max(self.number.abs());
        let apart = if upwards { answer - self.number } else { self.number - answer };
        let beyond = apart > f64::EPSILON * most;
        let (at, strictly) = if upwards { (">=", "<") } else { ("<=", ">") };
        beyond || apart >= 0.0 && [at, strictly].contains(&self.operator)
    }
}

/// A call that remembers.
#[derive(Clone, Debug)]
pub struct Site {
    pub id: CallId,
    pub position: Position,
    /// Its durations, which come first.
    pub spans: Vec<Duration>,
    /// The numbers that its answer is held against, if nothing else is done with it: one where it stands in a comparison,
    /// and where it has a name all that the name is compared with.
    pub against: Vec<Against>,
}

impl Site {
    /// How far back its answer looks: all its durations together.
    pub fn span(&self) -> Duration {
        self.spans.iter().sum()
    }

    /// The same, in nanoseconds; and that of its duration number `index`.
    pub(super) fn nanos(&self, index: usize) -> Nanos {
        self.spans.get(index).map_or(0, |span| as_nanos(*span))
    }

    /// The name of the mark that it sets or asks for, if it does.
    pub fn mark(&self) -> Option<&str> {
        match self.id.function.as_str() {
            "mark" => self.id.literals.first().map(String::as_str),
            "marked" => self.id.literals.get(1).map(String::as_str),
            _ => None,
        }
    }
}

pub(super) fn as_nanos(span: Duration) -> Nanos {
    Nanos::try_from(span.as_nanos()).unwrap_or(Nanos::MAX)
}
