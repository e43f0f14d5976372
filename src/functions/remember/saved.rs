//! What rules remember, as octets: small, and read back into the same state or refused.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    CallId, Memory, Nanos,
    item::Item,
    kept::{ENTRIES, KEYS, Kept},
    memory::Mark,
    total::{Number, Total},
    trail::Trail,
};

/// What was kept cannot be read, or belongs to other rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what rules remember was not kept whole")]
pub struct Damaged;

/// The state of one rule.
#[derive(Serialize, Deserialize)]
struct RuleState {
    beat: u64,
    forgotten: u64,
    calls: Vec<(CallId, Keys)>,
}

/// What does not belong to one rule.
#[derive(Serialize, Deserialize)]
struct SharedState {
    beat: u64,
    marks: Vec<(Mark, Keys)>,
}

/// Keys in the order of their beats, each with how much its beat is more than the one before.
type Keys = Vec<(u64, Arc<str>, Entries)>;

/// A trail. Each time is how much later it is than the one before; what follows from the rest is left out.
#[derive(Serialize, Deserialize)]
enum Entries {
    Times(Vec<Nanos>),
    Numbers(Vec<(Nanos, Number)>),
    Best(Vec<(Nanos, Number)>),
    Values(Vec<(Nanos, Arc<str>)>),
    Last(Nanos, Item),
}

impl Memory {
    /// The state of a rule.
    pub fn save(&self, rule: usize) -> Option<Vec<u8>> {
        let rule = self.rules.get(rule)?;
        let calls = rule.calls.iter().map(|call| (call.site.id.clone(), keys(&call.kept))).collect();
        octets(&RuleState { beat: rule.beat, forgotten: rule.forgotten, calls })
    }

    /// Gives a rule the state it had when it was saved.
    ///
    /// # Errors
    /// It is not the state of a rule with these calls. Then the rule is as before.
    pub fn load(&mut self, rule: usize, saved: &[u8]) -> Result<(), Damaged> {
        let state: RuleState = read(saved)?;
        let rule = self.rules.get_mut(rule).ok_or(Damaged)?;
        if state.calls.len() != rule.calls.len() {
            return Err(Damaged);
        }
        let mut calls: BTreeMap<CallId, Keys> = state.calls.into_iter().collect();
        let mut loaded = Vec::with_capacity(rule.calls.len());
        for call in &rule.calls {
            loaded.push(kept(calls.remove(&call.site.id).ok_or(Damaged)?, state.beat)?);
        }
        if loaded.iter().map(Kept::entries).sum::<usize>() > ENTRIES {
            return Err(Damaged);
        }
        for (call, kept) in rule.calls.iter_mut().zip(loaded) {
            (call.kept, call.cold) = (kept, false);
        }
        (rule.beat, rule.forgotten, rule.saved) = (state.beat, state.forgotten, None);
        self.count_overfull();
        Ok(())
    }

    /// The state that no single rule has: marks.
    pub fn save_shared(&self) -> Option<Vec<u8>> {
        let marks = self.marks.iter().map(|(mark, kept)| (mark.clone(), keys(kept))).collect();
        octets(&SharedState { beat: self.beat, marks })
    }

    /// Puts back the state that no single rule has.
    ///
    /// # Errors
    /// It is not such a state. Then all is as before.
    pub fn load_shared(&mut self, saved: &[u8]) -> Result<(), Damaged> {
        let state: SharedState = read(saved)?;
        let mut marks = BTreeMap::new();
        for (mark, keys) in state.marks {
            marks.insert(mark, kept(keys, state.beat)?);
        }
        (self.marks, self.beat) = (marks, state.beat);
        Ok(())
    }

    /// Whether a rule's state is otherwise than when [`Memory::saved`] was last told.
    pub fn is_unsaved(&self, rule: usize) -> bool {
        self.rules.get(rule).is_some_and(|rule| rule.saved != Some(rule.beat))
    }

    /// Whether a rule has calls that remember.
    pub fn remembers(&self, rule: usize) -> bool {
        self.rules.get(rule).is_some_and(|rule| !rule.calls.is_empty())
    }

    /// Whether marks were set since [`Memory::saved`] was last told.
    pub fn is_shared_unsaved(&self) -> bool {
        self.saved != Some(self.beat)
    }

    /// The state of all is saved as it is now.
    pub fn saved(&mut self) {
        self.saved = Some(self.beat);
        for rule in &mut self.rules {
            rule.saved = Some(rule.beat);
        }
    }
}

fn octets(state: &impl Serialize) -> Option<Vec<u8>> {
    postcard::to_stdvec(state).ok()
}

fn read<T: DeserializeOwned>(octets: &[u8]) -> Result<T, Damaged> {
    match postcard::take_from_bytes(octets) {
        Ok((state, [])) => Ok(state),
        _ => Err(Damaged),
    }
}

fn keys(kept: &Kept) -> Keys {
    let mut last = 0;
    let key = |(beat, key, trail): (u64, &Arc<str>, &Trail)| {
        let more = beat - std::mem::replace(&mut last, beat);
        (more, Arc::clone(key), entries(trail))
    };
    kept.in_order().map(key).collect()
}

fn kept(keys: Keys, last: u64) -> Result<Kept, Damaged> {
    if keys.len() > KEYS {
        return Err(Damaged);
    }
    let mut kept = Kept::default();
    let mut beat = 0_u64;
    let count = keys.len();
    for (more, key, entries) in keys {
        beat = beat.checked_add(more).filter(|beat| more > 0 && *beat <= last).ok_or(Damaged)?;
        kept.put(beat, key, trail(entries)?);
    }
    // No key twice.
    if kept.keys() == count { Ok(kept) } else { Err(Damaged) }
}

fn entries(trail: &Trail) -> Entries {
    let mut last = 0;
    let mut later = |at: Nanos| at.wrapping_sub(std::mem::replace(&mut last, at));
    match trail {
        Trail::Times(times) => Entries::Times(times.iter().map(|at| later(*at)).collect()),
        Trail::Numbers { entries, .. } => {
            Entries::Numbers(entries.iter().map(|(at, number)| (later(*at), *number)).collect())
        }
        Trail::Best(best) => Entries::Best(best.iter().map(|(at, number)| (later(*at), *number)).collect()),
        Trail::Values { order, .. } => {
            Entries::Values(order.iter().map(|(at, value)| (later(*at), Arc::clone(value))).collect())
        }
        Trail::Last { at, value } => Entries::Last(*at, value.clone()),
    }
}

fn trail(entries: Entries) -> Result<Trail, Damaged> {
    let mut last: Option<Nanos> = None;
    // In order, and no time before all time.
    let mut at = |later: Nanos| {
        let at = last.map_or(Some(later), |last| last.checked_add(later).filter(|_| later >= 0)).ok_or(Damaged)?;
        last = Some(at);
        Ok::<Nanos, Damaged>(at)
    };
    let trail = match entries {
        Entries::Times(times) => Trail::Times(times.into_iter().map(at).collect::<Result<_, _>>()?),
        Entries::Numbers(numbers) => {
            let mut total = Total::default();
            let mut entries = VecDeque::with_capacity(numbers.len());
            for (later, number) in numbers {
                total.add(finite(number)?);
                entries.push_back((at(later)?, number));
            }
            Trail::Numbers { entries, total }
        }
        Entries::Best(numbers) => {
            let best = numbers.into_iter().map(|(later, number)| Ok((at(later)?, finite(number)?)));
            Trail::Best(best.collect::<Result<_, Damaged>>()?)
        }
        Entries::Values(values) => {
            let mut last = BTreeMap::new();
            let mut order = BTreeSet::new();
            for (later, value) in values {
                let at = at(later)?;
                if last.insert(Arc::clone(&value), at).is_some() {
                    return Err(Damaged);
                }
                order.insert((at, value));
            }
            Trail::Values { last, order }
        }
        Entries::Last(at, value) => Trail::Last { at, value },
    };
    if trail.len() == 0 { Err(Damaged) } else { Ok(trail) }
}

fn finite(number: Number) -> Result<Number, Damaged> {
    if number.float().is_finite() { Ok(number) } else { Err(Damaged) }
}
