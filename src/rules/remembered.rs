//! What the rules remember, to be kept in parts and put back at the next start.

use std::collections::BTreeMap;

use super::{RuleSet, set::Pause};
use crate::functions::remember::{Damaged, RuleMemory};

/// The part that holds the marks; and what the name of a rule's part begins with.
const MARKS: &str = "marks";
const RULE: &str = "rule:";

/// The pause of a rule: its name, until when, and how many there were in a row.
pub type Paused = (String, jiff::Timestamp, u32);

impl RuleSet {
    /// The names of all parts of the memory.
    pub fn memory_parts(&self) -> impl Iterator<Item = String> {
        let memory = self.surroundings.memory.borrow();
        let rules = self.infos.iter().enumerate().filter(|(index, _)| memory.remembers(*index));
        let rules: Vec<String> = rules.map(|(_, info)| format!("{RULE}{}", info.name)).collect();
        rules.into_iter().chain([MARKS.to_owned()])
    }

    /// The parts of the memory that changed since [`RuleSet::memory_saved`], or all of them.
    pub fn save_memory(&self, all: bool) -> BTreeMap<String, Vec<u8>> {
        let memory = self.surroundings.memory.borrow();
        let mut parts = BTreeMap::new();
        for (index, info) in self.infos.iter().enumerate() {
            if memory.remembers(index) && (all || memory.is_unsaved(index)) {
                parts.extend(memory.save(index).map(|state| (format!("{RULE}{}", info.name), state)));
            }
        }
        if all || memory.is_shared_unsaved() {
            parts.extend(memory.save_shared().map(|state| (MARKS.to_owned(), state)));
        }
        parts
    }

    /// What [`RuleSet::save_memory`] gave is kept now.
    pub fn memory_saved(&mut self) {
        self.surroundings.memory.borrow_mut().saved();
    }

    /// Puts back all parts of the memory.
    ///
    /// # Errors
    /// A part is missing or cannot be read, or there are more than these rules have. Then what the rules remember is
    /// of no use: compile them anew.
    pub fn load_memory(&mut self, mut parts: BTreeMap<String, Vec<u8>>) -> Result<(), Damaged> {
        let mut memory = self.surroundings.memory.borrow_mut();
        for (index, info) in self.infos.iter().enumerate() {
            if memory.remembers(index) {
                memory.load(index, &parts.remove(&format!("{RULE}{}", info.name)).ok_or(Damaged)?)?;
            }
        }
        memory.load_shared(&parts.remove(MARKS).ok_or(Damaged)?)?;
        for (index, info) in self.infos.iter_mut().enumerate() {
            info.forgotten = memory.rule(index).map_or(0, RuleMemory::forgotten);
        }
        if parts.is_empty() { Ok(()) } else { Err(Damaged) }
    }

    /// The pauses of the rules, those that are over included: the next one is longer.
    pub fn pauses(&self) -> Vec<Paused> {
        let pause = |(index, info): (usize, &super::RuleInfo)| {
            let pause = self.slots[index].pause?;
            Some((info.name.clone(), pause.until, pause.times))
        };
        self.infos.iter().enumerate().filter_map(pause).collect()
    }

    /// Puts back the pauses of the rules.
    pub fn put_back_pauses(&mut self, pauses: Vec<Paused>) {
        for (rule, until, times) in pauses {
            if let Some(index) = self.infos.iter().position(|info| info.name == rule) {
                self.slots[index].pause = Some(Pause { until, times });
                self.infos[index].paused_until = Some(until);
            }
        }
    }

    /// How many rules let go of something before its time, because it was too much to remember.
    pub fn overfull(&self) -> usize {
        self.surroundings.memory.borrow().overfull()
    }

    /// Roughly how much memory takes what the rules remember, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.surroundings.memory.borrow().bytes()
    }
}
