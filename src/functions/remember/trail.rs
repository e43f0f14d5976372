//! What one call remembers under one key.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{
    Nanos,
    item::Item,
    total::{Number, Total},
};

/// What an event leaves behind at a call.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Time,
    Number(Number),
    /// One of the values that are told apart, by its key.
    Value(Arc<str>),
    /// The value that counts until the next.
    Last(Item),
}

/// What was left behind, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Trail {
    Times(VecDeque<Nanos>),
    Numbers {
        entries: VecDeque<(Nanos, Number)>,
        total: Total,
    },
    /// Each value with when it came last, and the same by time.
    Values {
        last: BTreeMap<Arc<str>, Nanos>,
        order: BTreeSet<(Nanos, Arc<str>)>,
    },
    Last {
        at: Nanos,
        value: Item,
    },
}

impl Trail {
    /// A trail that begins with this entry.
    pub fn new(entry: Entry, at: Nanos) -> Self {
        let mut trail = match entry {
            Entry::Time => Self::Times(VecDeque::new()),
            Entry::Number(_) => Self::Numbers { entries: VecDeque::new(), total: Total::default() },
            Entry::Value(_) => Self::Values { last: BTreeMap::new(), order: BTreeSet::new() },
            Entry::Last(value) => return Self::Last { at, value },
        };
        trail.push(entry, at);
        trail
    }

    pub fn push(&mut self, entry: Entry, at: Nanos) {
        match (self, entry) {
            (Self::Times(times), Entry::Time) => times.push_back(at),
            (Self::Numbers { entries, total }, Entry::Number(number)) => {
                entries.push_back((at, number));
                total.add(number);
            }
            (Self::Values { last, order }, Entry::Value(value)) => {
                if let Some(before) = last.insert(Arc::clone(&value), at) {
                    order.remove(&(before, Arc::clone(&value)));
                }
                order.insert((at, value));
            }
            // A call leaves entries of one sort.
            (trail, entry) => *trail = Self::new(entry, at),
        }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Times(times) => times.len(),
            Self::Numbers { entries, .. } => entries.len(),
            Self::Values { last, .. } => last.len(),
            Self::Last { .. } => 1,
        }
    }

    /// When the oldest entry came.
    fn oldest(&self) -> Option<Nanos> {
        match self {
            Self::Times(times) => times.front().copied(),
            Self::Numbers { entries, .. } => entries.front().map(|entry| entry.0),
            Self::Values { order, .. } => order.first().map(|entry| entry.0),
            Self::Last { at, .. } => Some(*at),
        }
    }

    /// When the latest entry came.
    pub fn latest(&self) -> Option<Nanos> {
        match self {
            Self::Times(times) => times.back().copied(),
            Self::Numbers { entries, .. } => entries.back().map(|entry| entry.0),
            Self::Values { order, .. } => order.last().map(|entry| entry.0),
            Self::Last { at, .. } => Some(*at),
        }
    }

    /// Lets go of the oldest entry, if there is another.
    pub fn drop_oldest(&mut self) -> bool {
        if self.len() < 2 {
            return false;
        }
        match self {
            Self::Times(times) => drop(times.pop_front()),
            Self::Numbers { entries, total } => {
                if let Some((_, number)) = entries.pop_front() {
                    total.take(number);
                }
            }
            Self::Values { last, order } => {
                if let Some((_, value)) = order.pop_first() {
                    last.remove(&value);
                }
            }
            Self::Last { .. } => return false,
        }
        true
    }

    /// Lets go of what came before `from`; the latest entry stays.
    pub fn expire(&mut self, from: Nanos) {
        while self.oldest().is_some_and(|oldest| oldest < from) && self.drop_oldest() {}
    }

    /// How many entries came from `from` on.
    pub fn since(&self, from: Nanos) -> usize {
        match self {
            Self::Times(times) => times.len() - times.partition_point(|at| *at < from),
            _ => self.len(),
        }
    }

    /// The numbers, and their sum.
    pub fn numbers(&self) -> Option<(&VecDeque<(Nanos, Number)>, &Total)> {
        match self {
            Self::Numbers { entries, total } => Some((entries, total)),
            _ => None,
        }
    }
}
