//! Clauses that never hold together, though each says something else: of one text, or of fields that no event has at once.

use rhai::{Dynamic, Expr, FnCallExpr};

use super::{COMMON, Checker, compare::field_name, links, written::is_question};
use crate::{event::Kind, functions::remember};

/// What a clause says of one value, as far as it can be held against another clause.
#[derive(Clone, Debug)]
enum Says {
    /// It is one of these texts.
    Is(Vec<String>),
    Begins(String),
    Ends(String),
    Holds(String),
    /// It is there, and not empty.
    There,
    /// It is absent or empty.
    Nothing,
}

impl Says {
    /// Whether both never hold of one value; where both say which texts it is, that is told elsewhere.
    fn contradicts(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Is(_), Self::Is(_)) | (Self::Nothing, Self::Nothing) => false,
            (Self::Is(texts), other) | (other, Self::Is(texts)) => !texts.iter().any(|text| other.fits(text)),
            (Self::Nothing, _) | (_, Self::Nothing) => true,
            (Self::Begins(one), Self::Begins(other)) => !one.starts_with(other) && !other.starts_with(one),
            (Self::Ends(one), Self::Ends(other)) => !one.ends_with(other) && !other.ends_with(one),
            _ => false,
        }
    }

    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Is(texts) => texts.iter().any(|known| known == text),
            Self::Begins(part) => text.starts_with(part),
            Self::Ends(part) => text.ends_with(part),
            Self::Holds(part) => text.contains(part),
            Self::There => !text.is_empty(),
            Self::Nothing => text.is_empty(),
        }
    }
}

impl Checker<'_> {
    /// Clauses of `&&` of which two never hold of one event. Those that contradict each other plainly have been told.
    pub(super) fn together(&mut self, clauses: &[&Expr], event: Option<&str>) {
        let clauses: Vec<&Expr> = clauses.iter().copied().filter(|clause| !self.is_wrong(clause)).collect();
        let mut said: Vec<(&Expr, String, Says)> = Vec::new();
        let mut possible: Vec<(&Expr, Vec<&'static Kind>)> = Vec::new();
        for clause in clauses {
            if let Some((about, says)) = self.says(clause, event) {
                let against = said.iter().find(|(_, of, before)| *of == about && before.contradicts(&says));
                if let Some((against, ..)) = against {
                    self.never_together(clause, against, "");
                }
                said.push((clause, about, says));
            }
            if let Some(kinds) = self.possible(clause, event) {
                let of_both = |before: &[&'static Kind]| kinds.iter().any(|kind| has(before, kind));
                if let Some((against, _)) = possible.iter().find(|(_, before)| !of_both(before)) {
                    self.never_together(clause, against, ": no kind of event has both");
                }
                possible.push((clause, kinds));
            }
        }
    }

    fn never_together(&mut self, clause: &Expr, against: &Expr, why: &str) {
        let span = self.source.whole(clause);
        if self.findings.iter().any(|finding| finding.code == "contradiction" && finding.span == span) {
            return;
        }
        let message = format!("This never holds together with {}{why}.", self.quoted(against));
        self.warning("contradiction", clause, message, "Write || between them, or take one out.");
    }

    /// What a clause says of one value.
    fn says(&self, clause: &Expr, event: Option<&str>) -> Option<(String, Says)> {
        let written = |value: &Expr| self.as_written(value, event);
        if let Some(says) = self.part_said(clause, event) {
            return Some(says);
        }
        match clause {
            Expr::FnCall(call, _) => match (call.name.as_str(), &call.args[..]) {
                ("!", [Expr::FnCall(inner, _)]) => match (inner.name.as_str(), &inner.args[..]) {
                    ("present", [value]) => Some((written(value), Says::Nothing)),
                    _ => None,
                },
                // Of what is absent as well is_empty() holds.
                ("!", [inner @ Expr::Dot(..)]) => match self.part_said(inner, event) {
                    Some((about, Says::Nothing)) => Some((about, Says::There)),
                    _ => None,
                },
                ("present", [value]) => Some((written(value), Says::There)),
                ("cidr" | "in_list", [_, value]) => Some((written(value), Says::There)),
                ("==", [one, other]) => match (self.constant_value(one), self.constant_value(other)) {
                    (None, Some(constant)) => Some((written(one), is(&[constant])?)),
                    (Some(constant), None) => Some((written(other), is(&[constant])?)),
                    _ => None,
                },
                ("contains", [list, value]) => {
                    let list = self.constant_value(list)?.into_array().ok()?;
                    Some((written(value), is(&list)?))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// `value.starts_with("x")` and its like, `"x" in value`, `value.is_empty()`.
    fn part_said(&self, clause: &Expr, event: Option<&str>) -> Option<(String, Says)> {
        let (about, call, part) = match clause {
            Expr::Dot(..) => {
                let links = links::links(clause);
                let [.., Expr::MethodCall(call, at)] = links[..] else { return None };
                (self.before(clause, *at, event), call, call.args.first())
            }
            Expr::FnCall(call, _) => match &call.args[..] {
                [of, part] => (self.as_written(of, event), call, Some(part)),
                _ => return None,
            },
            _ => return None,
        };
        if call.name == "is_empty" && call.args.is_empty() {
            return Some((about, Says::Nothing));
        }
        let text = self.constant_text(part?).filter(|text| is_question(&call.name) && !text.is_empty())?;
        let says = match call.name.as_str() {
            "starts_with" => Says::Begins(text),
            "ends_with" => Says::Ends(text),
            _ => Says::Holds(text),
        };
        Some((about, says))
    }

    /// The kinds of event that a clause may hold for; `None` if it says nothing of that.
    fn possible(&self, clause: &Expr, event: Option<&str>) -> Option<Vec<&'static Kind>> {
        let all = || self.kinds.to_vec();
        match clause {
            Expr::And(clauses, _) => {
                let each = clauses.iter().filter_map(|clause| self.possible(clause, event));
                each.reduce(|one, other| one.into_iter().filter(|kind| has(&other, kind)).collect())
            }
            Expr::Or(clauses, _) => {
                let each: Option<Vec<_>> = clauses.iter().map(|clause| self.possible(clause, event)).collect();
                Some(all().into_iter().filter(|kind| each.iter().flatten().any(|some| has(some, kind))).collect())
                    .filter(|_| each.is_some())
            }
            Expr::FnCall(call, _) if call.name == "!" && call.is_operator_call() => {
                let inner = self.named_kinds(call.args.first()?, event)?;
                Some(all().into_iter().filter(|kind| !has(&inner, kind)).collect())
            }
            other => self.named_kinds(other, event).or_else(|| {
                let needed = self.needs(other, event);
                let has_all = |kind: &&'static Kind| needed.iter().all(|field| kind.field(field).is_some());
                (!needed.is_empty()).then(|| all().into_iter().filter(has_all).collect())
            }),
        }
    }

    /// `event.kind == "security.rogue"` and its like.
    fn named_kinds(&self, clause: &Expr, event: Option<&str>) -> Option<Vec<&'static Kind>> {
        let Expr::FnCall(call, _) = clause else { return None };
        let [one, other] = &call.args[..] else { return None };
        let (field, constant) = match (field_name(one, event), field_name(other, event)) {
            (Some(field), None) => (field, other),
            (None, Some(field)) => (field, one),
            _ => return None,
        };
        let value = self.constant_value(constant)?;
        let in_list = value.is_array();
        let names: Vec<Dynamic> = if value.is_array() { value.into_array().ok()? } else { vec![value] };
        let named = |name: &str| names.iter().any(|known| known.as_immutable_string_ref().is_ok_and(|k| *k == *name));
        let differs = match call.name.as_str() {
            "==" if !in_list => false,
            "!=" if !in_list => true,
            "contains" if in_list => false,
            _ => return None,
        };
        let of_kind = |kind: &&'static Kind| match field {
            "kind" => named(kind.name) != differs,
            _ => named(kind.topic.name()) != differs,
        };
        matches!(field, "kind" | "topic").then(|| self.kinds.iter().copied().filter(of_kind).collect())
    }

    /// The fields without which a clause does not hold.
    fn needs<'e>(&self, clause: &'e Expr, event: Option<&str>) -> Vec<&'e str> {
        let mut needed: Vec<&str> = match clause {
            Expr::FnCall(call, _) => match (call.name.as_str(), &call.args[..]) {
                ("==" | "<" | "<=" | ">" | ">=", [one, other]) => match (self.is_value(one), self.is_value(other)) {
                    (false, true) => self.of_value(one, event).into_iter().collect(),
                    (true, false) => self.of_value(other, event).into_iter().collect(),
                    _ => Vec::new(),
                },
                ("contains", [list, value]) => self.of_array(list, value, event),
                ("present", [value]) | ("in_list" | "cidr" | "glob" | "regex", [_, value]) => {
                    field_name(value, event).into_iter().collect()
                }
                _ => self.remembered(call, event),
            },
            Expr::Dot(..) => {
                let links = links::links(clause);
                match links[..] {
                    [of, Expr::Property(field, _), Expr::MethodCall(call, _)]
                        if super::is_event(of, event) && is_question(&call.name) =>
                    {
                        vec![&*field.2]
                    }
                    _ => field_name(clause, event).into_iter().collect(),
                }
            }
            _ => Vec::new(),
        };
        needed.retain(|field| !COMMON.contains(field));
        needed
    }

    /// The field that a value of a comparison is: `event.ssid`, `event.ssid.to_lower()`, `count("10m", event.ssid)`.
    fn of_value<'e>(&self, value: &'e Expr, event: Option<&str>) -> Option<&'e str> {
        if let Expr::FnCall(call, _) = value {
            return self.remembered(call, event).first().copied();
        }
        match links::links(value)[..] {
            [of, Expr::Property(field, _)] if super::is_event(of, event) => Some(&field.2),
            [of, Expr::Property(field, _), Expr::MethodCall(call, _)]
                if super::is_event(of, event) && matches!(call.name.as_str(), "to_lower" | "to_upper") =>
            {
                Some(&field.2)
            }
            _ => None,
        }
    }

    /// The fields that a call which remembers counts by, or looks at.
    fn remembered<'e>(&self, call: &'e FnCallExpr, event: Option<&str>) -> Vec<&'e str> {
        match remember::durations(&call.name, call.args.len()) {
            Some(_) if !self.functions.iter().any(|function| function.name == call.name) => {
                call.args.iter().filter_map(|argument| field_name(argument, event)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// `value in ["a", "b"]`, `"a" in value`.
    fn of_array<'e>(&self, list: &'e Expr, value: &'e Expr, event: Option<&str>) -> Vec<&'e str> {
        let absent = |list: &Expr| self.constant_value(list).is_none_or(|values| has_unit(&values));
        match (list, self.is_value(value)) {
            (_, true) => field_name(list, event).into_iter().collect(),
            (list, false) if !absent(list) => field_name(value, event).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it is a constant, and not `()`.
    fn is_value(&self, expression: &Expr) -> bool {
        self.constant_value(expression).is_some_and(|value| !value.is_unit())
    }
}

fn has(kinds: &[&'static Kind], kind: &Kind) -> bool {
    kinds.iter().any(|known| known.name == kind.name)
}

fn has_unit(values: &Dynamic) -> bool {
    values.read_lock::<rhai::Array>().is_none_or(|values| values.iter().any(Dynamic::is_unit))
}

/// What it says that a value is one of these.
fn is(values: &[Dynamic]) -> Option<Says> {
    let text = |value: &Dynamic| match value.as_immutable_string_ref() {
        Ok(text) => Some(text.to_string()),
        Err(_) => value.is_unit().then(String::new),
    };
    match values.iter().map(text).collect::<Option<Vec<String>>>() {
        Some(texts) if texts.iter().all(String::is_empty) => Some(Says::Nothing),
        Some(texts) => Some(Says::Is(texts)),
        None => values.iter().all(|value| value.is_int() || value.is_float() || value.is_bool()).then_some(Says::There),
    }
}
