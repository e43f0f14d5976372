//! What rules remember: per rule, per call, per key.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use rhai::Position;

use super::{
    Hearing, Nanos,
    item::Item,
    kept::{ENTRIES, KEYS, Kept},
    nanos,
    site::{CallId, Site, as_nanos},
    trail::{Entry, Trail},
};
use crate::event::Topic;

/// How long a mark is kept: the longest window that may ask for it.
const MARK: Nanos = 90 * 24 * 60 * 60 * 1_000_000_000;

/// What a rule brings with it that remembers.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    pub sites: Vec<Site>,
    /// The topics of its events.
    pub topics: Vec<Topic>,
    /// The folder whose rules see its marks.
    pub folder: Arc<str>,
    /// How long `first_seen` learns, if the rule says.
    pub learn: Option<Duration>,
}

/// The folder and the name of a mark.
type Mark = (Arc<str>, String);

/// What all rules remember. A pure function of the rows: it is told the time and asks nobody.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    now: Nanos,
    rules: Vec<RuleMemory>,
    marks: BTreeMap<Mark, Kept>,
    beat: u64,
    /// Marks made by the event under way: seen from the next one on.
    fresh: Vec<(Mark, Arc<str>)>,
    hearing: Hearing,
}

/// What one rule remembers.
#[derive(Clone, Debug, Default)]
pub struct RuleMemory {
    calls: Vec<Call>,
    at: HashMap<Position, usize>,
    topics: Vec<Topic>,
    folder: Arc<str>,
    learn: Option<Duration>,
    beat: u64,
    forgotten: u64,
}

#[derive(Clone, Debug)]
struct Call {
    site: Site,
    kept: Kept,
    /// It has not yet seen what the log holds for it.
    cold: bool,
    /// The topics whose holes matter to it.
    topics: Vec<Topic>,
}

/// A call under way: whose, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub rule: usize,
    pub position: Position,
}

impl Memory {
    /// The next event is one of this time.
    pub fn begin(&mut self, now: Timestamp) {
        self.now = nanos(now);
    }

    /// The event under way is over: its marks can be seen.
    pub fn end(&mut self) {
        for (mark, key) in std::mem::take(&mut self.fresh) {
            self.beat += 1;
            let kept = self.marks.entry(mark).or_default();
            kept.push(&key, Entry::Last(Item::Absent), self.now, self.now.saturating_sub(MARK), self.beat);
            if kept.keys() > KEYS {
                kept.drop_oldest();
            }
        }
    }

    /// Adds the next rule, with the state of those of its calls that it had before.
    pub fn add(&mut self, calls: Calls, before: Option<RuleMemory>) {
        let mut before: BTreeMap<CallId, Call> =
            before.into_iter().flat_map(|rule| rule.calls).map(|call| (call.site.id.clone(), call)).collect();
        let at = calls.sites.iter().enumerate().map(|(index, site)| (site.position, index)).collect();
        let call = |site: Site| match before.remove(&site.id) {
            Some(call) => Call { site, topics: calls.topics.clone(), ..call },
            None => Call { site, kept: Kept::default(), cold: true, topics: calls.topics.clone() },
        };
        let known: Vec<Call> = calls.sites.into_iter().map(call).collect();
        let beat = known.iter().filter_map(|call| call.kept.latest()).max().unwrap_or(0);
        self.rules.push(RuleMemory {
            calls: known,
            at,
            topics: calls.topics,
            folder: calls.folder,
            learn: calls.learn,
            beat,
            forgotten: 0,
        });
    }

    /// After the last rule: who asks for marks depends on the topics of those who set them, and they are remembered
    /// for as long as somebody asks.
    pub fn link(&mut self) {
        let mark = |rule: &RuleMemory, call: &Call| Some((Arc::clone(&rule.folder), call.site.mark()?.to_owned()));
        let mut topics: BTreeMap<Mark, Vec<Topic>> = BTreeMap::new();
        let mut spans: BTreeMap<Mark, Duration> = BTreeMap::new();
        for rule in &self.rules {
            for call in &rule.calls {
                let Some(mark) = mark(rule, call) else { continue };
                if call.site.id.function == "mark" {
                    topics.entry(mark).or_default().extend(&rule.topics);
                } else {
                    let span = spans.entry(mark).or_default();
                    *span = call.site.span().max(*span);
                }
            }
        }
        for rule in &mut self.rules {
            for index in 0..rule.calls.len() {
                let Some(mark) = mark(rule, &rule.calls[index]) else { continue };
                if rule.calls[index].site.id.function == "mark" {
                    rule.calls[index].site.spans = spans.get(&mark).copied().into_iter().collect();
                } else {
                    rule.calls[index].topics = topics.get(&mark).cloned().unwrap_or_default();
                }
            }
        }
    }

    /// What is not a rule's own, for a set of rules that follows: marks, and when was listened.
    pub fn successor(&self) -> Self {
        let (marks, hearing) = (self.marks.clone(), self.hearing.clone());
        Self { now: self.now, marks, beat: self.beat, hearing, ..Self::default() }
    }

    /// The same rules, remembering nothing but when was listened.
    pub fn blank(&self) -> Self {
        let mut blank = Self { hearing: self.hearing.clone(), ..Self::default() };
        blank.rules.clone_from(&self.rules);
        for call in blank.rules.iter_mut().flat_map(|rule| &mut rule.calls) {
            call.kept = Kept::default();
        }
        blank
    }

    /// Takes over from another, which went through the log, what cold calls lacked; now none is cold.
    pub fn warmed(&mut self, other: &Self) {
        for (rule, warm) in self.rules.iter_mut().zip(&other.rules) {
            for (call, warm) in rule.calls.iter_mut().zip(&warm.calls) {
                if std::mem::take(&mut call.cold) {
                    call.kept = warm.kept.clone();
                }
            }
            rule.beat = rule.beat.max(warm.beat);
        }
        for (mark, kept) in &other.marks {
            let beat = &mut self.beat;
            self.marks.entry(mark.clone()).or_default().merge(kept, || {
                *beat += 1;
                *beat
            });
        }
    }

    /// Whether a rule has calls that have not seen the log; how far back they want to.
    pub fn cold(&self, rule: usize) -> Option<Duration> {
        let rule = self.rules.get(rule)?;
        rule.calls.iter().any(|call| call.cold).then(|| rule.span())
    }

    /// How far back a rule's memory reaches.
    pub fn span(&self, rule: usize) -> Duration {
        self.rules.get(rule).map_or(Duration::ZERO, RuleMemory::span)
    }

    /// From here on no call is cold: the log is being gone through with all rules.
    pub fn all_warm(&mut self) {
        for call in self.rules.iter_mut().flat_map(|rule| &mut rule.calls) {
            call.cold = false;
        }
    }

    /// What a rule remembers.
    pub fn rule(&self, rule: usize) -> Option<&RuleMemory> {
        self.rules.get(rule)
    }

    /// Puts back what a rule remembered before.
    pub fn restore(&mut self, rule: usize, memory: RuleMemory) {
        if let Some(known) = self.rules.get_mut(rule) {
            *known = memory;
        }
    }

    /// A topic is heard from then on, or not.
    pub fn hear(&mut self, topic: Topic, heard: bool, at: Timestamp) {
        self.hearing.hear(topic, heard, at);
    }

    fn call(&self, asked: Asked) -> Result<(&RuleMemory, &Call), String> {
        let found =
            self.rules.get(asked.rule).and_then(|rule| Some((rule, &rule.calls[*rule.at.get(&asked.position)?])));
        found.ok_or_else(|| "This call cannot remember where it stands.".into())
    }

    /// Now, and the first moment that is within the call's first duration.
    pub(super) fn window(&self, asked: Asked) -> Result<(Nanos, Nanos), String> {
        let (_, call) = self.call(asked)?;
        Ok((self.now, self.now.saturating_sub(call.site.nanos(0))))
    }

    /// The call's durations, in nanoseconds.
    pub(super) fn spans(&self, asked: Asked) -> Result<(Nanos, Nanos), String> {
        let (_, call) = self.call(asked)?;
        Ok((call.site.nanos(0), call.site.nanos(1)))
    }

    /// Adds an entry for the event under way; the key's trail from `from` on.
    pub(super) fn push(&mut self, asked: Asked, key: &Arc<str>, entry: Entry, from: Nanos) -> Result<&Trail, String> {
        let lost = "This call cannot remember where it stands.";
        let rule = self.rules.get_mut(asked.rule).ok_or(lost)?;
        let index = *rule.at.get(&asked.position).ok_or(lost)?;
        rule.push(index, key, entry, self.now, from);
        rule.calls[index].kept.trail(key).ok_or_else(|| lost.into())
    }

    /// The last value under a key from `from` on, and when it came.
    pub(super) fn last(&self, asked: Asked, key: &str, from: Nanos) -> Result<Option<(Nanos, Item)>, String> {
        let (_, call) = self.call(asked)?;
        Ok(call.kept.last(key, from).map(|(at, value)| (at, value.clone())))
    }

    /// Whether something may have been missed since `from`: if so, why the call cannot tell.
    pub(super) fn whole(&self, asked: Asked, from: Nanos) -> Result<(), String> {
        let (_, call) = self.call(asked)?;
        if self.hearing.has_hole(&call.topics, from, self.now) {
            return Err(format!("{} cannot tell: Tocsin was not listening all the time.", call.site.id.function));
        }
        Ok(())
    }

    /// Whether `first_seen` still learns what is usual: if so, until when.
    pub(super) fn learned(&self, asked: Asked) -> Result<(), String> {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let (rule, call) = self.call(asked)?;
        let learn = rule.learn.unwrap_or_else(|| call.site.span().min(DAY));
        let until = self.hearing.began(&call.topics).map(|began| began.saturating_add(as_nanos(learn)));
        match until.filter(|until| *until > self.now).map(|until| Timestamp::from_nanosecond(until.into())) {
            Some(Ok(until)) => Err(format!("first_seen learns what is usual until {}.", until.strftime("%F %R UTC"))),
            _ => Ok(()),
        }
    }

    /// How much of the time from `from` to `to` there was somebody to hear, in seconds, at least one.
    pub(super) fn seconds(&self, asked: Asked, from: Nanos, to: Nanos) -> Result<f64, String> {
        let (_, call) = self.call(asked)?;
        let began = self.hearing.began(&call.topics).unwrap_or(Nanos::MIN);
        Ok((to.saturating_sub(from.max(began)) as f64 / 1e9).max(1.0))
    }

    /// Sets the call's mark, to be seen from the next event on.
    pub(super) fn mark(&mut self, asked: Asked, key: Arc<str>) -> Result<(), String> {
        let (rule, call) = self.call(asked)?;
        let name = call.site.mark().unwrap_or_default().to_owned();
        let mark = ((Arc::clone(&rule.folder), name), key);
        self.fresh.push(mark);
        Ok(())
    }

    /// Whether the call's mark was set for this key at `from` or later.
    pub(super) fn marked(&self, asked: Asked, key: &str, from: Nanos) -> Result<bool, String> {
        let (rule, call) = self.call(asked)?;
        let name = call.site.mark().unwrap_or_default().to_owned();
        let kept = self.marks.get(&(Arc::clone(&rule.folder), name));
        Ok(kept.is_some_and(|kept| kept.last(key, from).is_some()))
    }
}

impl RuleMemory {
    /// How many keys and entries were let go before their time, because there were too many.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// All its calls together: what one remembers may hang on what another answered.
    fn span(&self) -> Duration {
        self.calls.iter().map(|call| call.site.span()).sum()
    }

    fn push(&mut self, index: usize, key: &Arc<str>, entry: Entry, now: Nanos, from: Nanos) {
        self.beat += 1;
        let kept = &mut self.calls[index].kept;
        kept.push(key, entry, now, from, self.beat);
        if kept.keys() > KEYS {
            kept.drop_oldest();
            self.forgotten += 1;
        }
        while self.calls.iter().map(|call| call.kept.entries()).sum::<usize>() > ENTRIES {
            self.forgotten += 1;
            let oldest = self.calls.iter_mut().filter_map(|call| Some((call.kept.oldest()?, call)));
            let Some((beat, call)) = oldest.min_by_key(|(beat, _)| *beat) else { break };
            if beat == self.beat {
                // Only the key of this event is left: its oldest entries go.
                call.kept.shorten(key);
            } else {
                call.kept.drop_oldest();
            }
        }
    }
}
