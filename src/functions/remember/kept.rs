//! What one call remembers, by key, within bounds.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    Nanos,
    item::Item,
    trail::{Entry, Trail},
};

/// The most keys of one call. Beyond, the key heard longest ago goes.
pub const KEYS: usize = 10_000;
/// The most entries of one rule, all its calls together. Beyond, the key heard longest ago goes.
pub const ENTRIES: usize = 100_000;

/// The keys of a call, each with its trail and its beat: a count that says which was heard before which.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    trails: HashMap<Arc<str>, (u64, Trail)>,
    order: BTreeMap<u64, Arc<str>>,
    entries: usize,
}

impl Kept {
    pub fn keys(&self) -> usize {
        self.trails.len()
    }

    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Takes in an entry, as the latest of all. What came before `from` is let go.
    pub fn push(&mut self, key: &Arc<str>, entry: Entry, at: Nanos, from: Nanos, beat: u64) {
        self.expire(from);
        let before = self.trails.get(key).map_or(0, |(_, trail)| trail.len());
        let after = if let Some((last, trail)) = self.trails.get_mut(key) {
            self.order.remove(last);
            *last = beat;
            trail.push(entry, at);
            trail.expire(from);
            trail.len()
        } else {
            self.trails.insert(Arc::clone(key), (beat, Trail::new(entry, at)));
            1
        };
        self.order.insert(beat, Arc::clone(key));
        self.entries = self.entries + after - before;
    }

    /// Lets go of keys that were not heard since `from`.
    fn expire(&mut self, from: Nanos) {
        while let Some((_, key)) = self.order.first_key_value() {
            let latest = self.trails.get(key).and_then(|(_, trail)| trail.latest());
            if latest.is_some_and(|latest| latest >= from) {
                break;
            }
            self.drop_oldest();
        }
    }

    /// The beat of the key heard longest ago.
    pub fn oldest(&self) -> Option<u64> {
        self.order.first_key_value().map(|(beat, _)| *beat)
    }

    /// The beat of the key heard last.
    pub fn latest(&self) -> Option<u64> {
        self.order.last_key_value().map(|(beat, _)| *beat)
    }

    /// Lets go of the key heard longest ago.
    pub fn drop_oldest(&mut self) {
        if let Some((_, key)) = self.order.pop_first()
            && let Some((_, trail)) = self.trails.remove(&key)
        {
            self.entries -= trail.len();
        }
    }

    /// Lets go of the oldest entry of a key.
    pub fn shorten(&mut self, key: &str) {
        if self.trails.get_mut(key).is_some_and(|(_, trail)| trail.drop_oldest()) {
            self.entries -= 1;
        }
    }

    pub fn trail(&self, key: &str) -> Option<&Trail> {
        self.trails.get(key).map(|(_, trail)| trail)
    }

    /// The last value under a key, if it came at `from` or later.
    pub fn last(&self, key: &str, from: Nanos) -> Option<(Nanos, &Item)> {
        match self.trail(key)? {
            Trail::Last { at, value } if *at >= from => Some((*at, value)),
            _ => None,
        }
    }

    /// The keys in the order in which they were last heard, each with its beat and trail.
    pub fn in_order(&self) -> impl ExactSizeIterator<Item = (u64, &Arc<str>, Option<&Trail>)> {
        self.order.iter().map(|(beat, key)| (*beat, key, self.trail(key)))
    }

    /// Puts in a whole trail; a later one under the same key or beat takes the place of an earlier one.
    pub fn put(&mut self, beat: u64, key: Arc<str>, trail: Trail) {
        self.entries += trail.len();
        for key in [self.order.insert(beat, Arc::clone(&key)), Some(key.clone())].into_iter().flatten() {
            if let Some((old, trail)) = self.trails.remove(&key) {
                self.entries -= trail.len();
                if old != beat {
                    self.order.remove(&old);
                }
            }
        }
        self.trails.insert(key, (beat, trail));
    }

    /// Roughly how much memory it takes beside itself, in bytes.
    pub fn bytes(&self) -> usize {
        /// What maps take for a key beside the key, on average, and the count that stands before a shared text.
        const NODE: usize = 32;
        let each = |(key, (_, trail)): (&Arc<str>, &(u64, Trail))| {
            let held = size_of::<Arc<str>>() * 2 + size_of::<(u64, Trail)>() + size_of::<u64>();
            key.len() + held + NODE + trail.bytes()
        };
        self.trails.iter().map(each).sum()
    }

    /// Takes over single values of another that came later than those here.
    pub fn merge(&mut self, other: &Self, mut beat: impl FnMut() -> u64) {
        for key in other.order.values() {
            if let Some(Trail::Last { at, value }) = other.trail(key)
                && self.last(key, *at).is_none()
            {
                self.push(key, Entry::Last(value.clone()), *at, Nanos::MIN, beat());
            }
        }
    }
}
