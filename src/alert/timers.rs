//! Which deadline comes first.

use std::{cmp::Ordering, collections::BTreeSet, sync::Arc};

use hashbrown::HashMap;
use jiff::Timestamp;

use super::DIGEST;

/// Whose timer: in the order in which timers of one deadline run, by rule, then key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

impl Ord for Slot {
    fn cmp(&self, other: &Self) -> Ordering {
        // Mostly the very same rule.
        let rule = if Arc::ptr_eq(&self.rule, &other.rule) { Ordering::Equal } else { self.rule.cmp(&other.rule) };
        rule.then_with(|| self.key.cmp(&other.key))
    }
}

impl PartialOrd for Slot {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The next deadline of each slot that has one.
///
/// Each match puts the end of its alert off, so most deadlines are put off long before they come. One that is, keeps its
/// place in the order until it comes to stand first, and is moved only then: the first is always where it belongs.
#[derive(Clone, Debug, Default)]
pub(super) struct Timers {
    order: BTreeSet<(Timestamp, Slot)>,
    of: HashMap<Slot, Timer>,
}

/// The deadline of a slot, and where in the order it stands: there, or earlier.
#[derive(Clone, Copy, Debug)]
struct Timer {
    deadline: Timestamp,
    stands: Timestamp,
}

impl Timers {
    /// Sets, moves or (`None`) removes a slot's deadline.
    pub fn set(&mut self, slot: &Slot, deadline: Option<Timestamp>) {
        match (self.of.get_mut(slot), deadline) {
            (Some(timer), Some(new)) if timer.stands <= new => {
                timer.deadline = new;
                if self.order.first().is_none_or(|(first, _)| *first < timer.stands) {
                    return;
                }
            }
            (Some(timer), Some(new)) => {
                self.order.remove(&(timer.stands, slot.clone()));
                *timer = Timer { deadline: new, stands: new };
                self.order.insert((new, slot.clone()));
            }
            (Some(timer), None) => {
                self.order.remove(&(timer.stands, slot.clone()));
                self.of.remove(slot);
            }
            (None, Some(new)) => {
                self.of.insert(slot.clone(), Timer { deadline: new, stands: new });
                self.order.insert((new, slot.clone()));
            }
            (None, None) => return,
        }
        self.put_first_in_place();
    }

    fn put_first_in_place(&mut self) {
        while let Some((stands, slot)) = self.order.first()
            && let Some(timer) = self.of.get_mut(slot)
            && timer.deadline != *stands
        {
            timer.stands = timer.deadline;
            let deadline = timer.deadline;
            if let Some((_, slot)) = self.order.pop_first() {
                self.order.insert((deadline, slot));
            }
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
        self.put_first_in_place();
        Some((deadline, slot))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is set, moved and removed, what comes is what a plain list would give.
        #[test]
        fn they_come_in_order(acts in prop::collection::vec((0..6_u8, prop::option::of(0..30_i64), 0..30_i64), 1..80)) {
            let (mut timers, mut plain) = (Timers::default(), BTreeMap::<Slot, Timestamp>::new());
            let at = |second| Timestamp::from_second(second).unwrap();
            for (name, deadline, limit) in acts {
                let slot = Slot::alert(Arc::from("rule"), name.to_string().into());
                let deadline = deadline.map(at);
                timers.set(&slot, deadline);
                match deadline {
                    Some(deadline) => drop(plain.insert(slot, deadline)),
                    None => drop(plain.remove(&slot)),
                }
                let first = |plain: &BTreeMap<Slot, Timestamp>| plain.iter().map(|(slot, at)| (*at, slot.clone())).min();
                prop_assert_eq!(timers.next(), first(&plain).map(|(at, _)| at));
                if limit < 10 {
                    let due = first(&plain).filter(|(deadline, _)| *deadline <= at(limit));
                    if let Some((_, slot)) = &due {
                        plain.remove(slot);
                    }
                    prop_assert_eq!(timers.take(at(limit), true), due);
                }
            }
        }
    }
}
