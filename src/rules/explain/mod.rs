//! Why a rule did what it did with an event: clause by clause, with the values of their parts.
//!
//! Plain Rhai evaluates every clause, as of the event, and nothing that the rule remembers is changed by it.

mod answer;
mod note;
mod tally;
mod walk;

use std::{rc::Rc, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{RuleInfo, RuleSet, RuleStatus, clause, evaluate::Call, record::Record, room::with_room};
use crate::{diagnostic::Span, event::Event};

pub use super::clause::Joint;
pub use tally::{ClauseTally, LineTally, Tally};

/// The functions of a rule that are asked of an event, in their order: what it remembers, and its two conditions.
const CONDITIONS: [&str; 3] = ["remember", "resolved", "when"];

/// What a clause, or a whole condition, says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    True,
    False,
    /// Neither: the event lacks what it needs, or Tocsin did not hear all that it must know.
    CannotTell,
    /// Something before it decided already.
    NotReached,
}

/// A part of a clause and what it gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PartExplained {
    /// As it stands in the rule.
    pub text: String,
    /// As a rule would write it; `absent` for what is not there.
    pub value: String,
    /// If it remembers: how far back it looks.
    pub window: Option<String>,
    /// If it remembers: what it is compared with, `>= 5`, a constant as its value.
    pub needed: Option<String>,
    /// What else says why: the rates that a `spike` compares, the local time that a rule sees. Mostly empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[ts(as = "Option<String>", optional)]
    pub note: String,
}

/// A clause and what it gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ClauseExplained {
    /// As it stands in the rule.
    pub text: String,
    pub span: Span,
    pub joint: Joint,
    /// How many brackets that group clauses it stands in.
    pub depth: u32,
    /// The brackets that begin at it: `(`, or `!(` where what is in them is turned around.
    pub opens: String,
    /// How many of such brackets end at it.
    pub closes: u32,
    /// It calls a function of the rule, or names a condition, whose clauses follow, one level deeper.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(as = "Option<bool>", optional)]
    pub calls: bool,
    pub told: Told,
    /// Why it cannot tell, or was not reached; of a loop, whether it returned. Else empty.
    pub why: String,
    pub parts: Vec<PartExplained>,
}

/// One of the rule's two conditions, or what it remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Condition {
    /// `when`, `resolved` or `remember`.
    pub function: String,
    /// Of `remember`: whether it left a mark.
    pub told: Told,
    pub clauses: Vec<ClauseExplained>,
}

/// What came of the rule on the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "kebab-case")]
pub enum Came {
    Matched,
    NotMatched,
    /// Its `resolved` holds.
    Resolved,
    CannotTell,
    /// The rule is at fault.
    Failed,
    /// It took more steps than a rule may.
    RanAway,
    /// The rule does not run, or not on events of this kind.
    NotAsked,
}

/// Why a rule did what it did with an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Explanation {
    pub rule: String,
    /// The rule's own title.
    pub about: String,
    /// Names the event.
    pub event: String,
    pub kind: String,
    #[ts(type = "string")]
    pub received: Timestamp,
    /// When it happened, by the sender's account.
    #[ts(as = "Option<String>", optional)]
    pub happened: Timestamp,
    pub came: Came,
    /// Why, where the clauses do not say it.
    pub why: String,
    pub conditions: Vec<Condition>,
    /// The alert it is about, if it matched or resolved.
    pub key: Option<String>,
    pub title: Option<String>,
    pub body: Option<String>,
}

impl Explanation {
    /// Whether the rule matched.
    pub fn matched(&self) -> bool {
        self.came == Came::Matched
    }

    /// All clauses, of what it remembers and of both conditions.
    pub fn clauses(&self) -> impl Iterator<Item = &ClauseExplained> {
        self.conditions.iter().flat_map(|condition| &condition.clauses)
    }
}

impl RuleSet {
    /// The conditions of the rule at this place of [`RuleSet::rules`], of no event yet: what clauses it has. Empty if it
    /// does not run.
    pub fn conditions(&self, rule: usize) -> Vec<Condition> {
        let Some((script, text)) = self.running(rule) else { return Vec::new() };
        let functions = CONDITIONS.into_iter().filter(|function| script.has(function));
        let clauses = |function| answer::skipped(function, &clause::split(&script.ast, function, &text), "");
        with_room(|| functions.map(clauses).collect())
    }

    /// Explains what the rule at this place of [`RuleSet::rules`] does with an event received at `now` (engine time), if
    /// it is asked next. Nothing is changed by it. `None` if there is no such rule.
    pub fn explain(&mut self, rule: usize, event: &Event, now: Timestamp) -> Option<Explanation> {
        with_room(|| self.explained(rule, event, now))
    }

    fn explained(&mut self, rule: usize, event: &Event, now: Timestamp) -> Option<Explanation> {
        let info = self.infos.get(rule)?;
        let mut explanation = Explanation {
            rule: info.name.clone(),
            about: info.title.clone(),
            event: event.id.to_string(),
            kind: event.kind.name.to_owned(),
            received: now,
            happened: event.time,
            came: Came::NotAsked,
            why: String::new(),
            conditions: Vec::new(),
            key: None,
            title: None,
            body: None,
        };
        if let Some(why) = not_asked(info, event, now) {
            explanation.why = why;
            return Some(explanation);
        }
        let (script, text) = self.running(rule)?;
        let splits = CONDITIONS.map(|function| (function, clause::split(&script.ast, function, &text)));
        let surroundings = Rc::clone(&self.surroundings);
        let memory = &surroundings.memory;
        memory.borrow_mut().begin(now);
        let before = memory.borrow().lay_aside(rule)?;
        let record = Record(Rc::new(event.clone()));

        // What it does: the rule as it runs.
        let mut outcomes = Vec::new();
        let title = Arc::clone(&self.slots[rule].title);
        Call {
            host: &self.host,
            script: &script,
            memory,
            rule,
            title: &title,
            record: &record,
            outcomes: &mut outcomes,
            ran_away: false,
        }
        .run();
        memory.borrow_mut().put_back(rule, before.clone());
        answer::take(&mut explanation, outcomes);

        // Why: each clause by itself.
        self.host.engine.set_default_tag(rule as i64);
        let mut walk = walk::Walk {
            host: &self.host,
            script: &script,
            surroundings: &surroundings,
            memory,
            rule,
            record,
            values: true,
        };
        for (function, split) in splits.iter().filter(|(function, _)| script.has(function)) {
            let resolved = |last: &Condition| last.function == "resolved" && last.told == Told::True;
            let over = explanation.conditions.last().is_some_and(resolved);
            let condition = if over {
                answer::skipped(function, split, "fn resolved holds, and wins")
            } else if *function == "remember" {
                walk.remember(split)
            } else {
                walk.condition(function, split)
            };
            explanation.conditions.push(condition);
        }
        self.host.engine.set_default_tag(());
        memory.borrow_mut().put_back(rule, before);
        Some(explanation)
    }
}

/// Why a rule does not look at an event at all.
fn not_asked(info: &RuleInfo, event: &Event, now: Timestamp) -> Option<String> {
    if !info.enabled {
        return Some("The rule is switched off.".into());
    }
    if info.status == RuleStatus::Broken {
        return Some("The rule has errors and does not run. tocsin check shows them.".into());
    }
    if let Some(until) = info.paused_until.filter(|until| now < *until) {
        return Some(format!("The rule ran away and is paused until {}.", until.strftime("%F %T UTC")));
    }
    if !info.kinds.iter().any(|kind| kind.name == event.kind.name) {
        return Some(format!("The event is {}; the rule is on {}.", event.kind.name, info.on.join(", ")));
    }
    None
}
