//! What the clauses of a rule said of many events: how often each was true, and how many events each line let through.

use std::{collections::BTreeMap, rc::Rc};

use jiff::Timestamp;
use serde::Serialize;

use super::{
    super::{
        RuleSet,
        clause::{self, Call, Logic, Split, Step},
        record::Record,
        room::with_room,
    },
    CONDITIONS, Condition, Told, not_asked,
    walk::Walk,
};
use crate::{
    diagnostic::Span,
    event::{Event, EventId},
};

/// A clause over many events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClauseTally {
    /// `when`, `resolved` or `remember`.
    pub function: String,
    /// As it stands in the rule.
    pub text: String,
    pub span: Span,
    pub holds: u64,
    pub fails: u64,
    pub cannot_tell: u64,
    /// The last event of which it was true, and of which it was false.
    pub held_by: Option<EventId>,
    pub failed_by: Option<EventId>,
    /// It, or a clause before it, hangs on what was heard earlier: an event alone does not make it so.
    pub remembers: bool,
}

/// The clauses that begin on a line, over many events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LineTally {
    pub line: u32,
    /// Events of which they said yes together; `if`: of which that holds.
    pub through: u64,
    pub stopped: u64,
    pub cannot_tell: u64,
    /// It is the condition of an `if`, which parts ways and keeps nothing back.
    pub parts: bool,
}

/// The clauses of a rule, taken apart once, and what they said so far.
pub struct Tally {
    rule: usize,
    conditions: Vec<(&'static str, Split, Vec<Role>)>,
    clauses: Vec<ClauseTally>,
    lines: BTreeMap<u32, LineTally>,
    asked: u64,
}

/// How a clause bears on what becomes of an event.
#[derive(Clone, Copy, Default)]
struct Role {
    /// It stands in what `!` turns around.
    turned: bool,
    /// It stands in the condition of an `if`.
    parts: bool,
}

impl Tally {
    /// The clauses in the order in which they are asked, each place of the text once.
    pub fn clauses(&self) -> &[ClauseTally] {
        &self.clauses
    }

    /// The lines on which clauses begin, from the top.
    pub fn lines(&self) -> impl Iterator<Item = LineTally> {
        self.lines.values().copied()
    }

    /// Of how many events it was asked.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    fn new(rule: usize, conditions: Vec<(&'static str, Split, Vec<Role>)>) -> Self {
        let mut tally = Self { rule, conditions, clauses: Vec::new(), lines: BTreeMap::new(), asked: 0 };
        for (function, split, roles) in &tally.conditions {
            let mut remembers = false;
            for (clause, role) in split.clauses.iter().zip(roles) {
                remembers |= clause.parts.iter().any(|part| part.window.is_some());
                let line =
                    tally.lines.entry(clause.span.line).or_insert(LineTally { parts: true, ..LineTally::default() });
                line.line = clause.span.line;
                line.parts &= role.parts;
                if tally.clauses.iter().any(|known| known.span == clause.span) {
                    continue;
                }
                tally.clauses.push(ClauseTally {
                    function: (*function).to_owned(),
                    text: clause.text.clone(),
                    span: clause.span,
                    holds: 0,
                    fails: 0,
                    cannot_tell: 0,
                    held_by: None,
                    failed_by: None,
                    remembers,
                });
            }
        }
        tally
    }

    fn note(&mut self, place: usize, condition: &Condition, event: EventId) {
        let Self { conditions, clauses, lines, .. } = self;
        let Some((_, _, roles)) = conditions.get(place) else { return };
        // What a line says of an event is what the last of its clauses that was asked says.
        let mut last: BTreeMap<u32, Told> = BTreeMap::new();
        for (clause, role) in condition.clauses.iter().zip(roles) {
            if clause.told == Told::NotReached {
                continue;
            }
            last.insert(clause.span.line, if role.turned { turned(clause.told) } else { clause.told });
            let Some(tally) = clauses.iter_mut().find(|known| known.span == clause.span) else { continue };
            match clause.told {
                Told::True => (tally.holds, tally.held_by) = (tally.holds + 1, Some(event)),
                Told::False => (tally.fails, tally.failed_by) = (tally.fails + 1, Some(event)),
                Told::CannotTell | Told::NotReached => tally.cannot_tell += 1,
            }
        }
        for (line, told) in last {
            let Some(tally) = lines.get_mut(&line) else { continue };
            match told {
                Told::True => tally.through += 1,
                Told::False => tally.stopped += 1,
                Told::CannotTell | Told::NotReached => tally.cannot_tell += 1,
            }
        }
    }
}

fn turned(told: Told) -> Told {
    match told {
        Told::True => Told::False,
        Told::False => Told::True,
        other => other,
    }
}

impl RuleSet {
    /// Nothing said so far, of the rule at this place of [`RuleSet::rules`]; `None` if it does not run.
    pub fn tally(&self, rule: usize) -> Option<Tally> {
        let (script, text) = self.running(rule)?;
        let taken_apart = |function| {
            let split = clause::split(&script.ast, function, &text);
            let roles = roles(function, &split);
            (function, split, roles)
        };
        let functions = CONDITIONS.into_iter().filter(|function| script.has(function));
        Some(Tally::new(rule, with_room(|| functions.map(taken_apart).collect())))
    }

    /// Notes what the clauses said of the event that was evaluated last, received at `now`: of what they remember they
    /// are told the same as then, and nothing is remembered twice.
    pub fn note(&mut self, tally: &mut Tally, event: &Event, now: Timestamp) {
        let Some(info) = self.infos.get(tally.rule) else { return };
        let Some((script, _)) = self.running(tally.rule).filter(|_| not_asked(info, event, now).is_none()) else {
            return;
        };
        let surroundings = Rc::clone(&self.surroundings);
        self.host.engine.set_default_tag(tally.rule as i64);
        let mut walk = Walk {
            host: &self.host,
            script: &script,
            surroundings: &surroundings,
            memory: &surroundings.memory,
            rule: tally.rule,
            record: Record(Rc::new(event.clone())),
            values: false,
        };
        tally.asked += 1;
        with_room(|| {
            for place in 0..tally.conditions.len() {
                let Some((function, split, _)) = tally.conditions.get(place) else { break };
                let keeps = *function == "remember";
                let condition = if keeps { walk.remember(split) } else { walk.condition(function, split) };
                tally.note(place, &condition, event.id);
                // A condition that holds wins: nothing after it is asked.
                if !keeps && condition.told == Told::True {
                    break;
                }
            }
        });
        self.host.engine.set_default_tag(());
        surroundings.memory.borrow_mut().unmark();
    }
}

/// How each clause of a function bears on what becomes of an event.
fn roles(function: &str, split: &Split) -> Vec<Role> {
    let mut roles = vec![Role::default(); split.clauses.len()];
    of_steps(&split.steps, &mut roles);
    // What is remembered keeps nothing back.
    for role in roles.iter_mut().filter(|_| function == "remember") {
        role.parts = true;
    }
    roles
}

fn of_steps(steps: &[Step], roles: &mut [Role]) {
    for step in steps {
        match step {
            Step::Value(logic) | Step::Return(Some(logic)) => of_logic(logic, Role::default(), roles),
            Step::If(condition, then, otherwise) => {
                of_logic(condition, Role { parts: true, turned: false }, roles);
                of_steps(then, roles);
                of_steps(otherwise, roles);
            }
            // It keeps nothing back before the name is asked.
            Step::Name(named) => {
                roles[named.clause].parts = true;
                of_logic(&named.value, Role { parts: true, turned: false }, roles);
            }
            Step::Through(_) | Step::Run(_) | Step::Return(None) | Step::Nothing => {}
        }
    }
}

fn of_logic(logic: &Logic, role: Role, roles: &mut [Role]) {
    match logic {
        Logic::Clause(clause) => roles[*clause] = role,
        Logic::Call(Call { clause, steps, .. }) => {
            roles[*clause] = role;
            of_steps(steps, roles);
        }
        Logic::Constant(_) => {}
        // A clause, or a call, is told with the `!` before it.
        Logic::Not(inner) if inner.clause().is_some() => of_logic(inner, role, roles),
        Logic::Not(inner) => of_logic(inner, Role { turned: !role.turned, ..role }, roles),
        Logic::And(all) | Logic::Or(all) => all.iter().for_each(|one| of_logic(one, role, roles)),
    }
}
