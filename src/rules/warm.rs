//! Going through the log for what rules remember, without a sound.

use std::time::Duration;

use jiff::Timestamp;

use super::{Outcome, RuleSet, duration::LONGEST};
use crate::{
    event::{Reading, Topic},
    functions::remember::Memory,
};

/// Rules that go through the log for calls that have not seen it.
pub struct Warming {
    memory: Memory,
    rules: Vec<usize>,
    /// How far back from now the log is wanted, at most 90 days.
    pub span: Duration,
    /// Whose frames are wanted.
    pub topics: Vec<Topic>,
}

impl RuleSet {
    /// Begins to warm the calls of new and edited rules; `None` if every call has seen the log.
    pub fn begin_warming(&self) -> Option<Warming> {
        let memory = self.surroundings.memory.borrow();
        let cold: Vec<(usize, Duration)> =
            (0..self.infos.len()).filter_map(|rule| Some((rule, memory.cold(rule)?))).collect();
        let span = cold.iter().map(|(_, span)| *span).max()?.min(LONGEST);
        let mut topics: Vec<Topic> =
            cold.iter().flat_map(|(rule, _)| self.infos[*rule].kinds.iter().map(|kind| kind.topic)).collect();
        topics.sort();
        topics.dedup();
        Some(Warming { memory: memory.blank(), rules: cold.into_iter().map(|(rule, _)| rule).collect(), span, topics })
    }

    /// Shows an earlier event to the rules that are being warmed. `now` is when it was received. Nothing comes of it but
    /// what they remember.
    pub fn warm(&mut self, warming: &mut Warming, event: &impl Reading, now: Timestamp) {
        self.swap_memory(warming);
        let outcomes = self.run(event, now, Some(&warming.rules));
        self.swap_memory(warming);
        // One that runs away is not let hold up the others; it will be paused soon enough.
        let ran_away = |rule| outcomes.iter().any(|o| matches!(o, Outcome::Runaway { rule: of, .. } if *of == rule));
        warming.rules.retain(|rule| !ran_away(*rule));
    }

    fn swap_memory(&self, warming: &mut Warming) {
        std::mem::swap(&mut *self.surroundings.memory.borrow_mut(), &mut warming.memory);
    }

    /// Takes over what the calls remember now.
    pub fn end_warming(&mut self, warming: Warming) {
        self.surroundings.memory.borrow_mut().warmed(&warming.memory);
    }

    /// How far back the memory of the rules reaches, at most 90 days: zero if none remembers.
    pub fn memory_span(&self) -> Duration {
        let memory = self.surroundings.memory.borrow();
        (0..self.infos.len()).map(|rule| memory.span(rule)).max().unwrap_or_default().min(LONGEST)
    }

    /// All that is to be remembered is about to be shown to [`RuleSet::evaluate`]: no call needs the log again.
    pub fn remember_from_here(&mut self) {
        self.surroundings.memory.borrow_mut().all_warm();
    }

    /// From `at` on a topic is heard, or not.
    pub fn hear(&mut self, topic: Topic, heard: bool, at: Timestamp) {
        self.surroundings.memory.borrow_mut().hear(topic, heard, at);
    }

    /// Until when a rule learns what is usual, whether or not that is past; `None` if it need not.
    pub fn learns_until(&self, rule: usize) -> Option<Timestamp> {
        self.surroundings.memory.borrow().learns_until(rule)
    }
}
