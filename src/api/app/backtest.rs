//! A rule tried on the past, beside the version that is saved.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;

use super::{App, board, lock, rules, session, through};
use crate::{
    alert::{DIGEST, Reason},
    api::{
        ApiError, BacktestChange, BacktestEnd, BacktestFire, BacktestNews, BacktestSide, Gap, Millis, Push, Response,
    },
    pipeline::{
        Ruling,
        replay::{Backtest, BacktestError, Deaf, Progress, Question, Raised, Side, backtest},
    },
    rules::{RuleSet, RuleStatus, RuleText, with_room},
    store::Reader,
};

/// How many alerts of a side are told.
const FIRES: usize = 2_000;
/// The window is told no more often than this.
const TELL_EVERY: Duration = Duration::from_millis(100);
/// How many that differ are told.
const DIFFERENT: usize = 500;

/// What is asked, as the request has it.
pub struct Asked {
    pub run: u32,
    pub rule: String,
    pub text: String,
    pub from: Option<Millis>,
    pub to: Option<Millis>,
}

/// Begins one, in a thread of its own with a reader of its own; one that still runs is stopped. What comes of it is
/// pushed.
pub async fn start(app: &App, asked: Asked) -> Result<Response, ApiError> {
    stop(app);
    let reader = match app.inner.session.read().await.as_ref() {
        Some(session) => session.read(Reader::another)?,
        None => return Err(super::answer::nothing_runs()),
    };
    let zone = session::engine_settings(&app.choices().settings).zone;
    let question = question(app, &asked, zone);
    // Said at once, so that the editor need not wait for a push.
    let asked_rule = (question.rule.clone(), question.rules.clone());
    session::blocking(move || can_run(&asked_rule.0, &asked_rule.1)).await??;
    let stopped = Arc::new(AtomicBool::new(false));
    *lock(&app.inner.backtest) = Some(Arc::clone(&stopped));
    let (app, run) = (app.clone(), asked.run);
    tokio::task::spawn_blocking(move || {
        let mut teller = Teller { app: &app, run, told: 0, last: Duration::ZERO };
        let ended = with_room(|| {
            backtest(&reader, &question, |progress| {
                teller.tell(progress);
                if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
        });
        teller.end(ended);
    });
    Ok(Response::Done)
}

/// Stops the one that runs, if one does: it ends with what it has. What counts clauses must not slow the next, and is
/// stopped as well.
pub fn stop(app: &App) {
    through::stop(app);
    if let Some(stopped) = lock(&app.inner.backtest).take() {
        stopped.store(true, Ordering::Relaxed);
    }
}

pub(super) fn question(app: &App, asked: &Asked, zone: String) -> Question {
    let saved = rules::ruling(&app.loaded(), &app.choices().rules_off);
    let known = saved.rules.iter().any(|known| known.name == asked.rule);
    let mut rules = saved.clone();
    rules.rules.retain(|known| known.name != asked.rule);
    rules.rules.push(RuleText { name: asked.rule.as_str().into(), text: asked.text.clone(), enabled: true });
    let now = app.inner.clock.now();
    let time = |millis: Millis| Timestamp::from_millisecond(millis.0).unwrap_or(now);
    Question {
        rule: asked.rule.clone(),
        rules,
        // A saved version with errors has nothing to be compared with.
        saved: (known && can_run(&asked.rule, &saved).is_ok()).then_some(saved),
        zone,
        from: asked.from.map(time),
        // What is still to come is not known.
        to: asked.to.map(|to| time(to).min(now)),
    }
}

fn can_run(rule: &str, ruling: &Ruling) -> Result<(), ApiError> {
    let one: Vec<RuleText> = ruling.rules.iter().filter(|known| known.name == rule).cloned().collect();
    let set = RuleSet::compile(&one, ruling.lists.clone(), jiff::tz::TimeZone::UTC, None);
    match set.rules().first() {
        Some(info) if info.status == RuleStatus::Broken => Err(broken()),
        _ => Ok(()),
    }
}

fn broken() -> ApiError {
    ApiError::new("rule-errors", "The rule has errors and cannot be tried on the past.")
        .help("Mend what is underlined first.")
}

/// Tells the window of one run.
struct Teller<'a> {
    app: &'a App,
    run: u32,
    /// How many alerts it was told of.
    told: usize,
    /// When it was told last, by the clock's running time.
    last: Duration,
}

impl Teller<'_> {
    fn tell(&mut self, progress: &Progress<'_>) {
        let now = self.app.inner.clock.elapsed();
        if now.saturating_sub(self.last) < TELL_EVERY {
            return;
        }
        self.last = now;
        let fires: Vec<BacktestFire> = progress
            .raised
            .iter()
            .take(FIRES)
            .skip(self.told)
            .filter(|raised| *raised.rule != *DIGEST)
            .map(fire)
            .collect();
        self.told = progress.raised.len().min(FIRES);
        self.app.push(Push::Backtest(BacktestNews {
            run: self.run,
            share: progress.share,
            at: progress.at.into(),
            events: count(progress.events),
            fired: progress.raised.iter().filter(|raised| *raised.rule != *DIGEST).count() as u32,
            fires,
            end: None,
        }));
    }

    fn end(self, ended: Result<Backtest, BacktestError>) {
        let (events, end) = match ended {
            Ok(ended) => (ended.events, told(ended)),
            Err(BacktestError::Rule(message)) => (0, failed(ApiError::new("rule-errors", &message))),
            Err(BacktestError::Store(error)) => (0, failed(error.into())),
        };
        self.app.push(Push::Backtest(BacktestNews {
            run: self.run,
            share: 1.0,
            at: end.to,
            events: count(events),
            fired: end.now.fired,
            fires: Vec::new(),
            end: Some(end),
        }));
    }
}

fn told(ended: Backtest) -> BacktestEnd {
    let difference = ended.difference.unwrap_or_default();
    let few = |raised: &[Raised]| raised.iter().take(DIFFERENT).map(fire).collect();
    let changed = difference.changed.iter().take(DIFFERENT);
    BacktestEnd {
        problem: None,
        cancelled: ended.cancelled,
        from: ended.from.into(),
        to: ended.to.into(),
        deaf: ended.deaf.iter().map(gap).collect(),
        now: side(&ended.now),
        saved: ended.saved.as_ref().map(side),
        gained: few(&difference.gained),
        lost: few(&difference.lost),
        changed: changed.map(|(now, saved)| BacktestChange { now: fire(now), saved: fire(saved) }).collect(),
        gained_count: difference.gained.len() as u32,
        lost_count: difference.lost.len() as u32,
        changed_count: difference.changed.len() as u32,
        same: count(difference.same),
    }
}

fn failed(problem: ApiError) -> BacktestEnd {
    BacktestEnd {
        problem: Some(problem),
        cancelled: false,
        from: Millis(0),
        to: Millis(0),
        deaf: Vec::new(),
        now: side(&Side::default()),
        saved: None,
        gained: Vec::new(),
        lost: Vec::new(),
        changed: Vec::new(),
        gained_count: 0,
        lost_count: 0,
        changed_count: 0,
        same: 0,
    }
}

fn side(side: &Side) -> BacktestSide {
    BacktestSide {
        fires: side.raised.iter().take(FIRES).map(fire).collect(),
        fired: count(side.fired),
        popups: count(side.popups),
        popups_a_day: side.popups_a_day,
        cannot_tell: count(side.cannot_tell),
        failed: count(side.failed),
        trouble: side.trouble.clone(),
    }
}

fn gap(deaf: &Deaf) -> Gap {
    let topic = deaf.coverage.topic;
    let reason = format!("{topic}: {}", board::gap_words(&deaf.coverage));
    Gap { from: deaf.from.into(), to: deaf.to.map(Into::into), reason }
}

fn fire(raised: &Raised) -> BacktestFire {
    BacktestFire {
        time: raised.fired.into(),
        key: raised.key.to_string(),
        severity: raised.severity,
        title: raised.title.to_string(),
        body: raised.body.to_string(),
        event: raised.event.map(|event| event.to_string()),
        resolved: raised.resolved.map(Into::into),
        reminders: raised.reminders,
        popups: raised.popups,
        withheld: Reason::named(&raised.withheld).map_or("", Reason::words).to_owned(),
    }
}

fn count(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
