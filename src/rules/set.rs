//! All rules together: compiled, routed by kind, each with its state.

use std::{cell::RefCell, collections::HashMap, rc::Rc, sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    RuleInfo, RuleStatus, RuleText,
    beyond::Beyond,
    engine::{Host, Natives},
    evaluate::bounded_title,
    expected,
    folder::stands_in,
    lower::{self, Lowering, Plan},
    room::with_room,
    script::{self, Compiled, Script},
    sifted::Sifted,
    titles,
    words::EXPECTED,
};
use crate::{
    diagnostic::{Diagnostic, Level},
    event::catalogue,
    functions::{Lists, Surroundings, remember::RuleMemory},
};

/// How long a rule that ran away is paused the first time; then twice as long, each time.
const FIRST_PAUSE: Duration = Duration::from_mins(1);
/// The longest pause. A rule that ran for so long since its last pause begins anew.
pub const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// What came of one rule on one event. `rule` is its place in [`RuleSet::rules`].
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Match {
        rule: usize,
        key: Arc<str>,
        title: Arc<str>,
        body: Arc<str>,
    },
    /// The state that the rule watches is over for this key.
    Resolved {
        rule: usize,
        key: Arc<str>,
    },
    /// The event lacks something, or holds it otherwise than the rule needs: neither matched nor failed.
    CannotTell {
        rule: usize,
        reason: String,
    },
    /// It ran away and is to be paused until then; say so with [`RuleSet::pause`].
    Runaway {
        rule: usize,
        reason: String,
        until: Timestamp,
    },
    /// The rule is at fault. If `title`, `body` or `key` failed, the match stands beside it with defaults.
    Failed {
        rule: usize,
        message: String,
        line: Option<u32>,
    },
}

/// The compiled rules. Not `Send`: it lives on the thread of the pipeline.
pub struct RuleSet {
    pub(super) host: Host,
    pub(super) surroundings: Rc<Surroundings>,
    pub(super) infos: Vec<RuleInfo>,
    pub(super) slots: Vec<Slot>,
    /// By kind, the enabled rules that run on it, in name order.
    pub(super) routes: HashMap<&'static str, Vec<usize>>,
    /// The same rules without Rhai, as far as that goes; by the kind's number.
    pub(super) plans: Vec<Option<Plan>>,
    /// Every rule is asked in Rhai, for comparison.
    pub(super) plain: bool,
    /// Where texts of alerts are put together.
    pub(super) scratch: RefCell<String>,
    /// For events by themselves; kept for its room.
    pub(super) sifted: Sifted,
}

/// What belongs to one rule beside what is shown of it.
#[derive(Clone)]
pub(super) struct Slot {
    pub(super) script: Option<Rc<Script>>,
    /// What its alerts say where it says nothing of its own.
    pub(super) title: Arc<str>,
    /// The text that `script` was made from.
    running_text: Rc<str>,
    /// What others have to say of its file.
    beyond: Rc<Beyond>,
    pub(super) pause: Option<Pause>,
}

#[derive(Clone, Copy)]
pub(super) struct Pause {
    pub until: Timestamp,
    /// How many in a row, this one included.
    pub times: u32,
}

impl RuleSet {
    /// Compiles the rules. Never fails as a whole: a rule that does not compile keeps the version it had in `previous`,
    /// or does not run. A pause is kept while the same
    /// version runs, and what a call remembers while the rule has that call, wherever it stands.
    pub fn compile(texts: &[RuleText], lists: Lists, zone: TimeZone, previous: Option<&Self>) -> Self {
        with_room(|| Self::compiled(texts, lists, zone, previous))
    }

    fn compiled(texts: &[RuleText], lists: Lists, zone: TimeZone, previous: Option<&Self>) -> Self {
        let surroundings = Rc::new(Surroundings::new(lists, zone));
        let host = Host::new(&surroundings);
        let natives = host.natives();
        let mut texts: Vec<&RuleText> = texts.iter().collect();
        texts.sort_by(|one, other| one.name.cmp(&other.name));
        texts.dedup_by(|one, other| one.name == other.name);
        let mut set = Self {
            host,
            surroundings,
            infos: Vec::new(),
            slots: Vec::new(),
            routes: HashMap::new(),
            plans: Vec::new(),
            plain: false,
            scratch: RefCell::default(),
            sifted: Sifted::default(),
        };
        if let Some(previous) = previous {
            *set.surroundings.memory.borrow_mut() = previous.surroundings.memory.borrow().successor();
        }
        for rule in &texts {
            let earlier = previous.and_then(|set| set.infos.iter().position(|info| info.name == rule.name));
            let earlier = earlier.and_then(|index| previous.map(|set| (&set.slots[index], set.remembered(index))));
            let (earlier, remembered) = earlier.unzip();
            set.add(rule, earlier, remembered.flatten(), &natives);
        }
        set.surroundings.memory.borrow_mut().link();
        let named: Vec<(String, &str)> = texts.iter().map(|rule| (rule.name.clone(), &*rule.text)).collect();
        for (rule, finding) in titles::told_apart(&named) {
            set.infos[rule].diagnostics.push(finding);
        }
        set.look_for_marks();
        set.plan();
        set
    }

    /// Adds what there is to say of windows if the log keeps rows for so long; nothing if that is not known.
    pub fn with_log_of(mut self, keeps: Option<Duration>) -> Self {
        for (info, slot) in self.infos.iter_mut().zip(&self.slots) {
            info.diagnostics.extend(keeps.map(|keeps| slot.beyond.longer_than(keeps)).unwrap_or_default());
            in_order(&mut info.diagnostics);
        }
        self
    }

    /// Marks are for the rules of one folder.
    fn look_for_marks(&mut self) {
        let folders: Vec<String> = self.infos.iter().map(|info| stands_in(&info.name).to_owned()).collect();
        for (rule, info) in self.infos.iter_mut().enumerate() {
            let here = folders.iter().zip(&self.slots).filter(|(folder, _)| **folder == folders[rule]);
            info.diagnostics.extend(self.slots[rule].beyond.unset(here.map(|(_, slot)| &*slot.beyond)));
            in_order(&mut info.diagnostics);
        }
    }

    /// From now on every rule is asked in Rhai on every event of its kinds: what lowering is held to.
    pub fn in_plain_rhai(mut self) -> Self {
        self.plain = true;
        self
    }

    /// Lowers the rules, kind by kind.
    fn plan(&mut self) {
        let lists = &self.surroundings.lists;
        self.plans = catalogue::kinds().iter().map(|_| None).collect();
        for (kind, route) in &self.routes {
            let Some(kind) = catalogue::kind(kind) else { continue };
            let scripts: Vec<(usize, &Script)> =
                route.iter().filter_map(|rule| Some((*rule, &**self.slots[*rule].script.as_ref()?))).collect();
            self.plans[catalogue::number(kind)] = Some(Plan::of(kind, &scripts, lists));
        }
        for (info, slot) in self.infos.iter_mut().zip(&self.slots) {
            info.lowering = slot.script.as_ref().map(|script| lower::lowering(script, lists)).unwrap_or_default();
        }
    }

    /// What a rule remembers. One that is switched off has missed what came since: it begins anew.
    fn remembered(&self, rule: usize) -> Option<RuleMemory> {
        self.surroundings.memory.borrow().rule(rule).filter(|_| self.infos[rule].enabled).cloned()
    }

    fn add(&mut self, rule: &RuleText, earlier: Option<&Slot>, remembered: Option<RuleMemory>, natives: &Natives) {
        let compiled = script::compile(&self.host, natives, &self.surroundings.lists, &rule.text);
        let (status, running) = match (compiled.script, earlier.and_then(|slot| slot.script.clone())) {
            (Some(script), _) => (RuleStatus::Running, Some(script)),
            (None, Some(last)) => (RuleStatus::LastGood, Some(last)),
            (None, None) => (RuleStatus::Broken, None),
        };
        let settings = running.as_ref().map_or(&compiled.settings, |script| &script.settings);
        let (title, doc) = script::doc(&rule.text);
        let index = self.infos.len();
        if rule.enabled && running.is_some() {
            for kind in &settings.kinds {
                self.routes.entry(kind.name).or_default().push(index);
            }
        }
        let same = |slot: &&Slot| status == RuleStatus::LastGood || *slot.running_text == *rule.text;
        let pause = earlier.filter(same).and_then(|slot| slot.pause);
        self.infos.push(RuleInfo {
            title: title.unwrap_or_else(|| plain_title(&rule.name)),
            name: rule.name.clone(),
            doc,
            severity: settings.policy.severity,
            on: settings.on.clone(),
            kinds: settings.kinds.clone(),
            policy: settings.policy.clone(),
            diagnostics: compiled.findings,
            status,
            enabled: rule.enabled,
            paused_until: pause.map(|pause| pause.until),
            learns_until: None,
            looks_back: compiled.beyond.longest(),
            forgotten: remembered.as_ref().map_or(0, RuleMemory::forgotten),
            expected: Vec::new(),
            lowering: Lowering::default(),
        });
        let calls =
            running.as_ref().filter(|_| rule.enabled).map(|script| script.calls(&rule.name)).unwrap_or_default();
        self.surroundings.memory.borrow_mut().add(calls, remembered);
        let surroundings = running.as_ref().map(|script| script.surroundings()).unwrap_or_default();
        self.surroundings.rules.borrow_mut().push(surroundings);
        let running_text = match (status, earlier) {
            (RuleStatus::LastGood, Some(slot)) => Rc::clone(&slot.running_text),
            _ => rule.text.as_str().into(),
        };
        let title = bounded_title(&self.infos[index].title);
        let beyond = compiled.beyond.into();
        self.slots.push(Slot { script: running, title, running_text, beyond, pause });
        if rule.enabled {
            self.ask_what_is_expected(index);
        }
    }

    fn ask_what_is_expected(&mut self, rule: usize) {
        let (Some(script), info) = (&self.slots[rule].script, &mut self.infos[rule]) else { return };
        match expected::ask(&self.host, script, rule, &info.title) {
            Ok(expected) => info.expected = expected,
            // The checker may have seen it in the text.
            Err(_) if info.diagnostics.iter().any(|finding| finding.code == "expected") => {}
            Err(message) => info.diagnostics.push(Diagnostic {
                code: "expected".into(),
                severity: Level::Warning,
                message,
                help: "Write fn expected() so that it gives a list of keys, such as list(\"our-aps\").".into(),
                span: script::place_of(&self.slots[rule].running_text, EXPECTED),
                label: String::new(),
            }),
        }
    }

    /// What there is to know of each rule, in name order.
    pub fn rules(&self) -> &[RuleInfo] {
        &self.infos
    }

    /// The text of the version of a rule that runs: an earlier one, if its file has errors now.
    pub fn running_text(&self, rule: &str) -> Option<&str> {
        let index = self.infos.iter().position(|info| info.name == rule)?;
        self.slots[index].script.as_ref().map(|_| &*self.slots[index].running_text)
    }

    /// The version of a rule that runs, and its text.
    pub(super) fn running(&self, rule: usize) -> Option<(Rc<Script>, Rc<str>)> {
        let slot = self.slots.get(rule)?;
        Some((Rc::clone(slot.script.as_ref()?), Rc::clone(&slot.running_text)))
    }

    /// The lists that the rules were compiled with.
    pub fn lists(&self) -> &Lists {
        &self.surroundings.lists
    }

    /// Stops a rule until then. Each pause soon after another counts, so that the next is twice as long.
    pub fn pause(&mut self, rule: &str, until: Timestamp) {
        let Some(index) = self.infos.iter().position(|info| info.name == rule) else { return };
        let last = self.slots[index].pause;
        if last.is_some_and(|last| last.until == until) {
            return; // said twice
        }
        let times = last.filter(|last| !is_over(*last, until)).map_or(0, |last| last.times) + 1;
        self.slots[index].pause = Some(Pause { until, times });
        self.infos[index].paused_until = Some(until);
    }

    /// Lets a paused rule run again, as if it had never been paused.
    pub fn resume(&mut self, rule: &str) {
        if let Some(index) = self.infos.iter().position(|info| info.name == rule) {
            self.slots[index].pause = None;
            self.infos[index].paused_until = None;
        }
    }
}

impl Slot {
    pub(super) fn is_paused(&self, now: Timestamp) -> bool {
        self.pause.is_some_and(|pause| now < pause.until)
    }
}

/// How long the next pause of a rule is.
pub(super) fn next_pause(last: Option<Pause>, now: Timestamp) -> Duration {
    let times = last.filter(|last| !is_over(*last, now)).map_or(0, |last| last.times);
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(times)).min(LONGEST_PAUSE)
}

/// Whether the last pause is so long ago that it does not count any more.
fn is_over(last: Pause, now: Timestamp) -> bool {
    now.duration_since(last.until) > LONGEST_PAUSE.saturating_mul(2).try_into().unwrap_or_default()
}

/// A title for a rule without a doc line: its name, in words.
fn plain_title(name: &str) -> String {
    let words = name.rsplit('/').next().unwrap_or(name).replace(['-', '_'], " ");
    let mut characters = words.chars();
    characters.next().map_or(words.clone(), |first| first.to_uppercase().chain(characters).collect())
}

/// As the findings stand in the file.
pub(super) fn in_order(findings: &mut [Diagnostic]) {
    findings.sort_by_key(|finding| (finding.span.line, finding.span.column, finding.severity));
}

/// Checks one text as a rule, without running it: what `tocsin check` and the editor show. `keeps` is how long the log
/// keeps rows, if that is known.
pub fn check(text: &str, lists: &Lists, keeps: Option<Duration>) -> Vec<Diagnostic> {
    check_beside(text, None, lists, keeps)
}

/// The same beside the texts of the rules of its folder, itself among them: a mark that none of them sets is told.
pub fn check_with(text: &str, folder: Vec<String>, lists: &Lists, keeps: Option<Duration>) -> Vec<Diagnostic> {
    check_beside(text, Some(&|| folder.clone()), lists, keeps)
}

/// The same with the texts of the rules of its folder, itself among them, for the marks that they set for it.
pub(super) fn check_beside(
    text: &str,
    folder: Option<&dyn Fn() -> Vec<String>>,
    lists: &Lists,
    keeps: Option<Duration>,
) -> Vec<Diagnostic> {
    with_room(|| checked(text, folder, lists, keeps))
}

fn checked(
    text: &str,
    folder: Option<&dyn Fn() -> Vec<String>>,
    lists: &Lists,
    keeps: Option<Duration>,
) -> Vec<Diagnostic> {
    let host = Host::new(&Rc::new(Surroundings::new(lists.clone(), TimeZone::UTC)));
    let natives = host.natives();
    let Compiled { mut findings, beyond, .. } = script::compile(&host, &natives, lists, text);
    if let Some(folder) = folder.filter(|_| beyond.asks_for_marks()) {
        let compile = |text: String| script::compile(&host, &natives, lists, &text).beyond;
        let folder: Vec<Beyond> = folder().into_iter().map(compile).collect();
        findings.extend(beyond.unset(folder.iter()));
    }
    findings.extend(keeps.map(|keeps| beyond.longer_than(keeps)).unwrap_or_default());
    in_order(&mut findings);
    findings
}
