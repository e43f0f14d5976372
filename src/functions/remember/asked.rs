//! What was asked within the event under way, and what was answered: asked again, a call answers the same and leaves
//! nothing behind.

use std::{hash::BuildHasher as _, sync::Arc};

use hashbrown::{DefaultHashBuilder, HashTable};

use super::item::Item;

/// An answer, or why there is none.
pub(super) type Answered = Result<Item, String>;

/// The answers of one rule's calls for one event.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// The event that the answers belong to.
    event: u64,
    answers: HashTable<(Question, Answered)>,
    hasher: DefaultHashBuilder,
}

/// Which call, and with which arguments.
#[derive(Clone, Debug)]
struct Question {
    call: usize,
    key: Arc<str>,
    rest: Option<Arc<str>>,
}

impl Question {
    fn is(&self, call: usize, key: &str, rest: Option<&str>) -> bool {
        self.call == call && *self.key == *key && self.rest.as_deref() == rest
    }
}

impl Asked {
    /// What was answered to the same question within this event.
    pub fn answer(&mut self, event: u64, call: usize, key: &str, rest: Option<&str>) -> Option<&Answered> {
        if self.event != event {
            self.event = event;
            self.answers.clear();
            return None;
        }
        let known = self.answers.find(self.hash(call, key, rest), |(known, _)| known.is(call, key, rest));
        known.map(|(_, answer)| answer)
    }

    /// Keeps an answer for as long as the event is under way.
    pub fn note(&mut self, call: usize, key: Arc<str>, rest: Option<Arc<str>>, answer: Answered) {
        let hash = self.hash(call, &key, rest.as_deref());
        let hasher = self.hasher;
        let again = |(known, _): &(Question, _)| hash_by(hasher, known.call, &known.key, known.rest.as_deref());
        self.answers.insert_unique(hash, (Question { call, key, rest }, answer), again);
    }

    fn hash(&self, call: usize, key: &str, rest: Option<&str>) -> u64 {
        hash_by(self.hasher, call, key, rest)
    }
}

fn hash_by(hasher: DefaultHashBuilder, call: usize, key: &str, rest: Option<&str>) -> u64 {
    hasher.hash_one((call, key, rest))
}
