//! What one call remembers under one key.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

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
    /// A number of which only the greatest, or the least, counts.
    Best {
        number: Number,
        greatest: bool,
    },
    /// One of the values that are told apart, by its key.
    Value(Arc<str>),
    /// The value that counts until the next.
    Last(Item),
}

/// What was left behind, oldest first.
#[derive(Clone, Debug)]
pub(super) enum Trail {
    Times(VecDeque<Nanos>),
    Numbers {
        entries: VecDeque<(Nanos, Number)>,
        total: Total,
    },
    /// Those numbers that are the greatest (or least) from then on: each one that a later one beats is gone.
    Best(VecDeque<(Nanos, Number)>),
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
            Entry::Best { .. } => Self::Best(VecDeque::new()),
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
            (Self::Best(best), Entry::Best { number, greatest }) => {
                while best.back().is_some_and(|last| number.beats(last.1, greatest)) {
                    best.pop_back();
                }
                best.push_back((at, number));
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
            Self::Best(best) => best.len(),
            Self::Values { last, .. } => last.len(),
            Self::Last { .. } => 1,
        }
    }

    /// When the oldest entry came.
    fn oldest(&self) -> Option<Nanos> {
        match self {
            Self::Times(times) => times.front().copied(),
            Self::Numbers { entries, .. } | Self::Best(entries) => entries.front().map(|entry| entry.0),
            Self::Values { order, .. } => order.first().map(|entry| entry.0),
            Self::Last { at, .. } => Some(*at),
        }
    }

    /// When the latest entry came.
    pub fn latest(&self) -> Option<Nanos> {
        match self {
            Self::Times(times) => times.back().copied(),
            Self::Numbers { entries, .. } | Self::Best(entries) => entries.back().map(|entry| entry.0),
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
            Self::Best(best) => drop(best.pop_front()),
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

    /// The exact sum of the numbers, if it has some.
    pub fn sum(&self) -> Option<Number> {
        if let Self::Numbers { total, .. } = self { Some(total.sum()) } else { None }
    }

    /// The greatest (or least) number, if it keeps that.
    pub fn best(&self) -> Option<Number> {
        if let Self::Best(best) = self { best.front().map(|best| best.1) } else { None }
    }

    /// Roughly how much memory it takes beside itself, in bytes.
    pub fn bytes(&self) -> usize {
        /// What a tree takes for an entry beside the entry, on average; and a text that is counted.
        const NODE: usize = 16;
        match self {
            Self::Times(times) => times.capacity() * size_of::<Nanos>(),
            Self::Numbers { entries, .. } | Self::Best(entries) => entries.capacity() * size_of::<(Nanos, Number)>(),
            Self::Values { last, .. } => {
                let entry = 2 * (size_of::<(Nanos, Arc<str>)>() + NODE) + NODE;
                last.keys().map(|value| value.len() + entry).sum()
            }
            Self::Last { value, .. } => value.bytes(),
        }
    }
}
