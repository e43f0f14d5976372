//! Which deadline comes first.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;

use super::DIGEST;

/// Whose timer: in the order in which timers of one deadline run, by rule, then key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    /// Empty: the snooze of everything.
    pub rule: Arc<str>,
    /// `None`: the rule itself (its pause).
    pub key: Option<Arc<str>>,
}

impl Slot {
    /// The snooze of everything.
    pub fn all() -> Self {
        Self { rule: Arc::from(""), key: None }
    }

    /// The pause of a rule.
    pub fn rule(rule: Arc<str>) -> Self {
        Self { rule, key: None }
    }

    /// The look at what was hidden: of a rule that is never paused.
    pub fn looking() -> Self {
        Self { rule: Arc::from(DIGEST), key: None }
    }

    /// An alert.
    pub fn alert(rule: Arc<str>, key: Arc<str>) -> Self {
        Self { rule, key: Some(key) }
    }
}

/// The next deadline of each slot that has one.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers {
    order: BTreeSet<(Timestamp, Slot)>,
    of: BTreeMap<Slot, Timestamp>,
}

impl Timers {
    /// Sets, moves or (`None`) removes a slot's deadline.
    pub fn set(&mut self, slot: &Slot, deadline: Option<Timestamp>) {
        if self.of.get(slot).copied() == deadline {
            return;
        }
        if let Some(old) = self.of.remove(slot) {
            self.order.remove(&(old, slot.clone()));
        }
        if let Some(new) = deadline {
            self.of.insert(slot.clone(), new);
            self.order.insert((new, slot.clone()));
        }
    }

    /// The earliest deadline.
    pub fn next(&self) -> Option<Timestamp> {
        self.order.first().map(|(deadline, _)| *deadline)
    }

    /// Takes the first slot due before `limit`, or also at it if `inclusive`.
    pub fn take(&mut self, limit: Timestamp, inclusive: bool) -> Option<(Timestamp, Slot)> {
        let (deadline, _) = self.order.first()?;
        if *deadline > limit || (*deadline == limit && !inclusive) {
            return None;
        }
        let (deadline, slot) = self.order.pop_first()?;
        self.of.remove(&slot);
        Some((deadline, slot))
    }
}
