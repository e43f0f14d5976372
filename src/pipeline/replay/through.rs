//! How many events of a stretch of the log each clause of a rule lets through.

use std::{collections::VecDeque, ops::ControlFlow};

use jiff::Timestamp;

use super::{
    BacktestError, Question, Replay,
    read::{ahead, holding},
    scope::{alone, back},
};
use crate::{
    decode,
    event::{Kind, Reading},
    pipeline::engine::{Engine, Step},
    rules::explain::Tally,
    store::{Reader, Row, RowBody},
};

/// After so many rows it can be ended.
const SOME: usize = 8;

/// What the clauses said.
pub struct Through {
    /// Nothing was asked, if the rule cannot be taken apart.
    pub tally: Option<Tally>,
    /// Events of the rule's kinds in the stretch.
    pub events: u64,
    /// When the first of those that were counted was received, and the last.
    pub from: Timestamp,
    pub to: Timestamp,
    /// It was ended early: events after `to` were not counted.
    pub cut: bool,
}

/// Plays the stretch through the rule, and asks each of its clauses of the newest events of its kinds, `most` of them or
/// a frame more. The saved version is not asked. `go_on` may end it.
///
/// # Errors
/// The rule cannot run, or the log cannot be read.
pub fn through(
    log: &Reader,
    question: &Question,
    most: u64,
    mut go_on: impl FnMut() -> ControlFlow<()>,
) -> Result<Through, BacktestError> {
    let (rules, scope) = alone(&question.rules, &question.rule);
    let mut replay = Replay::with(rules, &question.zone);
    replay.can_ask(&question.rule).map_err(BacktestError::Rule)?;
    let Some(rule) = replay.engine.rules().rules().iter().position(|info| info.name == question.rule) else {
        return Err(BacktestError::Rule(format!("There is no rule \"{}\".", question.rule)));
    };
    let kinds = replay.engine.rules().rules()[rule].kinds.clone();
    let mut tally = replay.engine.rules().tally(rule);

    let begin = log.first_since(question.from.unwrap_or(Timestamp::MIN))?;
    let is_over = |row: &Row| question.to.is_some_and(|to| row.received > to);
    // Which rows hold the newest.
    let (mut newest, mut held, mut events, mut cut) = (VecDeque::new(), 0, 0, false);
    ahead(log, begin.saturating_sub(1), &scope.own, |rows| {
        for row in &rows {
            if is_over(row) {
                return ControlFlow::Break(());
            }
            let here = of_kinds(row, &kinds);
            if here > 0 {
                newest.push_back((row.seq, row.received, here));
                (held, events) = (held + here, events + here);
            }
            while newest.front().is_some_and(|(_, _, first)| held - first >= most) {
                held -= newest.pop_front().map_or(0, |(_, _, first)| first);
            }
        }
        cut = go_on().is_break();
        if rows.is_empty() || cut { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    let Some(&(first, from, _)) = newest.front().filter(|_| !cut) else {
        let now = question.to.unwrap_or_default();
        return Ok(Through { tally, events, from: now, to: now, cut });
    };

    let start = log.first_since(back(from, scope.look_back))?.min(first);
    holding(log, start, |row| {
        replay.row(row);
    })?;
    let mut to = from;
    ahead(log, start.saturating_sub(1), &scope.topics, |rows| {
        for (place, row) in rows.iter().enumerate() {
            if is_over(row) {
                return ControlFlow::Break(());
            }
            match &mut tally {
                Some(tally) if row.seq >= first && of_kinds(row, &kinds) > 0 => {
                    replay.counted(row, tally);
                    to = row.received;
                }
                _ => _ = replay.row(row),
            }
            if place.is_multiple_of(SOME) && go_on().is_break() {
                cut = true;
                return ControlFlow::Break(());
            }
        }
        if rows.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(Through { tally, events, from, to, cut })
}

/// How many events of these kinds there are in a row.
fn of_kinds(row: &Row, kinds: &[&'static Kind]) -> u64 {
    let RowBody::Frame { topic, bytes } = &row.body else { return 0 };
    let Ok(look) = decode::look(Some(*topic), row.seq, row.received, bytes) else { return 0 };
    let wanted = |kind: &Kind| kinds.iter().any(|wanted| wanted.name == kind.name);
    look.glances().filter(|glance| wanted(glance.kind())).count() as u64
}

impl Replay {
    /// Takes in the next row, and notes what the clauses say of each of its events.
    fn counted(&mut self, row: &Row, tally: &mut Tally) {
        self.played(row, |engine| counted(engine, row, tally));
    }
}

fn counted(engine: &mut Engine, row: &Row, tally: &mut Tally) -> Step {
    let RowBody::Frame { topic, bytes } = &row.body else { return engine.row(row) };
    let Ok(events) = decode::frame(Some(*topic), row.seq, row.received, bytes) else { return engine.row(row) };
    let mut all = Step::default();
    for event in events {
        let asked = event.clone();
        let step = engine.take(vec![event], row.received);
        engine.rules_mut().note(tally, &asked, row.received);
        all.runaways.extend(step.runaways);
        all.changes.extend(step.changes);
        all.events += step.events;
    }
    all
}
