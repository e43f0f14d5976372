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
    answer::Asks,
    asked::{Answered, Asked},
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
pub(super) type Mark = (Arc<str>, String);

/// What all rules remember. A pure function of the rows: it is told the time and asks nobody.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    now: Nanos,
    /// Counts events, to tell one from the next.
    event: u64,
    pub(super) rules: Vec<RuleMemory>,
    pub(super) marks: BTreeMap<Mark, Kept>,
    pub(super) beat: u64,
    /// The beat at which the marks were last saved.
    pub(super) saved: Option<u64>,
    /// How many rules let something go before its time.
    overfull: usize,
    /// Marks made by the event under way: seen from the next one on.
    fresh: Vec<(Mark, Arc<str>)>,
    hearing: Hearing,
    /// Where keys are put together: kept for its room.
    pub(super) scratch: String,
    /// What calls of `spike` compared for the event under way: events a second, recently and before.
    rates: Vec<(Caller, f64, f64)>,
}

/// What one rule remembers.
#[derive(Clone, Debug, Default)]
pub struct RuleMemory {
    pub(super) calls: Vec<Call>,
    at: HashMap<Position, usize>,
    topics: Vec<Topic>,
    folder: Arc<str>,
    learn: Option<Duration>,
    pub(super) beat: u64,
    pub(super) forgotten: u64,
    /// The beat at which its state was last saved.
    pub(super) saved: Option<u64>,
    asked: Asked,
}

#[derive(Clone, Debug)]
pub(super) struct Call {
    pub site: Site,
    asks: Option<Asks>,
    pub kept: Kept,
    /// It has not yet seen what the log holds for it.
    pub cold: bool,
    /// The topics whose holes matter to it.
    topics: Vec<Topic>,
}

/// A call that remembers: the place of its rule among the rules, and its own among the rule's [`Calls::sites`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    pub rule: usize,
    pub call: usize,
}

/// What a rule remembered before something that is not to be remembered.
#[derive(Clone, Debug)]
pub struct Aside {
    rule: RuleMemory,
    marks: usize,
}

impl Memory {
    /// The next event is one of this time.
    pub fn begin(&mut self, now: Timestamp) {
        self.now = nanos(now);
        self.event += 1;
        self.rates.clear();
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
        let forgotten = before.as_ref().map_or(0, RuleMemory::forgotten);
        let mut before: BTreeMap<CallId, Call> =
            before.into_iter().flat_map(|rule| rule.calls).map(|call| (call.site.id.clone(), call)).collect();
        let at = calls.sites.iter().enumerate().map(|(index, site)| (site.position, index)).collect();
        let call = |site: Site| {
            let topics = calls.topics.clone();
            let asks = Asks::named(&site.id.function);
            match before.remove(&site.id) {
                // How long a mark is asked for is known to the call that sets it from before, until rules are linked.
                Some(call) if site.spans.is_empty() => Call { topics, ..call }.at(site.position),
                Some(call) => Call { site, topics, ..call },
                None => Call { site, asks, kept: Kept::default(), cold: true, topics },
            }
        };
        let known: Vec<Call> = calls.sites.into_iter().map(call).collect();
        self.overfull += usize::from(forgotten > 0);
        let beat = known.iter().filter_map(|call| call.kept.latest()).max().unwrap_or(0);
        self.rules.push(RuleMemory {
            calls: known,
            at,
            topics: calls.topics,
            folder: calls.folder,
            learn: calls.learn,
            beat,
            forgotten,
            ..RuleMemory::default()
        });
    }

    /// After the last rule: who asks for marks depends on the topics of those who set them, and they are remembered
    /// for as long as somebody asks. One that is asked for longer than before has to be looked for in the log.
    pub fn link(&mut self) {
        let mark = |rule: &RuleMemory, call: &Call| Some((Arc::clone(&rule.folder), call.site.mark()?.to_owned()));
        let mut topics: BTreeMap<Mark, Vec<Topic>> = BTreeMap::new();
        let mut spans: BTreeMap<Mark, Duration> = BTreeMap::new();
        for rule in &self.rules {
            for call in &rule.calls {
                let Some(mark) = mark(rule, call) else { continue };
                if call.asks == Some(Asks::Mark) {
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
                let call = &mut rule.calls[index];
                if call.asks == Some(Asks::Mark) {
                    let span = spans.get(&mark).copied();
                    call.cold |= span.unwrap_or_default() > call.site.span();
                    call.site.spans = span.into_iter().collect();
                } else {
                    call.topics = topics.get(&mark).cloned().unwrap_or_default();
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
        for rule in &self.rules {
            let calls = rule.calls.iter().map(|call| Call {
                site: call.site.clone(),
                kept: Kept::default(),
                topics: call.topics.clone(),
                ..*call
            });
            blank.rules.push(RuleMemory {
                calls: calls.collect(),
                at: rule.at.clone(),
                topics: rule.topics.clone(),
                folder: Arc::clone(&rule.folder),
                learn: rule.learn,
                ..RuleMemory::default()
            });
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
            rule.saved = None;
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

    /// Lays aside what a rule remembers, before something that is not to be remembered.
    pub fn lay_aside(&self, rule: usize) -> Option<Aside> {
        Some(Aside { rule: self.rules.get(rule)?.clone(), marks: self.fresh.len() })
    }

    /// Puts back what was laid aside.
    pub fn put_back(&mut self, rule: usize, aside: Aside) {
        if let Some(known) = self.rules.get_mut(rule) {
            *known = aside.rule;
        }
        self.count_overfull();
        self.fresh.truncate(aside.marks);
    }

    /// Lets go of the marks of an event that is asked again after it ended.
    pub fn unmark(&mut self) {
        self.fresh.clear();
    }

    /// A topic is heard from then on, or not.
    pub fn hear(&mut self, topic: Topic, heard: bool, at: Timestamp) {
        self.hearing.hear(topic, heard, at);
    }

    /// Until when the rule's `first_seen` learn what is usual, the last of them if they differ, whether or not that is
    /// past; `None` if it has none, or none that need learn.
    pub fn learns_until(&self, rule: usize) -> Option<Timestamp> {
        let rule = self.rules.get(rule)?;
        let first_seen = rule.calls.iter().filter(|call| call.asks == Some(Asks::FirstSeen));
        let until = first_seen.filter_map(|call| self.learned_at(rule, call)).max()?;
        Timestamp::from_nanosecond(until.into()).ok()
    }

    /// The call of that rule at that place of its text, if it remembers.
    pub fn caller(&self, rule: usize, position: Position) -> Option<Caller> {
        let call = *self.rules.get(rule)?.at.get(&position)?;
        Some(Caller { rule, call })
    }

    /// What the call of `spike` at that place compared last for the event under way: events a second, recently and in
    /// the time before.
    pub fn rates(&self, rule: usize, position: Position) -> Option<(f64, f64)> {
        let caller = self.caller(rule, position)?;
        let (_, recent, before) = self.rates.iter().rfind(|(known, ..)| *known == caller)?;
        Some((*recent, *before))
    }

    /// Notes what a call of `spike` compares.
    pub(super) fn compares(&mut self, caller: Caller, recent: f64, before: f64) {
        self.rates.push((caller, recent, before));
    }

    fn call(&self, caller: Caller) -> Result<(&RuleMemory, &Call), String> {
        let found = self.rules.get(caller.rule).and_then(|rule| Some((rule, rule.calls.get(caller.call)?)));
        found.ok_or_else(lost)
    }

    pub(super) fn asks(&self, caller: Caller) -> Result<Asks, String> {
        self.call(caller)?.1.asks.ok_or_else(lost)
    }

    /// The name of the function that is called.
    pub(super) fn function(&self, caller: Caller) -> &str {
        self.call(caller).map_or("", |(_, call)| &call.site.id.function)
    }

    /// What was answered within this event, to the same call with the same arguments.
    pub(super) fn answered(&mut self, caller: Caller, key: &str, rest: Option<&str>) -> Option<Answered> {
        let rule = self.rules.get_mut(caller.rule)?;
        rule.asked.answer(self.event, caller.call, key, rest).cloned()
    }

    /// Keeps an answer for as long as the event is under way.
    pub(super) fn note(&mut self, caller: Caller, key: &str, rest: Option<Arc<str>>, answer: &Answered) {
        let Some(rule) = self.rules.get_mut(caller.rule) else { return };
        // The key that the call was just given is kept there already.
        let kept = rule.calls.get(caller.call).and_then(|call| call.kept.latest_key()).filter(|kept| ***kept == *key);
        let key = kept.map_or_else(|| key.into(), Arc::clone);
        rule.asked.note(caller.call, key, rest, answer.clone());
    }

    /// Now, and the first moment that is within the call's first duration.
    pub(super) fn window(&self, caller: Caller) -> Result<(Nanos, Nanos), String> {
        let (_, call) = self.call(caller)?;
        Ok((self.now, self.now.saturating_sub(call.site.nanos(0))))
    }

    /// The call's second duration.
    pub(super) fn second_span(&self, caller: Caller) -> Result<Nanos, String> {
        Ok(self.call(caller)?.1.site.nanos(1))
    }

    /// Adds an entry for the event under way; the key's trail from `from` on.
    pub(super) fn push(&mut self, caller: Caller, key: &str, entry: Entry, from: Nanos) -> Result<&Trail, String> {
        let rule = self.rules.get_mut(caller.rule).ok_or_else(lost)?;
        let before = rule.forgotten;
        rule.push(caller.call, key, entry, self.now, from);
        self.overfull += usize::from(before == 0 && rule.forgotten > 0);
        rule.calls.get(caller.call).and_then(|call| call.kept.latest_trail()).ok_or_else(lost)
    }

    /// The last value under a key from `from` on, and when it came.
    pub(super) fn last(&self, caller: Caller, key: &str, from: Nanos) -> Result<Option<(Nanos, &Item)>, String> {
        Ok(self.call(caller)?.1.kept.last(key, from))
    }

    /// Whether all that the call's answer is held against says the same of it and of whatever is greater (`upwards`) or
    /// less. Where it is used for more than that, nothing is settled.
    pub(super) fn is_settled(&self, caller: Caller, answer: f64, upwards: bool) -> Result<bool, String> {
        let against = &self.call(caller)?.1.site.against;
        Ok(!against.is_empty() && against.iter().all(|against| against.is_settled(answer, upwards)))
    }

    /// Whether something may have been missed since `from`: if so, why the call cannot tell.
    pub(super) fn whole(&self, caller: Caller, from: Nanos) -> Result<(), String> {
        self.whole_until(caller, from, self.now)
    }

    /// The same, until `to`.
    pub(super) fn whole_until(&self, caller: Caller, from: Nanos, to: Nanos) -> Result<(), String> {
        let (_, call) = self.call(caller)?;
        if self.hearing.has_hole(&call.topics, from, to) {
            return Err("Tocsin was not listening all the time".into());
        }
        Ok(())
    }

    /// When the call has learnt what is usual, counted from when its topics were first heard; `None` if it need not,
    /// since nothing says when that was.
    fn learned_at(&self, rule: &RuleMemory, call: &Call) -> Option<Nanos> {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let learn = rule.learn.unwrap_or_else(|| call.site.span().min(DAY));
        Some(self.hearing.began(&call.topics)?.saturating_add(as_nanos(learn)))
    }

    /// Whether `first_seen` has learnt what is usual: if not, until when it does.
    pub(super) fn learned(&self, caller: Caller) -> Result<(), String> {
        let (rule, call) = self.call(caller)?;
        let until = self.learned_at(rule, call).filter(|until| *until > self.now);
        match until.map(|until| Timestamp::from_nanosecond(until.into())) {
            Some(Ok(until)) => Err(format!("first_seen learns what is usual until {}.", until.strftime("%F %R UTC"))),
            _ => Ok(()),
        }
    }

    /// Since when all topics of the call are listened to: always, if nothing says otherwise.
    pub(super) fn began(&self, caller: Caller) -> Result<Nanos, String> {
        let (_, call) = self.call(caller)?;
        Ok(self.hearing.began(&call.topics).unwrap_or(Nanos::MIN))
    }

    /// How many marks the event under way has left, to be seen from the next on.
    pub fn marks_of_event(&self) -> usize {
        self.fresh.len()
    }

    /// Sets the call's mark, to be seen from the next event on.
    pub(super) fn mark(&mut self, caller: Caller, key: &str) -> Result<(), String> {
        let (rule, call) = self.call(caller)?;
        let name = call.site.mark().unwrap_or_default().to_owned();
        let mark = ((Arc::clone(&rule.folder), name), Arc::from(key));
        // Within an event it may be asked again.
        if !self.fresh.contains(&mark) {
            self.fresh.push(mark);
        }
        Ok(())
    }

    /// Whether the call's mark was set for this key at `from` or later.
    pub(super) fn marked(&self, caller: Caller, key: &str, from: Nanos) -> Result<bool, String> {
        let (rule, call) = self.call(caller)?;
        let name = call.site.mark().unwrap_or_default().to_owned();
        let kept = self.marks.get(&(Arc::clone(&rule.folder), name));
        Ok(kept.is_some_and(|kept| kept.last(key, from).is_some()))
    }

    /// How many rules let something go before its time, because it was too much.
    pub fn overfull(&self) -> usize {
        self.overfull
    }

    pub(super) fn count_overfull(&mut self) {
        self.overfull = self.rules.iter().filter(|rule| rule.forgotten > 0).count();
    }

    /// Roughly how much memory all of it takes, in bytes.
    pub fn bytes(&self) -> usize {
        let marks = self.marks.iter().map(|((_, name), kept)| name.len() + kept.bytes());
        self.rules.iter().map(RuleMemory::bytes).sum::<usize>() + marks.sum::<usize>()
    }
}

fn lost() -> String {
    "This call cannot remember where it stands.".into()
}

impl Call {
    fn at(mut self, position: Position) -> Self {
        self.site.position = position;
        self
    }
}

impl RuleMemory {
    /// How many keys and entries were let go before their time, because there were too many.
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// How many entries it has, under how many keys.
    pub fn size(&self) -> (usize, usize) {
        let each = self.calls.iter().map(|call| (call.kept.entries(), call.kept.keys()));
        each.fold((0, 0), |(entries, keys), (more, others)| (entries + more, keys + others))
    }

    /// Roughly how much memory it takes, in bytes.
    pub fn bytes(&self) -> usize {
        let calls = self.calls.iter().map(|call| {
            let id = call.site.id.function.len() + call.site.id.literals.iter().map(String::len).sum::<usize>();
            size_of::<Call>() + id + call.kept.bytes()
        });
        size_of::<Self>() + calls.sum::<usize>()
    }

    /// All its calls together: what one remembers may hang on what another answered.
    fn span(&self) -> Duration {
        self.calls.iter().map(|call| call.site.span()).sum()
    }

    fn push(&mut self, index: usize, key: &str, entry: Entry, now: Nanos, from: Nanos) {
        let Some(call) = self.calls.get_mut(index) else { return };
        self.beat += 1;
        call.kept.push(key, entry, now, from, self.beat);
        if call.kept.keys() > KEYS {
            call.kept.drop_oldest();
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
