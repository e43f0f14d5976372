//! When nobody listened, as the log says it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    event::Topic,
    store::{Coverage, CoverageReason, Row, RowBody},
};

/// A stretch in which a topic was not heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Deaf {
    pub from: Timestamp,
    /// `None`: it goes on.
    pub to: Option<Timestamp>,
    /// Which topic, and why.
    pub coverage: Coverage,
}

/// Follows what was heard of some topics.
pub struct Listened {
    topics: Vec<Topic>,
    /// Topics of which it is on record whether they are heard.
    known: BTreeSet<Topic>,
    deaf: Vec<Deaf>,
}

impl Listened {
    /// Follows these.
    pub fn to(topics: &[Topic]) -> Self {
        Self { topics: topics.to_vec(), known: BTreeSet::new(), deaf: Vec::new() }
    }

    /// Takes in the next row.
    pub fn take_in(&mut self, row: &Row) {
        let RowBody::Coverage(coverage) = &row.body else { return };
        if !self.topics.contains(&coverage.topic) {
            return;
        }
        // The log's first rows: there was nothing before to be missed.
        if self.known.insert(coverage.topic) && coverage.reason == CoverageReason::NotRunning {
            return;
        }
        let open = |deaf: &&mut Deaf| deaf.to.is_none() && deaf.coverage.topic == coverage.topic;
        if let Some(open) = self.deaf.iter_mut().find(open) {
            open.to = Some(row.received);
        }
        if !coverage.heard {
            self.deaf.push(Deaf { from: row.received, to: None, coverage: coverage.clone() });
        }
    }

    /// What of a stretch was not heard, in the order in which it began.
    pub fn deaf(self, from: Timestamp, to: Timestamp) -> Vec<Deaf> {
        let touches = |deaf: &Deaf| deaf.from < to && deaf.to.is_none_or(|end| end > from && end > deaf.from);
        self.deaf.into_iter().filter(touches).collect()
    }
}
