//! One row in, what comes of it out: decoding, rules and lifecycle. No input or output of its own, so that a log can
//! be played through it again with the same result.

use std::{cell::OnceCell, collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest, Sha256};

use super::ruling::Ruling;
use crate::{
    alert::{self, Change, Lifecycle, Match, RuleMeta, Signal, Silence},
    decode::{self, DecodeError, Glance, Look},
    event::{Event, EventId, Reading, Topic, catalogue},
    functions::Lists,
    rules::{self, Outcome, RuleInfo, RuleSet, RuleStatus, RuleText, Sifted, Warming, explain::Explanation},
    store::{Control, Coverage, EngineSettings, Row, RowBody},
};

/// What one row led to.
#[derive(Default)]
pub struct Step {
    pub changes: Vec<Change>,
    /// How many events the row had, if it was a frame that could be read.
    pub events: usize,
    /// Why its frame could not be read.
    pub rejected: Option<(Topic, DecodeError)>,
    /// Rules that ran away: each is to be paused by a row of its own.
    pub runaways: Vec<Runaway>,
    /// Rules that could not tell, or failed, on an event: shown, and no reason to pause.
    pub troubles: Vec<Trouble>,
    /// Whether the rules, or whether they run, are otherwise than before.
    pub rules_changed: bool,
}

/// A rule that did not come to an end by itself.
pub struct Runaway {
    pub rule: Arc<str>,
    pub reason: String,
    /// Until when it is to be left alone.
    pub until: Timestamp,
}

/// A rule that gave no answer for an event.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub rule: Arc<str>,
    pub event: EventId,
    pub message: String,
    /// The rule itself is at fault, not what the event holds or lacks.
    pub fault: bool,
}

/// The rules and the lifecycle, as of the last row.
pub struct Engine {
    rules: RuleSet,
    /// For the frame under way; kept for its room.
    sifted: Sifted,
    /// What the rules were compiled from.
    ruling: Ruling,
    zone: TimeZone,
    /// As the log says them; `None` before it does.
    settings: Option<EngineSettings>,
    lifecycle: Lifecycle,
    fingerprint: OnceCell<[u8; 32]>,
}

impl Engine {
    /// Goes on from an earlier run's lifecycle, with no rules until a row brings them.
    pub fn new(lifecycle: Lifecycle) -> Self {
        let rules = RuleSet::compile(&[], Lists::default(), TimeZone::UTC, None);
        Self {
            rules,
            sifted: Sifted::default(),
            ruling: Ruling::default(),
            zone: TimeZone::UTC,
            settings: None,
            lifecycle,
            fingerprint: OnceCell::new(),
        }
    }

    /// The rules as of the last row.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// What the rules as of the last row were compiled from.
    pub fn ruling(&self) -> &Ruling {
        &self.ruling
    }

    /// The settings as of the last row.
    pub fn settings(&self) -> Option<&EngineSettings> {
        self.settings.as_ref()
    }

    /// The lifecycle as of the last row.
    pub fn lifecycle(&self) -> &Lifecycle {
        &self.lifecycle
    }

    /// The lifecycle, for its changes to be taken and stored.
    pub fn lifecycle_mut(&mut self) -> &mut Lifecycle {
        &mut self.lifecycle
    }

    /// When a tick is due if no row comes before.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.lifecycle.next_deadline()
    }

    /// The last of all deadlines that are known and do not come again and again: after it, nothing is due but reminders
    /// of states that only an event ends.
    pub fn last_deadline(&self) -> Option<Timestamp> {
        self.lifecycle.last_deadline()
    }

    /// Puts settings and rules of an earlier run in force again, without their being news to the lifecycle. The rules
    /// remember nothing yet.
    pub(super) fn restore(&mut self, settings: Option<&EngineSettings>, ruling: Option<Ruling>) {
        self.settings = settings.cloned();
        self.zone = settings.map_or(TimeZone::UTC, |settings| zone(&settings.zone));
        self.lifecycle.set_zone(&self.zone);
        self.ruling = ruling.unwrap_or_default();
        self.fingerprint = OnceCell::new();
        let compile = |rules: &[RuleText], earlier: &RuleSet| {
            RuleSet::compile(rules, self.ruling.lists.clone(), self.zone.clone(), Some(earlier))
        };
        let none = compile(&[], &self.rules);
        self.rules = compile(&self.ruling.rules, &compile(&self.ruling.last_good(), &none));
    }

    /// Pauses the rules that were paused at the end of the earlier run.
    pub(super) fn restore_pauses(&mut self) {
        let paused: Vec<(String, Timestamp)> = self
            .rules
            .rules()
            .iter()
            .filter_map(|rule| Some((rule.name.clone(), self.lifecycle.paused_until(&rule.name)?)))
            .collect();
        for (rule, until) in paused {
            self.rules.pause(&rule, until);
        }
    }

    /// From `at` on a topic is heard, or not.
    pub(super) fn hear(&mut self, coverage: &Coverage, at: Timestamp) {
        self.rules.hear(coverage.topic, coverage.heard, at);
    }

    pub(super) fn remember_from_here(&mut self) {
        self.rules.remember_from_here();
    }

    pub(super) fn end_warming(&mut self, warming: Warming) {
        self.rules.end_warming(warming);
    }

    pub(super) fn rules_mut(&mut self) -> &mut RuleSet {
        &mut self.rules
    }

    /// Takes in the next row. Timers due before it run first.
    pub fn row(&mut self, row: &Row) -> Step {
        let mut step = Step::default();
        let now = row.received;
        step.changes.extend(self.lifecycle.run_missed(now, false));
        match &row.body {
            RowBody::Frame { topic, bytes } => match decode::look(Some(*topic), row.seq, now, bytes) {
                // Decoded only so far as the rules ask.
                Ok(look) => {
                    let overfull = self.overfull();
                    step.events = look.len();
                    self.each_outcome(&look, now, |engine, record, outcome| {
                        engine.outcome(record, outcome, now, &mut step);
                    });
                    step.rules_changed |= self.overfull() != overfull;
                }
                Err(error) => step.rejected = Some((*topic, error)),
            },
            RowBody::Tick => step.changes.extend(self.lifecycle.run_missed(now, true)),
            RowBody::Control(control) => self.control(row.seq, control, now, &mut step),
            RowBody::Coverage(coverage) => {
                let learn = self.learn();
                self.hear(coverage, now);
                step.rules_changed = self.learn() != learn;
                let signal = Signal::Coverage { topic: coverage.topic, heard: coverage.heard };
                step.changes.extend(self.lifecycle.step(now, signal));
            }
        }
        step
    }

    /// Why the rule of that name does what it does with an event received at `now`, if it is the next that comes. Nothing
    /// is changed by it. `None` if there is no such rule.
    pub fn explain(&mut self, rule: &str, event: &Event, now: Timestamp) -> Option<Explanation> {
        let index = self.rules.rules().iter().position(|info| info.name == rule)?;
        self.rules.explain(index, event, now)
    }

    /// Takes in events that are no row of a log, received at `now`. Timers due before it run first.
    pub fn take(&mut self, events: Vec<Event>, now: Timestamp) -> Step {
        let mut step = Step { changes: self.lifecycle.run_due(now, false), events: events.len(), ..Step::default() };
        let overfull = self.overfull();
        for event in events {
            for outcome in self.rules.evaluate(&event, now) {
                self.outcome(&event, outcome, now, &mut step);
            }
        }
        step.rules_changed |= self.overfull() != overfull;
        step
    }

    /// Shows the records of a frame to the rules.
    pub(super) fn each_outcome(
        &mut self,
        look: &Look,
        now: Timestamp,
        mut take: impl FnMut(&mut Self, &Glance, Outcome),
    ) {
        let mut sifted = std::mem::take(&mut self.sifted);
        self.rules.sift(look.runs(), &mut sifted);
        for left in sifted.left() {
            let Some(record) = look.glance(left.place()) else { continue };
            for outcome in self.rules.evaluate_left(&record, &sifted, left, now) {
                take(self, &record, outcome);
            }
        }
        self.sifted = sifted;
    }

    /// How many things a rule let go before their time, because there were too many: what it counts, and what it listens
    /// to.
    pub fn forgotten(&self, rule: &RuleInfo) -> u64 {
        rule.forgotten + self.lifecycle.let_go(&rule.name)
    }

    /// The same, of each rule that let something go.
    pub(super) fn all_forgotten(&self) -> BTreeMap<String, u64> {
        if self.overfull() == 0 {
            return BTreeMap::new();
        }
        let rules = self.rules.rules().iter().map(|rule| (rule.name.clone(), self.forgotten(rule)));
        rules.filter(|(_, forgotten)| *forgotten > 0).collect()
    }

    /// Until when the rules learn what is usual.
    fn learn(&self) -> Vec<Option<Timestamp>> {
        (0..self.rules.rules().len()).map(|rule| self.rules.learns_until(rule)).collect()
    }

    /// How many rules remember less than they want to, or listen to less, because it is too much. Asked for every frame,
    /// so it is counted and not looked for.
    fn overfull(&self) -> usize {
        self.rules.overfull() + self.lifecycle.overfull()
    }

    fn outcome(&mut self, event: &impl Reading, outcome: Outcome, now: Timestamp, step: &mut Step) {
        let signal = match outcome {
            Outcome::Match { rule, key, title, body } => {
                let found = Match {
                    rule: self.name(rule),
                    key,
                    title,
                    body,
                    event: event.id(),
                    topic: Some(event.topic()),
                    kind: catalogue::shared_name(event.kind()),
                };
                let absence = self.rules.rules().get(rule).is_some_and(|info| info.policy.silent_for.is_some());
                if absence { Signal::Heard(found) } else { Signal::Match(found) }
            }
            Outcome::Resolved { rule, key } => Signal::Resolved { rule: self.name(rule), key, event: event.id() },
            Outcome::Runaway { rule, reason, until } => {
                return step.runaways.push(Runaway { rule: self.name(rule), reason, until });
            }
            Outcome::CannotTell { rule, reason } => {
                let trouble = Trouble { rule: self.name(rule), event: event.id(), message: reason, fault: false };
                return step.troubles.push(trouble);
            }
            Outcome::Failed { rule, message, .. } => {
                let trouble = Trouble { rule: self.name(rule), event: event.id(), message, fault: true };
                return step.troubles.push(trouble);
            }
        };
        step.changes.extend(self.lifecycle.step(now, signal));
    }

    fn control(&mut self, seq: u64, control: &Control, now: Timestamp, step: &mut Step) {
        let signal = match control {
            Control::RuleSet { rules, lists, last_good } => {
                let ruling = Ruling { rules: rules.clone(), lists: lists.clone(), good: last_good.clone() };
                self.set_rules(ruling);
                step.rules_changed = true;
                step.changes.extend(self.lifecycle.step(now, Signal::Rules(self.metas(seq))));
                return self.resume_mended(seq, now, step);
            }
            Control::RulePaused { rule, until, reason } => {
                match until {
                    Some(until) => self.rules.pause(rule, *until),
                    None => self.rules.resume(rule),
                }
                step.rules_changed = true;
                Signal::RulePaused { rule: rule.clone(), until: *until, reason: reason.clone(), row: seq }
            }
            Control::Acknowledge { alert, by } => Signal::Acknowledge { alert: alert.clone(), by: by.clone() },
            Control::Unacknowledge { alert } => Signal::Unacknowledge { alert: alert.clone() },
            Control::Snooze { alert, until } => Signal::Snooze { alert: alert.clone(), until: *until },
            Control::Dismissed { alert } => Signal::Dismissed { alert: alert.clone() },
            Control::Judge(judge) => Signal::Judge(judge.clone()),
            Control::Noise(noise) => Signal::Noise(noise.clone()),
            Control::Silence { matchers, until, comment, by } => Signal::Silence(Silence {
                id: seq,
                matchers: matchers.clone(),
                since: now,
                until: *until,
                comment: comment.clone(),
                by: by.clone(),
            }),
            Control::EndSilence { id } => Signal::EndSilence { id: *id },
            Control::BegunAnew { kept, reason } => {
                Signal::BegunAnew { kept: kept.clone(), reason: reason.clone(), row: seq }
            }
            Control::Settings(settings) => {
                self.settings = Some(settings.clone());
                self.set_zone(&settings.zone);
                Signal::Notifications(settings.notifications)
            }
        };
        step.changes.extend(self.lifecycle.step(now, signal));
    }

    /// A paused rule that was given another text runs again at once: its pause is over, and so is the alert about it.
    fn resume_mended(&mut self, seq: u64, now: Timestamp, step: &mut Step) {
        let mended: Vec<Arc<str>> = self
            .rules
            .rules()
            .iter()
            .filter(|info| info.paused_until.is_none() && self.lifecycle.paused_until(&info.name).is_some())
            .map(|info| info.name.as_str().into())
            .collect();
        for rule in mended {
            let signal = Signal::RulePaused { rule, until: None, reason: "".into(), row: seq };
            step.changes.extend(self.lifecycle.step(now, signal));
        }
    }

    pub(super) fn set_rules(&mut self, ruling: Ruling) {
        self.rules = RuleSet::compile(&ruling.rules, ruling.lists.clone(), self.zone.clone(), Some(&self.rules));
        self.ruling = ruling;
        self.fingerprint = OnceCell::new();
    }

    /// Tells these rules, with their lists and their zone, from all others.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        *self.fingerprint.get_or_init(|| {
            let mut hash = Sha256::new();
            let mut add = |text: &str| {
                hash.update(text.len().to_le_bytes());
                hash.update(text);
            };
            add(self.zone.iana_name().unwrap_or_default());
            for rule in &self.ruling.rules {
                add(&rule.name);
                add(&rule.text);
                add(if rule.enabled { "on" } else { "off" });
            }
            for (name, text) in &self.ruling.good {
                add(name);
                add(text);
            }
            // Lists have one form in the log, and it is sorted.
            add(&serde_json::to_string(&self.ruling.lists).unwrap_or_default());
            hash.finalize().into()
        })
    }

    /// Another zone: the rules are compiled again, since `between` and `weekday` mean another time.
    pub(super) fn set_zone(&mut self, name: &str) {
        let zone = zone(name);
        if zone != self.zone {
            self.zone = zone;
            self.lifecycle.set_zone(&self.zone);
            self.set_rules(self.ruling.clone());
        }
    }

    fn name(&self, rule: usize) -> Arc<str> {
        self.rules.rules().get(rule).map_or_else(|| "".into(), |info| info.name.as_str().into())
    }

    /// What the lifecycle has to know of the rules. One that cannot run at all is as if it were switched off.
    fn metas(&self, row: u64) -> Vec<RuleMeta> {
        let meta = |rule: &RuleInfo| {
            let mut topics: Vec<Topic> = rule.kinds.iter().map(|kind| kind.topic).collect();
            topics.sort();
            topics.dedup();
            RuleMeta {
                name: rule.name.as_str().into(),
                policy: rule.policy.clone(),
                topics,
                enabled: rule.enabled && rule.status != RuleStatus::Broken,
                expected: rule.expected.iter().map(|one| expected(one, row)).collect(),
            }
        };
        self.rules.rules().iter().map(meta).collect()
    }
}

/// What the lifecycle has to know of a key that is to be heard.
fn expected(one: &rules::Expected, row: u64) -> alert::Expected {
    let rules::Expected { key, title, body } = one.clone();
    alert::Expected { key, title, body, row }
}

/// The zone of that IANA name; UTC if there is none.
fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}
