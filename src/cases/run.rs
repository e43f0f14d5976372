//! A case on the real engine and lifecycle, with simulated time.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{
    Case, Cases, What,
    compare::{self, Line},
    coverage::Coverage,
};
use crate::{
    alert::{Change, ChangeKind, Lifecycle},
    event::{Event, EventId},
    functions::Lists,
    pipeline::{Engine, Step},
    rules::{RuleText, Severity},
    store::{Control, EngineSettings, Row, RowBody},
};

/// How many things may happen in a case. More is a mistake of the case.
const HAPPENINGS: usize = 1_000;

/// The order of what is expected is that in which it happens.
const ORDER: &str = "What is expected happened in another order: write it down in the order in which it happens.";

/// What an alert did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    pub what: What,
    pub key: Arc<str>,
    /// Since the beginning of the case.
    pub at: Duration,
    pub title: Arc<str>,
    pub body: Arc<str>,
    pub severity: Severity,
}

/// What came of a case.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    pub case: String,
    /// Where it begins in its file, from 1.
    pub line: u32,
    pub passed: bool,
    /// What happened beside what was expected, in order.
    pub story: Vec<Line>,
    /// What else there is to know: why the rule gave no answer, that only the order is another.
    pub notes: Vec<String>,
}

/// Runs one case of a rule.
pub fn run(rule: &RuleText, lists: &Lists, cases: &Cases, case: &Case) -> Verdict {
    play(rule, lists, cases, case, |_, _, _| {})
}

/// Runs one case of a rule, and notes which clauses it reaches.
pub fn run_covered(rule: &RuleText, lists: &Lists, cases: &Cases, case: &Case, coverage: &mut Coverage) -> Verdict {
    play(rule, lists, cases, case, |engine, event, now| {
        if let Some(explanation) = engine.explain(&rule.name, event, now) {
            coverage.note(&explanation);
        }
    })
}

/// `look` sees each event before the rule does.
fn play(
    rule: &RuleText,
    lists: &Lists,
    cases: &Cases,
    case: &Case,
    mut look: impl FnMut(&mut Engine, &Event, Timestamp),
) -> Verdict {
    let mut lists = lists.clone();
    for list in &cases.lists {
        lists.set(&list.name, list.entries.clone());
    }
    let mut running = Running::new(rule, lists, case);
    // The controls were row 1.
    for (seq, given) in (2..).zip(&case.events) {
        running.until(given.at, false);
        if running.is_over() {
            break;
        }
        let now = running.time(given.at);
        let mut event = given.event.clone();
        event.id = EventId { seq, record: 0 };
        event.received = now;
        // As decoding has it: a time that is not said, or not to be believed, reads as received.
        let believed = event.time.duration_since(now).abs() <= SignedDuration::from_hours(24);
        event.time = if believed { event.time } else { now };
        look(&mut running.engine, &event, now);
        let step = running.engine.take(vec![event], now);
        running.note(step);
    }
    running.until(case.end, true);
    let story = compare::compare(&case.expect, &running.happened);
    if compare::in_another_order(&case.expect, &running.happened, &story) {
        running.notes.insert(ORDER.to_owned());
    }
    let passed = !running.failed && story.iter().all(|line| line.side == compare::Side::Both);
    Verdict { case: case.name.clone(), line: case.line, passed, story, notes: running.notes.into_iter().collect() }
}

struct Running {
    engine: Engine,
    start: Timestamp,
    happened: Vec<Happening>,
    notes: BTreeSet<String>,
    failed: bool,
}

impl Running {
    fn new(rule: &RuleText, lists: Lists, case: &Case) -> Self {
        let mut engine = Engine::new(Lifecycle::new());
        let rules = vec![RuleText { enabled: true, ..rule.clone() }];
        let settings = EngineSettings { zone: case.zone.clone(), notifications: true };
        let controls = [Control::Settings(settings), Control::RuleSet { rules, lists, last_good: BTreeMap::new() }];
        for control in controls {
            engine.row(&Row { seq: 1, received: case.start, body: RowBody::Control(control) });
        }
        Self { engine, start: case.start, happened: Vec::new(), notes: BTreeSet::new(), failed: false }
    }

    fn time(&self, at: Duration) -> Timestamp {
        self.start.checked_add(at).unwrap_or(Timestamp::MAX)
    }

    fn is_over(&self) -> bool {
        self.happened.len() > HAPPENINGS
    }

    /// Lets time go by, from one deadline to the next: those before that moment, or also those at it.
    fn until(&mut self, at: Duration, inclusive: bool) {
        let limit = self.time(at);
        while let Some(deadline) = self.engine.next_deadline() {
            if self.is_over() || deadline > limit || (deadline == limit && !inclusive) {
                return;
            }
            let step = self.engine.row(&Row { seq: 0, received: deadline, body: RowBody::Tick });
            self.note(step);
        }
    }

    fn note(&mut self, step: Step) {
        for runaway in &step.runaways {
            self.failed = true;
            self.notes.insert(format!("The rule ran away: {}", runaway.reason));
        }
        for trouble in &step.troubles {
            self.failed |= trouble.fault;
            let what = if trouble.fault { "failed" } else { "could not tell" };
            self.notes.insert(format!("The rule {what}: {}.", trouble.message.trim_end_matches('.')));
        }
        for change in &step.changes {
            self.happened.extend(happening(change, self.start));
        }
        if self.is_over() && self.happened.len() - step.changes.len() <= HAPPENINGS {
            self.failed = true;
            self.notes.insert(format!("More than {HAPPENINGS} things happened; what follows is left out."));
        }
        self.engine.lifecycle_mut().forget_saved();
    }
}

fn happening(change: &Change, start: Timestamp) -> Option<Happening> {
    let what = match change.change {
        ChangeKind::Fired => What::Fires,
        ChangeKind::Reminded => What::Reminds,
        ChangeKind::Resolved => What::Resolves,
        _ => return None,
    };
    Some(Happening {
        what,
        key: change.key.clone(),
        at: change.time.duration_since(start).try_into().unwrap_or_default(),
        title: change.title.clone(),
        body: change.body.clone(),
        severity: change.severity,
    })
}
