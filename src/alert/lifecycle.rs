//! The step: (state, signal, now) → changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;

use super::{
    AlertId, AlertRecord, Change, ChangeKind, DATABASE, DIGEST, Head, Match, Phase, RULE_PAUSED, Reason, RuleMeta,
    Saved, SavedAlert, Signal,
    digest::Digest,
    heard::{Heard, Listened},
    hush::Hush,
    live::{Due, Live},
    own_rules,
    saved::Kept,
    timers::{Slot, Timers},
};
use crate::{
    event::{EventId, Topic},
    rules::Policy,
};

/// All live alerts, and what bears on them. Pure: the same signals give the same changes.
#[derive(Debug, Default)]
pub struct Lifecycle {
    pub(super) rules: BTreeMap<Arc<str>, RuleMeta>,
    deaf: BTreeSet<Topic>,
    paused: BTreeMap<Arc<str>, Timestamp>,
    pub(super) hush: Hush,
    pub(super) now: Timestamp,
    pub(super) alerts: BTreeMap<Slot, Live>,
    /// Of rules with `SILENT_FOR`: what they listen to.
    pub(super) heard: BTreeMap<Arc<str>, Listened>,
    pub(super) let_go: BTreeMap<Arc<str>, u64>,
    pub(super) timers: Timers,
    touched: BTreeSet<Slot>,
    ended: Vec<AlertRecord>,
    pub(super) head_changed: bool,
}

impl Lifecycle {
    /// No alerts, every topic heard, pop-ups on, and only Tocsin's own rules.
    pub fn new() -> Self {
        let mut lifecycle = Self::default();
        lifecycle.set_rules(Vec::new());
        lifecycle
    }

    /// What an earlier run left: its last [`Saved::head`] and the state of each alert that was live.
    ///
    /// # Errors
    /// A text that is not what this version wrote.
    pub fn load<'a>(head: Option<&str>, live: impl IntoIterator<Item = &'a str>) -> Result<Self, serde_json::Error> {
        let head: Head = head.map(serde_json::from_str).transpose()?.unwrap_or_default();
        let mut lifecycle = Self {
            deaf: head.deaf.into_iter().collect(),
            paused: head.paused,
            hush: Hush {
                snoozed_all: head.snoozed_all,
                off: head.off,
                noise: head.noise,
                silences: head.silences.into_iter().map(|silence| (silence.id, silence)).collect(),
                pace: head.pace,
                looks: head.looks,
                ..Hush::default()
            },
            let_go: head.let_go,
            ..Self::default()
        };
        lifecycle.set_rules(head.rules);
        for state in live {
            let Kept { live, heard, digest, rule, key } = serde_json::from_str(state)?;
            let slot = Slot::alert(rule, key);
            if let Some(live) = live {
                lifecycle.alerts.insert(slot.clone(), live);
            }
            if let (Some(heard), Some(key)) = (heard, slot.key.clone()) {
                lifecycle.listened(&slot).put(key, heard);
            }
            if let (Some(digest), Some(key)) = (digest, slot.key.clone()) {
                lifecycle.hush.digests.insert(key, digest);
            }
            lifecycle.set_timer(&slot);
        }
        lifecycle.timers.set(&Slot::all(), lifecycle.hush.snoozed_all);
        lifecycle.timers.set(&Slot::looking(), lifecycle.hush.looks);
        for (rule, until) in &lifecycle.paused {
            lifecycle.timers.set(&Slot::rule(rule.clone()), Some(*until));
        }
        Ok(lifecycle)
    }

    /// What changed since this was last called, or since the start.
    pub fn take_saved(&mut self) -> Saved {
        let mut saved = Saved { records: std::mem::take(&mut self.ended), ..Saved::default() };
        if std::mem::take(&mut self.head_changed) {
            let head = Head {
                rules: self.rules.values().cloned().collect(),
                deaf: self.deaf.iter().copied().collect(),
                paused: self.paused.clone(),
                snoozed_all: self.hush.snoozed_all,
                off: self.hush.off,
                let_go: self.let_go.clone(),
                noise: self.hush.noise.clone(),
                silences: self.hush.silences.values().cloned().collect(),
                pace: self.hush.pace.clone(),
                looks: self.hush.looks,
            };
            saved.head = serde_json::to_string(&head).ok();
        }
        for slot in std::mem::take(&mut self.touched) {
            let live = self.alerts.get(&slot);
            saved.records.extend(live.map(|live| live.record.clone()));
            let (rule, key) = (slot.rule.clone(), slot.key.clone().unwrap_or_default());
            let (heard, digest) = (self.heard_of(&slot).cloned(), self.digest_of(&slot).cloned());
            let kept = Kept { live: live.cloned(), heard, digest, rule, key };
            let is_left = kept.live.is_some() || kept.heard.is_some() || kept.digest.is_some();
            let state = is_left.then(|| serde_json::to_string(&kept).ok()).flatten();
            saved.live.push(SavedAlert { rule: kept.rule, key: kept.key, state });
        }
        saved
    }

    /// When something is due next if nothing comes before.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.timers.next()
    }

    /// The last of the deadlines that are known, without reminders of alerts that no time ends: those have no last one.
    pub fn last_deadline(&self) -> Option<Timestamp> {
        let alerts = self.alerts.values().filter_map(Live::last);
        let heard = self.heard.values().flat_map(Listened::keys).filter_map(|(_, heard)| heard.last_deadline());
        let digests = self.hush.digests.values().map(|digest| digest.due);
        alerts.chain(heard).chain(digests).chain(self.hush.snoozed_all).chain(self.paused.values().copied()).max()
    }

    /// Lets go of what [`Lifecycle::take_saved`] would give, where nothing is saved.
    pub fn forget_saved(&mut self) {
        self.ended.clear();
        self.touched.clear();
        self.head_changed = false;
    }

    /// All live alerts, pending ones included, by rule, then key.
    pub fn alerts(&self) -> impl Iterator<Item = &AlertRecord> {
        self.alerts.values().map(|live| &live.record)
    }

    /// Until when all pop-ups are snoozed, if they are.
    pub fn snoozed_all(&self) -> Option<Timestamp> {
        self.hush.snoozed_all
    }

    /// Until when a rule is paused, if it is.
    pub fn paused_until(&self, rule: &str) -> Option<Timestamp> {
        self.paused.get(rule).copied()
    }

    /// The topics that are not heard.
    pub fn deaf(&self) -> impl Iterator<Item = Topic> {
        self.deaf.iter().copied()
    }

    /// Runs the timers due before `limit` (also those due at it if `inclusive`), in order of (deadline, rule, key).
    ///
    /// Before a row stamped `r`, run those before `r`; after a tick, those at it too. [`Lifecycle::step`] does the
    /// former by itself.
    pub fn run_due(&mut self, limit: Timestamp, inclusive: bool) -> Vec<Change> {
        self.run(limit, inclusive)
    }

    /// As [`Lifecycle::run_due`], of a log in which time that somebody was there for has ticks: what was due long before
    /// `limit` was due to nobody, and is told in one digest.
    pub fn run_missed(&mut self, limit: Timestamp, inclusive: bool) -> Vec<Change> {
        self.hush.late = Some(limit);
        let changes = self.run(limit, inclusive);
        self.hush.late = None;
        changes
    }

    fn run(&mut self, limit: Timestamp, inclusive: bool) -> Vec<Change> {
        let mut out = Vec::new();
        while let Some((deadline, slot)) = self.timers.take(limit, inclusive) {
            self.now = self.now.max(deadline);
            match &slot {
                Slot { key: Some(_), .. } => self.alert_due(deadline, &slot, &mut out),
                Slot { rule, key: None } if rule.is_empty() => self.end_snooze_of_all(deadline, &mut out),
                Slot { rule, key: None } if **rule == *DIGEST => self.look_at_hidden(deadline),
                Slot { rule, key: None } => self.end_pause(deadline, &rule.clone(), None, &mut out),
            }
            self.settle();
        }
        out
    }

    /// Takes one signal in at `now`, the stamp of its row, after the timers due before it.
    pub fn step(&mut self, now: Timestamp, signal: Signal) -> Vec<Change> {
        let now = now.max(self.now);
        let mut out = self.run_due(now, false);
        self.now = now;
        match signal {
            Signal::Match(found) => self.matched(now, &found, &mut out),
            Signal::Heard(found) => self.heard(now, found, &mut out),
            Signal::Resolved { rule, key, event } => {
                self.end(now, &Slot::alert(rule, key), Reason::Over, Some(event), &mut out);
            }
            Signal::Rules(rules) => self.rules_changed(now, rules, &mut out),
            Signal::RulePaused { rule, until, reason, row } => match until.filter(|until| *until > now) {
                Some(until) => self.pause(now, rule, until, &reason, row, &mut out),
                None => self.end_pause(now, &rule, Some(EventId { seq: row, record: 0 }), &mut out),
            },
            Signal::Coverage { topic, heard } => {
                self.head_changed = true;
                if if heard { self.deaf.remove(&topic) } else { self.deaf.insert(topic) } {
                    self.freeze_all(now);
                }
            }
            Signal::Acknowledge { alert, by } => self.acknowledge(now, &alert, Some(by), &mut out),
            Signal::Unacknowledge { alert } => self.acknowledge(now, &alert, None, &mut out),
            Signal::Snooze { alert: Some(alert), until } => self.snooze(now, &alert, until, &mut out),
            Signal::Snooze { alert: None, until } => match until.filter(|until| *until > now) {
                Some(until) => {
                    self.head_changed = true;
                    self.hush.snoozed_all = Some(until);
                    self.timers.set(&Slot::all(), Some(until));
                }
                None => self.end_snooze_of_all(now, &mut out),
            },
            Signal::Dismissed { alert } => {
                if let Some(live) = self.find(&alert).and_then(|slot| self.alerts.get(&slot)) {
                    out.push(live.change(now, ChangeKind::Dismissed, Reason::None, None));
                }
            }
            Signal::Judge(judge) => self.judge(now, judge, &mut out),
            Signal::Notifications(on) => {
                self.head_changed = true;
                self.hush.off = !on;
                self.look_again();
            }
            Signal::Silence(silence) => self.silence(now, silence),
            Signal::EndSilence { id } => self.end_silence(id),
            Signal::Noise(noise) => self.set_noise(noise),
            Signal::BegunAnew { kept, reason, row } => self.begun_anew(now, kept, &reason, row, &mut out),
        }
        self.settle();
        out
    }

    fn matched(&mut self, now: Timestamp, found: &Match, out: &mut Vec<Change>) {
        let slot = Slot::alert(found.rule.clone(), found.key.clone());
        let frozen = self.is_frozen(&found.rule);
        let (unknown, hush) = (Policy::default(), &mut self.hush);
        let policy = self.rules.get(&found.rule).map_or(&unknown, |meta| &meta.policy);
        let event = Some(found.event);
        let (live, begun) = if let Some(live) = self.alerts.get_mut(&slot) {
            live.take_in(now, found, policy, frozen);
            (live, false)
        } else {
            let begin = || Live::begin(now, found, policy, frozen);
            (self.alerts.entry(slot.clone()).or_insert_with(begin), true)
        };
        let holds = policy.hold.is_some_and(|hold| !hold.is_zero());
        if live.record.phase == Phase::Pending {
            let fires = if policy.state { !holds } else { live.held_long_enough(now, policy) };
            if fires {
                live.fire(now, event, policy, hush, out);
            } else if begun {
                live.record.repeats += 1;
                out.push(live.change(now, ChangeKind::Pending, Reason::Held, event));
            } else {
                live.record.repeats += 1;
                out.push(live.change(now, ChangeKind::Repeated, Reason::Held, event));
            }
        } else if !policy.state && live.remind_is_due(now, policy) {
            live.remind(now, Reason::None, event, policy, hush, out);
        } else {
            live.record.repeats += 1;
            out.push(live.change(now, ChangeKind::Repeated, Reason::AlreadyFiring, event));
        }
        self.touch(&slot);
    }

    /// What one alert's first deadline asks for.
    fn alert_due(&mut self, deadline: Timestamp, slot: &Slot, out: &mut Vec<Change>) {
        if self.heard_of(slot).and_then(Heard::next) == Some(deadline) {
            self.silence_due(deadline, slot, out);
        }
        if self.digest_of(slot).is_some_and(|digest| digest.due == deadline) {
            self.digest_due(deadline, slot, out);
            return;
        }
        let policy = self.policy(&slot.rule);
        let Some(live) = self.alerts.get_mut(slot) else { return };
        match live.next() {
            Some((at, due)) if at == deadline => match due {
                Due::Fire => live.fire(deadline, None, &policy, &mut self.hush, out),
                Due::End => return self.end(deadline, slot, Reason::NotSeen, None, out),
                Due::Remind => live.remind(deadline, Reason::None, None, &policy, &mut self.hush, out),
                Due::SnoozeOver => {
                    live.record.snoozed_until = None;
                    out.push(live.change(deadline, ChangeKind::Unsnoozed, Reason::None, None));
                    if live.record.acknowledged.is_none() && live.record.phase == Phase::Firing {
                        live.remind(deadline, Reason::SnoozeOver, None, &policy, &mut self.hush, out);
                    }
                }
            },
            _ => {}
        }
        self.touch(slot);
    }

    pub(super) fn end(
        &mut self,
        time: Timestamp,
        slot: &Slot,
        reason: Reason,
        event: Option<EventId>,
        out: &mut Vec<Change>,
    ) {
        if let Some(mut live) = self.alerts.remove(slot) {
            live.end(time, reason, event, out);
            self.touch(slot);
            self.ended.push(live.record);
        }
    }

    fn rules_changed(&mut self, now: Timestamp, rules: Vec<RuleMeta>, out: &mut Vec<Change>) {
        self.head_changed = true;
        let old = self.set_rules(rules);
        let gone = |rules: &BTreeMap<Arc<str>, RuleMeta>, rule: &str| match rules.get(rule) {
            None => Some(Reason::RuleGone),
            Some(meta) if !meta.enabled => Some(Reason::RuleOff),
            Some(_) => None,
        };
        let slots: Vec<Slot> = self.alerts.keys().cloned().collect();
        for slot in slots {
            // Our own alert about a rule goes with that rule.
            let about = slot.key.as_deref().filter(|_| &*slot.rule == RULE_PAUSED).unwrap_or(&slot.rule);
            if let Some(reason) = gone(&self.rules, about) {
                self.end(now, &slot, reason, None, out);
            } else if let Some(live) = self.alerts.get_mut(&slot) {
                let was = old.get(&slot.rule).map(|meta| &meta.policy);
                let is = self.rules.get(&slot.rule).map(|meta| &meta.policy);
                if let (Some(was), Some(is)) = (was, is)
                    && was != is
                {
                    live.follow(now, was, is);
                    self.touch(&slot);
                }
            }
        }
        for slot in self.heard_slots() {
            let (was, is) = (old.get(&slot.rule), self.rules.get(&slot.rule).cloned());
            if let (Some(was), Some(is)) = (was, is)
                && was.policy != is.policy
            {
                let key = slot.key.clone().unwrap_or_default();
                self.listened(&slot).change(&key, |heard| heard.follow(now, &was.policy, &is.policy));
                self.touch(&slot);
            }
        }
        self.expect(now, out);
        let stale: Vec<_> = self.paused.keys().filter(|rule| gone(&self.rules, rule).is_some()).cloned().collect();
        for rule in stale {
            self.paused.remove(&rule);
            self.timers.set(&Slot::rule(rule), None);
        }
        self.freeze_all(now);
    }

    fn pause(
        &mut self,
        now: Timestamp,
        rule: Arc<str>,
        until: Timestamp,
        reason: &Arc<str>,
        row: u64,
        out: &mut Vec<Change>,
    ) {
        self.head_changed = true;
        self.paused.insert(rule.clone(), until);
        self.timers.set(&Slot::rule(rule.clone()), Some(until));
        self.freeze_all(now);
        let found = Match {
            title: format!("Rule {rule} is paused").into(),
            rule: RULE_PAUSED.into(),
            key: rule,
            body: reason.clone(),
            event: EventId { seq: row, record: 0 },
            topic: None,
            kind: Arc::default(),
        };
        self.matched(now, &found, out);
    }

    fn end_pause(&mut self, now: Timestamp, rule: &Arc<str>, event: Option<EventId>, out: &mut Vec<Change>) {
        if self.paused.remove(rule).is_some() {
            self.head_changed = true;
            self.timers.set(&Slot::rule(rule.clone()), None);
            self.freeze_all(now);
            self.end(now, &Slot::alert(RULE_PAUSED.into(), rule.clone()), Reason::Over, event, out);
        }
    }

    fn begun_anew(&mut self, now: Timestamp, kept: Arc<str>, reason: &str, row: u64, out: &mut Vec<Change>) {
        let found = Match {
            title: "The database was damaged, and a new one is begun".into(),
            rule: DATABASE.into(),
            body: format!(
                "What was stored before is in the data folder as {kept}. Alerts begin anew; your rules and settings are as \
                 they were. If it happens again, check the disk. It said: {reason}"
            )
            .into(),
            key: kept,
            event: EventId { seq: row, record: 0 },
            topic: None,
            kind: Arc::default(),
        };
        self.matched(now, &found, out);
    }

    /// Lets pop-ups through again. What spoke in vain and still fires says so once.
    fn end_snooze_of_all(&mut self, now: Timestamp, out: &mut Vec<Change>) {
        if self.hush.snoozed_all.take().is_none() {
            return;
        }
        self.head_changed = true;
        self.timers.set(&Slot::all(), None);
        self.look_again();
        let owed =
            |live: &Live| live.muted && live.record.acknowledged.is_none() && live.record.snoozed_until.is_none();
        let slots: Vec<Slot> =
            self.alerts.iter().filter(|(_, live)| owed(live)).map(|(slot, _)| slot.clone()).collect();
        for slot in slots {
            let policy = self.policy(&slot.rule);
            if let Some(live) = self.alerts.get_mut(&slot) {
                live.remind(now, Reason::SnoozeOver, None, &policy, &mut self.hush, out);
            }
            self.touch(&slot);
        }
    }

    fn acknowledge(&mut self, now: Timestamp, alert: &AlertId, by: Option<Arc<str>>, out: &mut Vec<Change>) {
        let Some(slot) = self.find(alert) else { return };
        let Some(live) = self.alerts.get_mut(&slot) else { return };
        if live.record.phase != Phase::Firing || live.record.acknowledged.is_some() == by.is_some() {
            return;
        }
        let kind = if by.is_some() { ChangeKind::Acknowledged } else { ChangeKind::Unacknowledged };
        live.record.acknowledged = by.is_some().then_some(now);
        live.record.acknowledged_by = by.unwrap_or_default();
        out.push(live.change(now, kind, Reason::None, None));
        self.touch(&slot);
    }

    fn snooze(&mut self, now: Timestamp, alert: &AlertId, until: Option<Timestamp>, out: &mut Vec<Change>) {
        let Some(slot) = self.find(alert) else { return };
        let Some(live) = self.alerts.get_mut(&slot) else { return };
        let until = until.filter(|until| *until > now);
        if until == live.record.snoozed_until {
            return;
        }
        let kind = if until.is_some() { ChangeKind::Snoozed } else { ChangeKind::Unsnoozed };
        live.record.snoozed_until = until;
        out.push(live.change(now, kind, Reason::None, None));
        self.touch(&slot);
    }

    /// The alert changed: it is to be saved, and its deadline may have moved.
    pub(super) fn touch(&mut self, slot: &Slot) {
        self.set_timer(slot);
        if !self.touched.contains(slot) {
            self.touched.insert(slot.clone());
        }
    }

    fn set_timer(&mut self, slot: &Slot) {
        let live = self.alerts.get(slot).and_then(Live::next).map(|(at, _)| at);
        let heard = self.heard_of(slot).and_then(Heard::next);
        let digest = self.digest_of(slot).map(|digest| digest.due);
        self.timers.set(slot, live.into_iter().chain(heard).chain(digest).min());
    }

    /// Stops or lets go on the time of every alert, as its rule can be heard or not.
    fn freeze_all(&mut self, now: Timestamp) {
        let slots: Vec<Slot> = self.alerts.keys().cloned().collect();
        for slot in slots {
            let frozen = self.is_frozen(&slot.rule);
            if let Some(live) = self.alerts.get_mut(&slot) {
                let before = live.ends;
                live.freeze(now, frozen);
                if live.ends != before {
                    self.touch(&slot);
                }
            }
        }
        for slot in self.heard_slots() {
            let frozen = self.is_frozen(&slot.rule);
            let before = self.heard_of(&slot).cloned();
            let key = slot.key.clone().unwrap_or_default();
            self.listened(&slot).change(&key, |heard| heard.freeze(now, frozen));
            if self.heard_of(&slot) != before.as_ref() {
                self.touch(&slot);
            }
        }
    }

    /// A rule that is paused, or a topic of whose events is not heard, cannot tell that nothing happened.
    pub(super) fn is_frozen(&self, rule: &str) -> bool {
        self.paused.contains_key(rule)
            || self.rules.get(rule).is_some_and(|meta| meta.topics.iter().any(|topic| self.deaf.contains(topic)))
    }

    pub(super) fn policy(&self, rule: &str) -> Policy {
        self.rules.get(rule).map(|meta| meta.policy.clone()).unwrap_or_default()
    }

    /// What the digest of that slot is going to say.
    fn digest_of(&self, slot: &Slot) -> Option<&Digest> {
        if &*slot.rule == DIGEST { self.hush.digests.get(slot.key.as_ref()?) } else { None }
    }

    pub(super) fn find(&self, alert: &AlertId) -> Option<Slot> {
        self.alerts.iter().find(|(_, live)| live.record.id == *alert).map(|(slot, _)| slot.clone())
    }

    /// Puts these rules and our own in the place of those there were, and gives those back.
    fn set_rules(&mut self, rules: Vec<RuleMeta>) -> BTreeMap<Arc<str>, RuleMeta> {
        let all = rules.into_iter().chain(own_rules()).map(|meta| (meta.name.clone(), meta)).collect();
        std::mem::replace(&mut self.rules, all)
    }
}
