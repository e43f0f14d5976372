//! How many events of the past each clause of a rule lets through.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{
    App,
    backtest::{self, Asked},
    lock, session,
};
use crate::{
    api::{ApiError, LetThrough, Response},
    pipeline::replay::{BacktestError, Through, through},
    rules::with_room,
    store::Reader,
};

/// Clauses are asked of so many events at most, the newest.
const EVENTS: u64 = 10_000;
/// And for so long; what was counted until then is told.
const LONGEST: Duration = Duration::from_secs(10);

/// Counts them; one that still runs is stopped.
pub async fn count(app: &App, asked: Asked) -> Result<Response, ApiError> {
    stop(app);
    let reader = match app.inner.session.read().await.as_ref() {
        Some(session) => session.read(Reader::another)?,
        None => return Err(super::answer::nothing_runs()),
    };
    let zone = session::engine_settings(&app.choices().settings).zone;
    let question = backtest::question(app, &asked, zone);
    let stopped = Arc::new(AtomicBool::new(false));
    *lock(&app.inner.through) = Some(Arc::clone(&stopped));
    let inner = Arc::clone(&app.inner);
    let counted = session::blocking(move || {
        let until = inner.clock.elapsed() + LONGEST;
        let is_over = || stopped.load(Ordering::Relaxed) || inner.clock.elapsed() >= until;
        let go_on = || if is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let found = with_room(|| through(&reader, &question, EVENTS, go_on));
        if stopped.load(Ordering::Relaxed) { None } else { Some(found.map(|found| told(&found))) }
    });
    match counted.await? {
        None => Err(ApiError::new("stopped", "Another text is tried meanwhile.")),
        Some(Ok(told)) => Ok(Response::LetThrough(told)),
        Some(Err(BacktestError::Rule(message))) => Err(ApiError::new("rule-errors", &message)),
        Some(Err(BacktestError::Store(error))) => Err(error.into()),
    }
}

/// Stops the one that runs, if one does.
pub fn stop(app: &App) {
    if let Some(stopped) = lock(&app.inner.through).take() {
        stopped.store(true, Ordering::Relaxed);
    }
}

fn told(found: &Through) -> LetThrough {
    let tally = found.tally.as_ref();
    LetThrough {
        events: u32::try_from(found.events).unwrap_or(u32::MAX),
        asked: tally.map_or(0, |tally| u32::try_from(tally.asked()).unwrap_or(u32::MAX)),
        from: found.from.into(),
        to: found.to.into(),
        cut: found.cut,
        lines: tally.map_or_else(Vec::new, |tally| tally.lines().map(Into::into).collect()),
        clauses: tally.map_or_else(Vec::new, |tally| tally.clauses().iter().map(Into::into).collect()),
    }
}
