//! The rules that run on one kind of event, lowered and indexed.

use super::{
    Answer, Lowering, Named, Seen,
    condition::Condition,
    index::Index,
    named,
    template::Template,
    tree::{Tree, body, parameter},
};
use crate::{
    event::{Kind, Peek, Reading},
    functions::Lists,
    rules::script::Script,
};

/// The rules of one kind.
#[derive(Default)]
pub(in crate::rules) struct Plan {
    rules: Vec<Planned>,
    index: Index,
    /// The rules found for the event under way.
    found: Vec<u32>,
}

/// A rule and what of it runs without Rhai.
struct Planned {
    /// Its place among all rules.
    rule: usize,
    lowered: Option<Lowered>,
}

/// What of a rule runs without Rhai.
pub(in crate::rules) struct Lowered {
    /// The clauses at the head of `when`.
    when: Vec<Condition>,
    /// They are all of it.
    complete: bool,
    /// All of `resolved`, where the rule has it.
    resolved: Option<Condition>,
    key: Words,
    title: Words,
    body: Words,
}

/// One of the texts of an alert.
enum Words {
    /// The rule does not say it.
    Default,
    Template(Template),
    Rhai,
}

/// What is known of a rule on an event without asking Rhai.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Verdict {
    Nothing,
    Match,
    Resolved,
    /// Rhai is to be asked.
    Ask,
}

impl Plan {
    /// The plan for events of a kind, of rules in their order.
    pub fn of(kind: &'static Kind, rules: &[(usize, &Script)], lists: &Lists) -> Self {
        let lower = |(rule, script): &(usize, &Script)| Planned { rule: *rule, lowered: lower(script, kind, lists) };
        let mut rules: Vec<Planned> = rules.iter().map(lower).collect();
        let clauses =
            |(number, planned): (usize, &Planned)| (number as u32, Lowered::handles(planned.lowered.as_ref()));
        let clauses: Vec<(u32, Vec<Condition>)> = rules.iter().enumerate().map(clauses).collect();
        let clauses: Vec<(u32, &[Condition])> = clauses.iter().map(|(rule, clauses)| (*rule, &clauses[..])).collect();
        let (index, answered) = Index::of(&clauses);
        for (planned, clause) in rules.iter_mut().zip(answered) {
            if let (Some(lowered), Some(clause)) = (&mut planned.lowered, clause) {
                lowered.when.remove(clause);
            }
        }
        Self { index, rules, found: Vec::new() }
    }

    /// Finds the rules that an event can match, in their order.
    pub fn find<R: Reading>(&mut self, seen: &Seen<R>) -> usize {
        self.index.find(seen, &mut self.found);
        self.found.len()
    }

    /// One of those that were found: its place among all rules, and what of it runs without Rhai.
    pub fn found(&self, number: usize) -> Option<(usize, Option<&Lowered>)> {
        let planned = self.rules.get(*self.found.get(number)? as usize)?;
        Some((planned.rule, planned.lowered.as_ref()))
    }
}

impl Lowered {
    /// What is known of an event.
    pub fn judge<R: Reading>(&self, seen: &Seen<R>) -> Verdict {
        if let Some(resolved) = &self.resolved {
            match resolved.ask(seen) {
                Answer::Yes => return Verdict::Resolved,
                Answer::No => {}
                Answer::Unclear => return Verdict::Ask,
            }
        }
        let other = self.when.iter().map(|clause| clause.ask(seen)).find(|answer| *answer != Answer::Yes);
        match other {
            Some(Answer::No) => Verdict::Nothing,
            None if self.complete => Verdict::Match,
            _ => Verdict::Ask,
        }
    }

    /// The key; `None`: Rhai is to be asked.
    pub fn key<R: Reading>(&self, seen: &Seen<R>) -> Option<String> {
        self.key.write(seen, " ", || {
            let kind = seen.kind();
            let parts: Vec<String> = kind.identity.iter().map(|field| said(seen, field)).collect::<Option<_>>()?;
            let key = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
            Some(if key.is_empty() { kind.name.to_owned() } else { key })
        })
    }

    /// The title, which is `otherwise` where the rule does not say one.
    pub fn title<R: Reading>(&self, seen: &Seen<R>, otherwise: &str) -> Option<String> {
        self.title.write(seen, " ", || Some(otherwise.to_owned()))
    }

    /// The body.
    pub fn body<R: Reading>(&self, seen: &Seen<R>) -> Option<String> {
        self.body.write(seen, ", ", || {
            let mut told = Vec::new();
            for field in seen.kind().telling {
                let value = said(seen, field)?;
                if !value.is_empty() {
                    told.push(format!("{field} {value}"));
                }
            }
            Some(told.join(", "))
        })
    }

    /// The clauses that a rule may be found by.
    fn handles(lowered: Option<&Self>) -> Vec<Condition> {
        let Some(lowered) = lowered.filter(|lowered| lowered.resolved.is_none()) else { return Vec::new() };
        lowered.when.iter().take_while(|clause| clause.is_total()).cloned().collect()
    }
}

impl Words {
    fn of(script: &Script, function: &str, tree: &dyn Fn(&str, &rhai::Expr) -> Option<Template>) -> Self {
        if !script.has(function) {
            return Self::Default;
        }
        let Some(event) = parameter(&script.ast, function) else { return Self::Rhai };
        match body(&script.ast, function, |expression| tree(&event, expression)) {
            Some(Some(template)) => Self::Template(template),
            _ => Self::Rhai,
        }
    }

    fn write<R: Reading>(
        &self,
        seen: &Seen<R>,
        between: &str,
        otherwise: impl FnOnce() -> Option<String>,
    ) -> Option<String> {
        match self {
            Self::Default => otherwise(),
            Self::Template(template) => {
                let text = template.write(seen, between)?;
                if text.trim().is_empty() { otherwise() } else { Some(text) }
            }
            Self::Rhai => None,
        }
    }
}

/// A field in words, as alerts have it that say nothing of their own; empty where it is not there. `None`: the whole event
/// is to be looked at.
fn said<R: Reading>(seen: &Seen<R>, field: &str) -> Option<String> {
    let Named::At(place) = named(seen.kind(), field) else { return None };
    match &*seen.peek(place) {
        Peek::Absent => Some(String::new()),
        Peek::Bool(truth) => Some(if *truth { "yes" } else { "no" }.to_owned()),
        Peek::Int(number) => Some(number.to_string()),
        Peek::Float(_) | Peek::Held(_) => None,
        Peek::Text(text) => Some(text.to_string()),
    }
}

fn lower(script: &Script, kind: &'static Kind, lists: &Lists) -> Option<Lowered> {
    // What is to be remembered of every event is Rhai's.
    if script.has("remember") {
        return None;
    }
    let condition = |function: &str| {
        let event = parameter(&script.ast, function)?;
        body(&script.ast, function, |expression| Tree { script, lists, kind, event: &event }.clauses(expression))
    };
    let resolved = if script.has("resolved") {
        let clauses = condition("resolved").filter(|clauses| clauses.stopped.is_none())?;
        Some(Condition::All(clauses.conditions))
    } else {
        None
    };
    let when = condition("when")?;
    if when.conditions.is_empty() && resolved.is_none() {
        return None;
    }
    let template =
        |event: &str, expression: &rhai::Expr| Template::of(&Tree { script, lists, kind, event }, expression);
    let words = |function| Words::of(script, function, &template);
    Some(Lowered {
        complete: when.stopped.is_none(),
        when: when.conditions,
        resolved,
        key: words("key"),
        title: words("title"),
        body: words("body"),
    })
}

/// How much of a rule is lowered, over all kinds it runs on: the least of them.
pub(in crate::rules) fn lowering(script: &Script, lists: &Lists) -> Lowering {
    if script.has("remember") {
        return Lowering::None("fn remember runs for every event".to_owned());
    }
    let mut least = Lowering::Whole;
    for kind in &script.settings.kinds {
        for function in ["resolved", "when"].into_iter().filter(|function| script.has(function)) {
            let Some(event) = parameter(&script.ast, function) else { continue };
            let tree = Tree { script, lists, kind, event: &event };
            match body(&script.ast, function, |expression| tree.clauses(expression)) {
                None => return Lowering::None(format!("fn {function} is more than one expression")),
                Some(clauses) => match clauses.stopped {
                    Some(why) if clauses.conditions.is_empty() || function == "resolved" => return Lowering::None(why),
                    Some(why) => least = Lowering::Part(why),
                    None => {}
                },
            }
        }
    }
    least
}
