//! What one call remembers, by key, within bounds.

use std::sync::Arc;

use hashlink::LinkedHashMap;

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
    /// The key heard longest ago first.
    trails: LinkedHashMap<Arc<str>, (u64, Trail)>,
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
    pub fn push(&mut self, key: &str, entry: Entry, at: Nanos, from: Nanos, beat: u64) {
        self.expire(from);
        if let Some((last, trail)) = self.trails.to_back(key) {
            *last = beat;
            self.entries -= trail.len();
            trail.push(entry, at);
            trail.expire(from);
            self.entries += trail.len();
        } else {
            self.trails.insert(key.into(), (beat, Trail::new(entry, at)));
            self.entries += 1;
        }
    }

    /// Lets go of keys that were not heard since `from`.
    fn expire(&mut self, from: Nanos) {
        while let Some((_, (_, trail))) = self.trails.front() {
            if trail.latest().is_some_and(|latest| latest >= from) {
                break;
            }
            self.drop_oldest();
        }
    }

    /// The beat of the key heard longest ago.
    pub fn oldest(&self) -> Option<u64> {
        self.trails.front().map(|(_, (beat, _))| *beat)
    }

    /// The beat of the key heard last.
    pub fn latest(&self) -> Option<u64> {
        self.trails.back().map(|(_, (beat, _))| *beat)
    }

    /// The key heard last.
    pub fn latest_key(&self) -> Option<&Arc<str>> {
        self.trails.back().map(|(key, _)| key)
    }

    /// What the key heard last left behind.
    pub fn latest_trail(&self) -> Option<&Trail> {
        self.trails.back().map(|(_, (_, trail))| trail)
    }

    /// Lets go of the key heard longest ago.
    pub fn drop_oldest(&mut self) {
        if let Some((_, (_, trail))) = self.trails.pop_front() {
            self.entries -= trail.len();
        }
    }

    /// Lets go of the oldest entry of a key.
    pub fn shorten(&mut self, key: &str) {
        if self.trails.get_mut(key).is_some_and(|(_, trail)| trail.drop_oldest()) {
            self.entries -= 1;
        }
    }

    /// The last value under a key, if it came at `from` or later.
    pub fn last(&self, key: &str, from: Nanos) -> Option<(Nanos, &Item)> {
        match self.trails.get(key).map(|(_, trail)| trail)? {
            Trail::Last { at, value } if *at >= from => Some((*at, value)),
            _ => None,
        }
    }

    /// The keys in the order in which they were last heard, each with its beat and trail.
    pub fn in_order(&self) -> impl ExactSizeIterator<Item = (u64, &Arc<str>, &Trail)> {
        self.trails.iter().map(|(key, (beat, trail))| (*beat, key, trail))
    }

    /// Puts in a whole trail as the latest of all; it takes the place of an earlier one under the same key.
    pub fn put(&mut self, beat: u64, key: Arc<str>, trail: Trail) {
        self.entries += trail.len();
        if let Some((_, earlier)) = self.trails.insert(key, (beat, trail)) {
            self.entries -= earlier.len();
        }
    }

    /// Roughly how much memory it takes beside itself, in bytes.
    pub fn bytes(&self) -> usize {
        /// What the map takes for a key beside the key, its links, on average, and the count that stands before a shared text.
        const NODE: usize = 32;
        let each = |(key, (_, trail)): (&Arc<str>, &(u64, Trail))| {
            let held = size_of::<Arc<str>>() + size_of::<(u64, Trail)>() + 3 * size_of::<usize>();
            key.len() + held + NODE + trail.bytes()
        };
        self.trails.iter().map(each).sum()
    }

    /// Takes over single values of another that came later than those here.
    pub fn merge(&mut self, other: &Self, mut beat: impl FnMut() -> u64) {
        for (key, (_, trail)) in &other.trails {
            if let Trail::Last { at, value } = trail
                && self.last(key, *at).is_none()
            {
                self.push(key, Entry::Last(value.clone()), *at, Nanos::MIN, beat());
            }
        }
    }
}
