//! Absence: the keys that a rule with `SILENT_FOR` listens to, and how long each has been silent.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Match,
    live::{Ends, after},
};
use crate::rules::Policy;

/// The most keys that a rule listens to. Beyond, the one heard longest ago goes.
pub const MOST_HEARD: usize = 10_000;

/// A key that is listened to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Heard {
    /// What its alert says: of the last event heard, or what the rule says of a key that never was.
    pub says: Match,
    /// Whether an event was heard, rather than only expected.
    pub ever: bool,
    /// When it was heard last, or when listening to it began.
    pub last: Timestamp,
    /// When it has been silent for too long; never again once that was said.
    pub silent: Ends,
    /// When it is forgotten.
    pub forgotten: Ends,
}

impl Heard {
    /// Heard, or expected, now.
    pub fn new(now: Timestamp, says: Match, ever: bool, policy: &Policy, frozen: bool) -> Self {
        let ends = |span: Duration| if frozen { Ends::Left(span) } else { Ends::At(after(now, span)) };
        let silent = policy.silent_for.map_or(Ends::Never, ends);
        let forgotten = if ever { ends(policy.forget_after) } else { Ends::Never };
        Self { says, ever, last: now, silent, forgotten }
    }

    /// The first of its deadlines.
    pub fn next(&self) -> Option<Timestamp> {
        [self.silent, self.forgotten].into_iter().filter_map(Ends::at).min()
    }

    /// The last of them.
    pub fn last_deadline(&self) -> Option<Timestamp> {
        [self.silent, self.forgotten].into_iter().filter_map(Ends::at).max()
    }

    /// Stops or lets go on its time.
    pub fn freeze(&mut self, now: Timestamp, frozen: bool) {
        self.silent = self.silent.freeze(now, frozen);
        self.forgotten = self.forgotten.freeze(now, frozen);
    }

    /// Its rule now says this instead of that.
    pub fn follow(&mut self, now: Timestamp, old: &Policy, new: &Policy) {
        if let (Some(was), Some(is)) = (old.silent_for, new.silent_for) {
            self.silent = self.silent.follow(now, was, is);
        }
        self.forgotten = self.forgotten.follow(now, old.forget_after, new.forget_after);
    }
}

/// The keys that one rule listens to.
#[derive(Clone, Debug, Default)]
pub(super) struct Listened {
    keys: BTreeMap<Arc<str>, Heard>,
    /// From the one heard longest ago to the latest.
    order: BTreeSet<(Timestamp, Arc<str>)>,
}

impl Listened {
    pub fn get(&self, key: &str) -> Option<&Heard> {
        self.keys.get(key)
    }

    pub fn keys(&self) -> impl Iterator<Item = (&Arc<str>, &Heard)> {
        self.keys.iter()
    }

    /// Changes a key's deadlines; when it was heard last stays.
    pub fn change(&mut self, key: &str, change: impl FnOnce(&mut Heard)) {
        if let Some(heard) = self.keys.get_mut(key) {
            change(heard);
        }
    }

    /// Puts in a key, and gives back the one that had to go for it.
    pub fn put(&mut self, key: Arc<str>, heard: Heard) -> Option<Arc<str>> {
        self.take(&key);
        self.order.insert((heard.last, key.clone()));
        self.keys.insert(key, heard);
        if self.keys.len() <= MOST_HEARD {
            return None;
        }
        let (_, oldest) = self.order.first().cloned()?;
        self.take(&oldest);
        Some(oldest)
    }

    /// Takes a key out.
    pub fn take(&mut self, key: &str) -> Option<Heard> {
        let (key, heard) = self.keys.remove_entry(key)?;
        self.order.remove(&(heard.last, key));
        Some(heard)
    }
}
