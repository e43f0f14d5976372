//! The rules that run on one kind of event, lowered, with the columns that find them.

use std::sync::Arc;

use super::{
    Answer, Lowering, Named, Place, Seen,
    columns::Columns,
    condition::Condition,
    inline,
    left::{Left, LeftEvent},
    named,
    seen::Fields,
    template::{self, Template},
    tree::{Tree, parameter},
    turn::Turn,
};
use crate::{
    event::{FieldType, Kind, Reading, Readings},
    functions::Lists,
    rules::{
        evaluate::{bounded_body, bounded_key, bounded_title},
        script::Script,
    },
};

/// The rules of one kind.
#[derive(Default)]
pub(in crate::rules) struct Plan {
    rules: Vec<Planned>,
    columns: Columns,
    turn: Turn,
}

/// A rule and what of it runs without Rhai.
struct Planned {
    /// Its place among all rules.
    rule: usize,
    lowered: Option<Lowered>,
}

/// What of a rule runs without Rhai.
pub(in crate::rules) struct Lowered {
    /// The clauses at the head of `when`, but those that a column answers.
    when: Vec<Condition>,
    /// Clauses that a column answers, with its number: asked only where it cannot say.
    answered: Vec<(usize, Condition)>,
    /// They are all of it.
    complete: bool,
    /// All of `remember`, where the rule has it.
    remember: Option<Condition>,
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
        let lower =
            |(rule, script): &(usize, &Script)| Planned { rule: *rule, lowered: lower(*rule, script, kind, lists) };
        let mut rules: Vec<Planned> = rules.iter().map(lower).collect();
        let clauses: Vec<&[Condition]> = rules.iter().map(|rule| Lowered::handles(rule.lowered.as_ref())).collect();
        let is_float = |place: Place| match place {
            Place::Field(place) => kind.fields.get(place).is_some_and(|field| field.ty == FieldType::Float),
            _ => false,
        };
        let (columns, answered) = Columns::of(&clauses, is_float);
        for (planned, answered) in rules.iter_mut().zip(answered) {
            if let Some(lowered) = &mut planned.lowered {
                lowered.set_aside(&answered);
            }
        }
        Self { columns, rules, turn: Turn::default() }
    }

    /// Adds to `left` the events that a rule can match, as far as their fields tell at a glance.
    pub fn sift<B: Readings>(&mut self, events: &B, left: &mut Left) {
        self.columns.sift(events, &mut self.turn, left);
    }

    /// Adds all of them.
    pub fn leave_all<B: Readings>(&self, events: &B, left: &mut Left) {
        self.columns.leave_all(events, left);
    }

    /// The rules that are left for an event, in their order: the place of each among all rules, and what of it runs without
    /// Rhai.
    pub fn left<'p>(&'p self, left: &'p Left, of: LeftEvent) -> impl Iterator<Item = (usize, Option<&'p Lowered>)> {
        left.rules(of).filter_map(|rule| self.rules.get(rule)).map(|planned| (planned.rule, planned.lowered.as_ref()))
    }
}

impl Lowered {
    /// What is known of an event that was left.
    pub fn judge<R: Reading>(&self, seen: &Seen<R>, left: &Left, of: LeftEvent) -> Verdict {
        if let Some(remember) = &self.remember
            && remember.ask(seen) == Answer::Unclear
        {
            return Verdict::Ask;
        }
        if let Some(resolved) = &self.resolved {
            match resolved.ask(seen) {
                Answer::Yes => return Verdict::Resolved,
                Answer::No => {}
                Answer::Unclear => return Verdict::Ask,
            }
        }
        let again = self.answered.iter().filter(|(column, _)| left.is_unclear(of, *column));
        let clauses = again.map(|(_, clause)| clause).chain(&self.when);
        match clauses.map(|clause| clause.ask(seen)).find(|answer| *answer != Answer::Yes) {
            Some(Answer::No) => Verdict::Nothing,
            None if self.complete => Verdict::Match,
            _ => Verdict::Ask,
        }
    }

    /// The key; `None`: Rhai is to be asked.
    pub fn key<R: Reading>(&self, seen: &Seen<R>) -> Option<Arc<str>> {
        self.key.write(seen, " ", bounded_key, || {
            let key = seen.key.get_or_init(|| {
                let kind = seen.kind();
                let write = |key: &mut String| {
                    for field in kind.identity {
                        let before = key.len();
                        if before > 0 {
                            key.push(' ');
                        }
                        let between = key.len();
                        said(seen, field, key)?;
                        if key.len() == between {
                            key.truncate(before);
                        }
                    }
                    Some(())
                };
                seen.past.of_text(write, |key| if key.is_empty() { kind.name.into() } else { bounded_key(key) })
            });
            key.clone()
        })
    }

    /// The title, which is `otherwise` where the rule does not say one.
    pub fn title<R: Reading>(&self, seen: &Seen<R>, otherwise: &Arc<str>) -> Option<Arc<str>> {
        self.title.write(seen, " ", bounded_title, || Some(Arc::clone(otherwise)))
    }

    /// The body.
    pub fn body<R: Reading>(&self, seen: &Seen<R>) -> Option<Arc<str>> {
        self.body.write(seen, ", ", bounded_body, || {
            let body = seen.body.get_or_init(|| {
                let write = |body: &mut String| {
                    for field in seen.kind().telling {
                        let before = body.len();
                        if before > 0 {
                            body.push_str(", ");
                        }
                        body.push_str(field);
                        body.push(' ');
                        let between = body.len();
                        said(seen, field, body)?;
                        if body.len() == between {
                            body.truncate(before);
                        }
                    }
                    Some(())
                };
                seen.past.of_text(write, bounded_body)
            });
            body.clone()
        })
    }

    /// The clauses that a rule may be found by.
    fn handles(lowered: Option<&Self>) -> &[Condition] {
        // What has more to do than to ask `when` is asked on every event.
        let alone = |lowered: &&Self| lowered.resolved.is_none() && lowered.remember.is_none();
        let Some(lowered) = lowered.filter(alone) else { return &[] };
        let total = lowered.when.iter().take_while(|clause| clause.is_total()).count();
        &lowered.when[..total]
    }

    /// Sets the clauses aside that columns answer, given for each of the first clauses.
    fn set_aside(&mut self, answered: &[Option<usize>]) {
        let mut answered = answered.iter().copied();
        for clause in std::mem::take(&mut self.when) {
            match answered.next().flatten() {
                Some(column) => self.answered.push((column, clause)),
                None => self.when.push(clause),
            }
        }
    }
}

impl Words {
    fn of(script: &Script, function: &str, tree: &dyn Fn(&str, &rhai::Expr) -> Option<Template>) -> Self {
        if !script.has(function) {
            return Self::Default;
        }
        let Some(event) = parameter(&script.ast, function) else { return Self::Rhai };
        match inline::whole(script, function).and_then(|expression| tree(&event, &expression)) {
            Some(template) => Self::Template(template),
            _ => Self::Rhai,
        }
    }

    fn write<R: Reading>(
        &self,
        seen: &Seen<R>,
        between: &str,
        bounded: fn(&str) -> Arc<str>,
        otherwise: impl FnOnce() -> Option<Arc<str>>,
    ) -> Option<Arc<str>> {
        match self {
            Self::Default => otherwise(),
            Self::Template(template) => {
                let bounded = |text: &str| if text.trim().is_empty() { None } else { Some(bounded(text)) };
                seen.past.of_text(|text| template.write(seen, between, text), bounded)?.or_else(otherwise)
            }
            Self::Rhai => None,
        }
    }
}

/// Adds a field in words, as alerts have it that say nothing of their own; nothing where it is not there. `None`: the whole
/// event is to be looked at.
fn said<R: Reading>(seen: &Seen<R>, field: &str, text: &mut String) -> Option<()> {
    let Named::At(place) = named(seen.kind(), field) else { return None };
    template::add(&seen.peek(place), ["no", "yes"], text)
}

fn lower(rule: usize, script: &Script, kind: &'static Kind, lists: &Lists) -> Option<Lowered> {
    let condition = |function: &str| {
        let event = parameter(&script.ast, function)?;
        let expression = inline::whole(script, function)?;
        Some(Tree { rule, script, lists, kind, event: &event }.clauses(&expression))
    };
    // Of these all or nothing.
    let whole = |function: &str| {
        if !script.has(function) {
            return Some(None);
        }
        let clauses = condition(function).filter(|clauses| clauses.stopped.is_none())?;
        Some(Some(Condition::All(clauses.conditions)))
    };
    let (remember, resolved) = (whole("remember")?, whole("resolved")?);
    let when = condition("when")?;
    if when.conditions.is_empty() && resolved.is_none() && remember.is_none() {
        return None;
    }
    let template =
        |event: &str, expression: &rhai::Expr| Template::of(&Tree { rule, script, lists, kind, event }, expression);
    let words = |function| Words::of(script, function, &template);
    Some(Lowered {
        complete: when.stopped.is_none(),
        when: when.conditions,
        answered: Vec::new(),
        remember,
        resolved,
        key: words("key"),
        title: words("title"),
        body: words("body"),
    })
}

/// How much of a rule is lowered, over all kinds it runs on: the least of them.
pub(in crate::rules) fn lowering(script: &Script, lists: &Lists) -> Lowering {
    let mut least = Lowering::Whole;
    for kind in &script.settings.kinds {
        for function in ["remember", "resolved", "when"].into_iter().filter(|function| script.has(function)) {
            let Some(event) = parameter(&script.ast, function) else { continue };
            let tree = Tree { rule: 0, script, lists, kind, event: &event };
            match inline::whole(script, function).map(|expression| tree.clauses(&expression)) {
                None => return Lowering::None(format!("fn {function} is more than one expression")),
                Some(clauses) => match clauses.stopped {
                    Some(why) if clauses.conditions.is_empty() || function != "when" => return Lowering::None(why),
                    Some(why) => least = Lowering::Part(why),
                    None => {}
                },
            }
        }
    }
    least
}
