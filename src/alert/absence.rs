//! What the lifecycle does for rules with `SILENT_FOR`: it fires when a key has not been heard for so long.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    Expected, Lifecycle, Match, Reason, RuleMeta,
    heard::{Heard, Listened},
    live::{Ends, Live},
    timers::Slot,
};
use crate::event::EventId;

impl Lifecycle {
    /// How many keys a rule with `SILENT_FOR` let go before their time, because they were too many.
    pub fn let_go(&self, rule: &str) -> u64 {
        self.let_go.get(rule).copied().unwrap_or(0)
    }

    /// How many rules did so.
    pub fn overfull(&self) -> usize {
        self.let_go.len()
    }

    /// An event that counts as heard: what was silent is so no longer.
    pub(super) fn heard(&mut self, now: Timestamp, found: Match, out: &mut Vec<super::Change>) {
        let slot = Slot::alert(found.rule.clone(), found.key.clone());
        self.end(now, &slot, Reason::HeardAgain, Some(found.event), out);
        let (policy, frozen) = (self.policy(&slot.rule), self.is_frozen(&slot.rule));
        self.listen(now, &slot, Heard::new(now, found, true, &policy, frozen), out);
    }

    /// Listens to a key from now on.
    fn listen(&mut self, now: Timestamp, slot: &Slot, heard: Heard, out: &mut Vec<super::Change>) {
        let Some(key) = slot.key.clone() else { return };
        let gone = self.heard.entry(slot.rule.clone()).or_default().put(key, heard);
        if let Some(gone) = gone {
            *self.let_go.entry(slot.rule.clone()).or_default() += 1;
            self.head_changed = true;
            let gone = Slot::alert(slot.rule.clone(), gone);
            self.end(now, &gone, Reason::Forgotten, None, out);
            self.touch(&gone);
        }
        self.touch(slot);
    }

    /// The first deadline of a key that is listened to has come.
    pub(super) fn silence_due(&mut self, deadline: Timestamp, slot: &Slot, out: &mut Vec<super::Change>) {
        let Some(heard) = self.heard_of(slot).cloned() else { return };
        let key = slot.key.as_deref().unwrap_or_default();
        if heard.forgotten.at() == Some(deadline) {
            self.listened(slot).take(key);
            self.end(deadline, slot, Reason::Forgotten, None, out);
        } else if heard.silent.at() == Some(deadline) {
            self.listened(slot).change(key, |heard| heard.silent = Ends::Never);
            if !self.alerts.contains_key(slot) {
                let policy = self.policy(&slot.rule);
                let mut live = Live::begin(deadline, &heard.says, &policy, false);
                live.record.since = heard.last;
                live.record.last = heard.last;
                live.fire(deadline, None, &policy, &mut self.hush, out);
                self.alerts.insert(slot.clone(), live);
            }
        }
        self.touch(slot);
    }

    /// The key of that slot, if it is listened to.
    pub(super) fn heard_of(&self, slot: &Slot) -> Option<&Heard> {
        self.heard.get(&slot.rule)?.get(slot.key.as_deref()?)
    }

    /// All keys that are listened to, and whose they are.
    pub(super) fn heard_slots(&self) -> Vec<Slot> {
        let of = |(rule, listened): (&Arc<str>, &Listened)| -> Vec<Slot> {
            listened.keys().map(|(key, _)| Slot::alert(rule.clone(), key.clone())).collect()
        };
        self.heard.iter().flat_map(of).collect()
    }

    /// The keys of that slot's rule.
    pub(super) fn listened(&mut self, slot: &Slot) -> &mut Listened {
        self.heard.entry(slot.rule.clone()).or_default()
    }

    /// After the rules changed: listens to what is expected and to nothing that no rule asks for any more.
    pub(super) fn expect(&mut self, now: Timestamp, out: &mut Vec<super::Change>) {
        let asks = |meta: &RuleMeta| meta.enabled && meta.policy.silent_for.is_some();
        let of_rule = |meta: &RuleMeta| meta.expected.iter().map(|one| one.key.clone()).collect();
        let all_expected: HashMap<Arc<str>, HashSet<Arc<str>>> =
            self.rules.values().filter(|meta| asks(meta)).map(|meta| (meta.name.clone(), of_rule(meta))).collect();
        for slot in self.heard_slots() {
            let meta = all_expected.get(&slot.rule);
            let expected = |key: &str| meta.is_some_and(|keys| keys.contains(key));
            let ever = self.heard_of(&slot).is_some_and(|heard| heard.ever);
            let key = slot.key.as_deref().unwrap_or_default();
            if meta.is_none() || !ever && !expected(key) {
                let reason = if self.rules.contains_key(&slot.rule) { Reason::NotExpected } else { Reason::RuleGone };
                self.listened(&slot).take(key);
                self.end(now, &slot, reason, None, out);
                self.touch(&slot);
            }
        }
        self.let_go.retain(|rule, _| self.rules.contains_key(rule));
        let wanted: Vec<(Slot, Expected)> = self
            .rules
            .values()
            .filter(|meta| asks(meta))
            .flat_map(|meta| {
                let slot = |expected: &Expected| Slot::alert(meta.name.clone(), expected.key.clone());
                meta.expected.iter().map(move |expected| (slot(expected), expected.clone()))
            })
            .collect();
        for (slot, expected) in wanted {
            if self.heard_of(&slot).is_some() {
                continue;
            }
            let (policy, frozen) = (self.policy(&slot.rule), self.is_frozen(&slot.rule));
            let says = expected.says(&slot.rule);
            self.listen(now, &slot, Heard::new(now, says, false, &policy, frozen), out);
        }
    }
}

impl Expected {
    /// What an alert about it says while it was never heard.
    fn says(self, rule: &Arc<str>) -> Match {
        Match {
            rule: rule.clone(),
            key: self.key,
            title: self.title,
            body: self.body,
            event: EventId { seq: self.row, record: 0 },
            topic: None,
            kind: Arc::default(),
        }
    }
}
