//! All rules on the records of a frame: first which records any rule can match at all, then what comes of those.

use std::{rc::Rc, sync::Arc};

use jiff::Timestamp;

use super::{
    Outcome, RuleSet,
    evaluate::{Call, Record},
    lower::{Left, LeftEvent, Lowered, Past, Seen, Verdict},
    set::next_pause,
};
use crate::{
    event::{Alone, Reading, Readings, catalogue},
    functions::remember::RuleMemory,
};

/// The records of a frame that some rule can match. Kept by whoever asks, for its room.
#[derive(Default)]
pub struct Sifted(Left);

/// One of the records that are left.
#[derive(Clone, Copy)]
pub struct Candidate(LeftEvent);

impl Sifted {
    /// The records that are left, in the order of the wire.
    pub fn left(&self) -> impl Iterator<Item = Candidate> {
        self.0.events().iter().copied().map(Candidate)
    }
}

impl Candidate {
    /// Its place in its frame.
    pub fn place(self) -> u32 {
        self.0.place
    }
}

impl RuleSet {
    /// Runs the rules of the event's kind, in name order. `now` is engine time.
    pub fn evaluate<R: Reading>(&mut self, reading: &R, now: Timestamp) -> Vec<Outcome> {
        let mut sifted = std::mem::take(&mut self.sifted);
        self.sift(std::iter::once(Alone(reading)), &mut sifted);
        let outcomes = sifted.left().next().map(|left| self.evaluate_left(reading, &sifted, left, now));
        self.sifted = sifted;
        outcomes.unwrap_or_default()
    }

    /// Finds the records of a frame that a rule can match, without asking any: most match none, and a glance at their
    /// fields tells. [`RuleSet::evaluate_left`] is to follow for each that is left, in their order.
    pub fn sift<B: Readings>(&mut self, records: impl Iterator<Item = B>, into: &mut Sifted) {
        into.0.clear();
        for some in records {
            if let Some(Some(plan)) = self.plans.get_mut(catalogue::number(some.kind())) {
                if self.plain {
                    plan.leave_all(&some, &mut into.0);
                } else {
                    plan.sift(&some, &mut into.0);
                }
            }
        }
    }

    /// Runs the rules that are left for a record, in name order: the same as [`RuleSet::evaluate`]. `now` is engine time.
    pub fn evaluate_left<R: Reading>(
        &mut self,
        reading: &R,
        sifted: &Sifted,
        left: Candidate,
        now: Timestamp,
    ) -> Vec<Outcome> {
        let mut outcomes =
            if self.plain { self.run(reading, now, None) } else { self.look(reading, &sifted.0, left.0, now) };
        for outcome in &mut outcomes {
            if let Outcome::Runaway { rule, until, .. } = outcome {
                *until = now.saturating_add(next_pause(self.slots[*rule].pause, now)).unwrap_or(Timestamp::MAX);
            }
        }
        outcomes
    }

    /// Asks Rhai only where that is needed.
    fn look<R: Reading>(&mut self, reading: &R, left: &Left, event: LeftEvent, now: Timestamp) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let Some(Some(plan)) = self.plans.get(catalogue::number(reading.kind())) else { return outcomes };
        let memory = &self.surroundings.memory;
        let mut record: Option<Record> = None;
        let past = Past::new(memory, now, &self.scratch);
        let seen = Seen::new(reading, &past);
        for (rule, lowered) in plan.left(left, event) {
            let slot = &self.slots[rule];
            let Some(script) = slot.script.as_ref().filter(|_| !slot.is_paused(now)) else { continue };
            let verdict = lowered.map_or(Verdict::Ask, |lowered| lowered.judge(&seen, left, event));
            let title = &slot.title;
            let told = lowered.and_then(|lowered| without_rhai(rule, title, lowered, verdict, &seen));
            if verdict != Verdict::Nothing && told.is_none() {
                past.begin();
                let record = record.get_or_insert_with(|| Record(Rc::new(reading.event().into_owned())));
                let host = &self.host;
                Call { host, script, memory, rule, title, record, outcomes: &mut outcomes, ran_away: false }.run();
            }
            outcomes.extend(told);
            if !script.sites.is_empty() {
                self.infos[rule].forgotten = memory.borrow().rule(rule).map_or(0, RuleMemory::forgotten);
            }
        }
        past.end();
        outcomes
    }

    /// All in Rhai, with only some of the rules if they are given.
    pub(super) fn run<R: Reading>(&mut self, reading: &R, now: Timestamp, only: Option<&[usize]>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let Some(route) = self.routes.get(reading.kind().name) else { return outcomes };
        let record = Record(Rc::new(reading.event().into_owned()));
        let memory = &self.surroundings.memory;
        memory.borrow_mut().begin(now);
        for &rule in route {
            let slot = &self.slots[rule];
            let wanted = only.is_none_or(|only| only.contains(&rule)) && !slot.is_paused(now);
            let Some(script) = slot.script.as_ref().filter(|_| wanted) else { continue };
            let (host, title, record) = (&self.host, &slot.title, &record);
            Call { host, script, memory, rule, title, record, outcomes: &mut outcomes, ran_away: false }.run();
            if only.is_none() {
                self.infos[rule].forgotten = memory.borrow().rule(rule).map_or(0, RuleMemory::forgotten);
            }
        }
        memory.borrow_mut().end();
        outcomes
    }
}

/// What comes of a rule whose condition was judged without Rhai; `None`: Rhai is to be asked, now from the beginning.
fn without_rhai<R: Reading>(
    rule: usize,
    title: &Arc<str>,
    lowered: &Lowered,
    verdict: Verdict,
    seen: &Seen<R>,
) -> Option<Outcome> {
    match verdict {
        Verdict::Match => {
            let (title, body) = (lowered.title(seen, title)?, lowered.body(seen)?);
            Some(Outcome::Match { rule, key: lowered.key(seen)?, title, body })
        }
        Verdict::Resolved => Some(Outcome::Resolved { rule, key: lowered.key(seen)? }),
        Verdict::Nothing | Verdict::Ask => None,
    }
}
