//! A log played through the engine again: the same rows and the same rules give the same changes.

mod backtest;
mod deaf;
mod difference;
mod explain;
mod lines;
mod raised;
mod read;
mod scope;
mod through;

use std::sync::Arc;

use jiff::Timestamp;

pub use backtest::{Backtest, BacktestError, Progress, Question, Side, backtest};
pub use deaf::Deaf;
pub use difference::Difference;
pub use explain::{Consequence, Explained, Standing};
pub use lines::{BadLine, JsonLines, exported};
pub use raised::{MOST_RAISED, Raised, Raising, a_day};
pub use scope::{Scope, alone, back};
pub use through::{Through, through};

use super::{
    engine::{Engine, Step},
    recall,
    ruling::Ruling,
};
use crate::{
    alert::{Change, Lifecycle},
    event::Topic,
    store::{Control, EngineSettings, Reader, Row, RowBody, StoreError},
};

/// An engine that is given the rows of a log, one after the other.
pub struct Replay {
    engine: Engine,
    /// The rules were given, and those of the log do not count.
    instead: bool,
    /// What is said before the first row.
    begin: Vec<Control>,
    /// The last row's number and stamp.
    last: Option<(u64, Timestamp)>,
}

impl Replay {
    /// With the rules that ran when the log was written. Give it the rows of a database by [`Replay::row_of`], so that
    /// rules that were changed look back at the rows before, as they did then.
    pub fn as_it_was() -> Self {
        Self { engine: Engine::new(Lifecycle::new()), instead: false, begin: Vec::new(), last: None }
    }

    /// With these rules from the beginning, in the place of the log's own. `zone` (an IANA name) is the operator's until
    /// the log says otherwise; a name that is none counts as UTC.
    pub fn with(rules: Ruling, zone: &str) -> Self {
        let mut replay = Self { instead: true, ..Self::as_it_was() };
        let settings = EngineSettings { zone: zone.to_owned(), notifications: true };
        replay.engine.restore(Some(&settings), Some(rules.clone()));
        let rules = Control::RuleSet { rules: rules.rules, lists: rules.lists, last_good: rules.good };
        replay.begin = vec![Control::Settings(settings), rules];
        replay
    }

    /// The rules begin when the log does: what they wait for counts from there.
    pub(super) fn begin_at(&mut self, received: Timestamp) {
        for control in std::mem::take(&mut self.begin) {
            self.engine.row(&Row { seq: 0, received, body: RowBody::Control(control) });
            // Whatever there is to remember is still to come.
            self.engine.remember_from_here();
        }
    }

    /// The engine as of the last row.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Takes in the next row of a database. Timers due before it run first.
    ///
    /// # Errors
    /// An earlier row, which a changed rule looks back at, cannot be read.
    pub fn row_of(&mut self, row: &Row, log: &Reader) -> Result<Step, StoreError> {
        let step = self.row(row);
        if !self.instead {
            recall::warm(log, &mut self.engine, row)?;
        }
        Ok(step)
    }

    /// Takes in the next row, of a log that brings no rules of its own. Timers due before it run first.
    pub fn row(&mut self, row: &Row) -> Step {
        self.played(row, |engine| engine.row(row))
    }

    /// Takes in the next row by letting `play` give it to the engine.
    fn played(&mut self, row: &Row, play: impl FnOnce(&mut Engine) -> Step) -> Step {
        self.begin_at(row.received);
        let mut changes = self.time_before(row);
        self.last = Some((row.seq, row.received));
        if self.instead && is_about_rules(&row.body) {
            return Step { changes, ..Step::default() };
        }
        let mut step = play(&mut self.engine);
        if !changes.is_empty() {
            changes.append(&mut step.changes);
            step.changes = changes;
        }
        if self.instead {
            // Live, the pipeline appends these rows; a log that was played with other rules does not have them.
            let mut seen: Vec<Arc<str>> = Vec::new();
            for runaway in &step.runaways {
                if seen.contains(&runaway.rule) {
                    continue;
                }
                seen.push(runaway.rule.clone());
                let pause = Control::RulePaused {
                    rule: runaway.rule.clone(),
                    until: Some(runaway.until),
                    reason: runaway.reason.as_str().into(),
                };
                let paused = self.engine.row(&Row { body: RowBody::Control(pause), ..*row });
                step.changes.extend(paused.changes);
                step.rules_changed |= paused.rules_changed;
            }
        }
        self.engine.lifecycle_mut().forget_saved();
        step
    }

    /// Live, a tick stands in the log wherever a timer was due while somebody listened. A log that was written with other
    /// rules has none for the timers of these: without, a pop-up would seem to have been due while nobody was there.
    fn time_before(&mut self, row: &Row) -> Vec<Change> {
        let mut changes = Vec::new();
        if !self.instead || self.engine.lifecycle().deaf().count() == Topic::ALL.len() {
            return changes;
        }
        while let Some(deadline) = self.engine.next_deadline().filter(|deadline| *deadline < row.received) {
            let received = deadline.max(self.last.map_or(deadline, |(_, received)| received));
            let tick = Row { seq: self.last.map_or(0, |(seq, _)| seq), received, body: RowBody::Tick };
            changes.extend(self.engine.row(&tick).changes);
        }
        changes
    }

    /// Lets time go on after the last row, from one deadline to the next, and hands over each step; an error of `take`
    /// ends it. With `until`, timers due at it are included. Without it, time goes on until nothing is due but reminders
    /// of states that only an event ends: those would go on for ever.
    pub fn go_on<E>(&mut self, until: Option<Timestamp>, mut take: impl FnMut(Step) -> Result<(), E>) -> Result<(), E> {
        while let Some(limit) = until.or_else(|| self.engine.last_deadline()) {
            while let Some(deadline) = self.engine.next_deadline().filter(|deadline| *deadline <= limit) {
                let (seq, received) = self.last.unwrap_or((0, deadline));
                let tick = Row { seq, received: deadline.max(received), body: RowBody::Tick };
                take(self.row(&tick))?;
            }
            if until.is_some() {
                break;
            }
        }
        Ok(())
    }
}

/// Rows that other rules make void: which rules there are, and that one of them ran away.
fn is_about_rules(row: &RowBody) -> bool {
    matches!(row, RowBody::Control(Control::RuleSet { .. } | Control::RulePaused { until: Some(_), .. }))
}
