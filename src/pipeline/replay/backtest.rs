//! One rule on a stretch of the log: when it would have fired, beside the version that is saved.

use std::ops::ControlFlow;

use jiff::Timestamp;

use super::{
    Deaf, Difference, Raised, Raising, Replay, a_day,
    deaf::Listened,
    read::{ROWS, ahead, holding},
    scope::{alone, back},
};
use crate::{
    alert::DIGEST,
    event::Topic,
    pipeline::{Ruling, engine::Step},
    store::{Reader, Row, RowBody, StoreError},
};

/// After so many progress is told, and it can be ended: few, since a rule may take its time with each event of each.
const SOME: usize = 8;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The rule's name.
    pub rule: String,
    /// All rules, the one in question with the text in question.
    pub rules: Ruling,
    /// All rules, the one in question as it is saved; `None`: it is new.
    pub saved: Option<Ruling>,
    /// The operator's zone (an IANA name), until the log says otherwise.
    pub zone: String,
    /// `None`: from the first row.
    pub from: Option<Timestamp>,
    /// That moment included; `None`: to the last row.
    pub to: Option<Timestamp>,
}

/// How far it has come.
#[derive(Clone, Debug)]
pub struct Progress<'a> {
    /// From 0 to 1.
    pub share: f64,
    /// The moment it has come to; the beginning while it looks at what the rule remembers from before.
    pub at: Timestamp,
    pub events: u64,
    /// What fired so far.
    pub raised: &'a [Raised],
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Backtest {
    /// Where the log begins, if that is later than was asked for.
    pub from: Timestamp,
    pub to: Timestamp,
    /// It was ended early; all below is of the stretch up to `to`.
    pub cancelled: bool,
    /// Events of the rule's topics that were looked at.
    pub events: u64,
    /// What of it was not heard, by the topics that the rule (in either version) listens to.
    pub deaf: Vec<Deaf>,
    pub now: Side,
    pub saved: Option<Side>,
    /// `None` when there is no saved version.
    pub difference: Option<Difference>,
}

/// What one version did.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// The first [`MOST_RAISED`](super::MOST_RAISED), in the order in which they fired.
    pub raised: Vec<Raised>,
    pub fired: u64,
    pub popups: u64,
    pub popups_a_day: f64,
    /// Events on which it could not tell.
    pub cannot_tell: u64,
    /// Events on which it failed, or ran away.
    pub failed: u64,
    /// Why, the first time that either happened; may be empty.
    pub trouble: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum BacktestError {
    /// There is no such rule, or it has errors.
    #[error("{0}")]
    Rule(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One version on its way through the log.
struct Playing {
    rule: String,
    replay: Replay,
    raising: Raising,
    side: Side,
}

/// Plays the stretch through the rule alone (and the rules whose marks it may see), with the silences, quiet hours and
/// snoozes of the log. It begins so far before the stretch that the rule remembers what it would have; nothing that
/// fired then counts. Only frames of the topics that matter are read. `tell` hears how far it is, and may end it.
///
/// # Errors
/// The rule cannot run, or the log cannot be read.
pub fn backtest(
    log: &Reader,
    question: &Question,
    mut tell: impl FnMut(&Progress<'_>) -> ControlFlow<()>,
) -> Result<Backtest, BacktestError> {
    let (rules, scope) = alone(&question.rules, &question.rule);
    let now = Playing::new(&question.rule, rules, &question.zone);
    now.replay.can_ask(&question.rule).map_err(BacktestError::Rule)?;
    let (saved, saved_scope) = question.saved.as_ref().map(|saved| alone(saved, &question.rule)).unzip();
    let saved = saved.map(|rules| Playing::new(&question.rule, rules, &question.zone));
    let mut sides = Sides { now, saved };
    let scope = scope.and(saved_scope.unwrap_or_default());
    let mut listened = Listened::to(&scope.own);

    let begin = log.first_since(question.from.unwrap_or(Timestamp::MIN))?;
    let start = question.from.map_or(Ok(begin), |from| log.first_since(back(from, scope.look_back)))?;
    let end = log.first_since(question.to.unwrap_or(Timestamp::MAX))?;
    let mut stretch: Option<(Timestamp, Timestamp)> = None;
    holding(log, start, |row| {
        listened.take_in(row);
        sides.row(row, false);
    })?;
    let (mut events, mut cancelled) = (0, false);
    ahead(log, start.saturating_sub(1), &scope.topics, |rows| {
        for (place, row) in rows.iter().enumerate() {
            if question.to.is_some_and(|to| row.received > to) {
                return ControlFlow::Break(());
            }
            listened.take_in(row);
            let counts = row.seq >= begin;
            let of_row = sides.row(row, counts);
            if counts {
                events += of_row;
                stretch = Some((stretch.map_or(row.received, |(first, _)| first), row.received));
            }
            if (place + 1).is_multiple_of(SOME) || place + 1 == rows.len() {
                let share = (row.seq.saturating_sub(start) as f64 / end.saturating_sub(start).max(1) as f64).min(1.0);
                let progress = Progress { share, at: row.received, events, raised: sides.now.raising.raised() };
                cancelled = tell(&progress).is_break();
                if cancelled {
                    return ControlFlow::Break(());
                }
            }
        }
        if rows.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    let (first, last) = stretch.unwrap_or_default();
    let from = question.from.unwrap_or(first).max(beginning(log)?.unwrap_or(first));
    let to = question.to.filter(|_| !cancelled).unwrap_or(last).max(from);
    if question.to.is_some() && !cancelled {
        sides.go_on(to);
    }
    let now = sides.now.end(from, to);
    let saved = sides.saved.map(|saved| saved.end(from, to));
    let difference = saved.as_ref().map(|saved| Difference::of(&now.raised, &saved.raised));
    let deaf = listened.deaf(from, to);
    Ok(Backtest { from, to, cancelled, events, deaf, now, saved, difference })
}

/// When the log begins: with its first row or, if the oldest ones were let go, with its first frame. Of what is no frame,
/// what still holds is kept, however old.
fn beginning(log: &Reader) -> Result<Option<Timestamp>, StoreError> {
    let (mut first, mut seq, mut before) = (None, 0, 0);
    loop {
        let rows = log.rows_of(&Topic::ALL, seq, ROWS)?;
        let Some(last) = rows.last() else { return Ok(first) };
        seq = last.seq;
        first = first.or(rows.first().map(|row| row.received));
        match rows.iter().position(|row| matches!(row.body, RowBody::Frame { .. })) {
            Some(place) if before + place as u64 + 1 < rows[place].seq => return Ok(Some(rows[place].received)),
            Some(_) => return Ok(first),
            None => before += rows.len() as u64,
        }
    }
}

/// Both versions, side by side through one pass.
struct Sides {
    now: Playing,
    saved: Option<Playing>,
}

impl Sides {
    /// Gives the number of the row's events.
    fn row(&mut self, row: &Row, counts: bool) -> u64 {
        if let Some(saved) = &mut self.saved {
            saved.row(row, counts);
        }
        self.now.row(row, counts)
    }

    fn go_on(&mut self, until: Timestamp) {
        self.now.go_on(until);
        if let Some(saved) = &mut self.saved {
            saved.go_on(until);
        }
    }
}

impl Playing {
    fn new(rule: &str, rules: Ruling, zone: &str) -> Self {
        Self {
            rule: rule.to_owned(),
            replay: Replay::with(rules, zone),
            raising: Raising::default(),
            side: Side::default(),
        }
    }

    /// Gives the number of its events.
    fn row(&mut self, row: &Row, counts: bool) -> u64 {
        let step = self.replay.row(row);
        if counts {
            self.take_in(&step);
        }
        step.events as u64
    }

    fn take_in(&mut self, step: &Step) {
        // Rules beside it only set marks for it.
        let about = |change: &&crate::alert::Change| *change.rule == *self.rule || *change.rule == *DIGEST;
        for change in step.changes.iter().filter(about) {
            self.raising.take_in(change);
        }
        for trouble in step.troubles.iter().filter(|trouble| *trouble.rule == *self.rule) {
            let count = if trouble.fault { &mut self.side.failed } else { &mut self.side.cannot_tell };
            *count += 1;
            if self.side.trouble.is_empty() {
                self.side.trouble.clone_from(&trouble.message);
            }
        }
        for runaway in step.runaways.iter().filter(|runaway| *runaway.rule == *self.rule) {
            self.side.failed += 1;
            if self.side.trouble.is_empty() {
                self.side.trouble.clone_from(&runaway.reason);
            }
        }
    }

    fn go_on(&mut self, until: Timestamp) {
        let mut steps = Vec::new();
        let taken: Result<(), std::convert::Infallible> = self.replay.go_on(Some(until), |step| {
            steps.push(step);
            Ok(())
        });
        let Ok(()) = taken;
        for step in &steps {
            self.take_in(step);
        }
    }

    fn end(self, from: Timestamp, to: Timestamp) -> Side {
        // A digest only tells of the others: it is a pop-up, and no firing of the rule.
        let raised: Vec<Raised> =
            self.raising.raised().iter().filter(|raised| *raised.rule != *DIGEST).cloned().collect();
        let digests = (self.raising.raised().len() - raised.len()) as u64;
        Side {
            fired: self.raising.fired().saturating_sub(digests),
            popups: self.raising.popups(),
            popups_a_day: a_day(self.raising.popups(), from, to),
            raised,
            ..self.side
        }
    }
}
