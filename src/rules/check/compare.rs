//! Comparisons that never hold, and conditions that are none.

use std::cmp::Ordering;

use rhai::{ASTNode, Dynamic, Expr, FnCallExpr, Position};

use super::{
    Checker,
    range::shown,
    types::{Ty, of_value},
    written::{is_question, never_written, one_of},
};
use crate::{
    diagnostic::Level,
    functions::{Network, remember},
    rules::{operator::turned, words::nearest},
};

impl Checker<'_> {
    /// What can be said of a call by the types of what it is given.
    pub(super) fn types_of_call(&mut self, call: &FnCallExpr, at: Position, event: Option<&str>) {
        if self.functions.iter().any(|function| function.name == call.name) {
            return;
        }
        self.empty_part(call, event);
        match (call.name.as_str(), &call.args[..]) {
            (operator @ ("==" | "!=" | "<" | "<=" | ">" | ">="), [one, other]) if call.is_operator_call() => {
                self.comparison(operator, (one, other), event);
            }
            ("&" | "|", _) if call.is_operator_call() => self.single_operator(call, at, event),
            ("!", [inner]) if call.is_operator_call() => self.condition(inner, event, "! turns"),
            ("contains", [of, part]) => self.membership(of, part, event),
            (operator @ ("-" | "*" | "/" | "%" | "**"), sides) if call.is_operator_call() => {
                self.calculation(operator, sides, event);
            }
            _ => {}
        }
    }

    /// An operand of `&&`, `||` or `!`, or a whole condition, that is neither true nor false.
    pub(super) fn condition(&mut self, expression: &Expr, event: Option<&str>, whose: &str) {
        let ty = self.ty(expression, event);
        if matches!(ty, Ty::Unknown | Ty::Truth | Ty::Unit) {
            return;
        }
        let message = format!("{whose} true or false, and this is {}.", ty.words());
        let help = match (&ty, expression) {
            (ty, Expr::FnCall(call, _)) if ty.is_number() && !call.is_operator_call() => {
                format!("Compare it: {}(…) >= 5.", call.name)
            }
            (_, constant) if constant.is_constant() => "Write true or false, or a comparison.".into(),
            (ty, _) if ty.is_number() => "Compare it with a number: … > 0.".into(),
            (ty, _) if ty.is_text() => "Compare it with a text, or ask present(…).".into(),
            (Ty::Event, _) => {
                format!("Ask something of a field: present({}.{}).", self.written_as(expression), self.some_field())
            }
            _ => "Ask something of it, such as present(…).".into(),
        };
        self.error("not-a-condition", self.source.whole(expression), message, help);
    }

    fn comparison(&mut self, operator: &str, (one, other): (&Expr, &Expr), event: Option<&str>) {
        if self.other_than_it_looks(operator, (one, other), event) {
            return;
        }
        if let (Some(field), Some(again)) = (field_name(one, event), field_name(other, event))
            && field == again
        {
            let message = format!("This compares {field} with itself.");
            let span = self.source.across(one, other);
            let code = if matches!(operator, "==" | "<=" | ">=") { "always-holds" } else { "never-holds" };
            return self.error(code, span, message, "Compare it with something else.");
        }
        if let (Some(value), Some(against)) = (self.constant_value(one), self.constant_value(other)) {
            return self.settled(operator, (one, &value), (other, &against));
        }
        let (left, right) = (self.ty(one, event), self.ty(other, event));
        for (ty, side, against) in [(&left, one, &right), (&right, other, &left)] {
            if *ty == Ty::Event && !matches!(against, Ty::Unit | Ty::Unknown) {
                let help = "Compare one of its fields, such as event.customer_id.";
                return self.error("never-holds", self.source.whole(side), "This is the whole event.", help);
            }
        }
        for (ty, side, against) in [(&left, one, &right), (&right, other, &left)] {
            // A field may be absent; what a function answers is not.
            let answers = *ty == Ty::Truth && matches!(side, Expr::FnCall(..));
            if answers && *against == Ty::Unit && matches!(operator, "==" | "!=") {
                let code = if operator == "==" { "never-holds" } else { "always-holds" };
                let message = "This is true or false, and never absent.";
                let help = if operator == "==" { "Write ! before it." } else { "Write it alone." };
                return self.error(code, self.source.across(one, other), message, help);
            }
        }
        if self.length_of_mac(operator, (one, other), event) || self.length_of_mac(operator, (other, one), event) {
            return;
        }
        if self.no_date((&left, one), other) || self.no_date((&right, other), one) {
            return;
        }
        if let (Ty::OneOf(names), Ty::Time | Ty::Mac | Ty::Address)
        | (Ty::Time | Ty::Mac | Ty::Address, Ty::OneOf(names)) = (&left, &right)
        {
            let code = if operator == "!=" { "always-holds" } else { "never-holds" };
            let name = names.first().copied().unwrap_or_default();
            let message = format!("One side is a name such as \"{name}\", and the other never is.");
            let help = "Compare each with something of its own sort.";
            return self.error(code, self.source.across(one, other), message, help);
        }
        if matches!(operator, "<" | "<=" | ">" | ">=") {
            for (ty, side) in [(&left, one), (&right, other)] {
                if matches!(ty, Ty::Truth | Ty::List | Ty::Map | Ty::Unit) {
                    let message = format!("{operator} compares numbers, and this is {}.", ty.words());
                    return self.error("never-holds", self.source.whole(side), message, "Use == or !=.");
                }
            }
        }
        if left.never_equals(&right) {
            return self.mismatched(operator, (one, &left), (other, &right));
        }
        if self.range(operator, (&left, one), other, (one, other), event)
            || self.range(turned(operator), (&right, other), one, (one, other), event)
        {
            return;
        }
        for (ty, of, constant) in [(&left, one, other), (&right, other, one)] {
            self.text_order(operator, (ty, of), constant);
            if matches!(operator, "==" | "!=") {
                self.value_of((ty, of), constant, operator == "!=");
            }
        }
    }

    /// `!a == b`, which turns `a` alone, and `1 < a < 9`, which compares true or false with 9.
    fn other_than_it_looks(&mut self, operator: &str, (one, other): (&Expr, &Expr), event: Option<&str>) -> bool {
        let Expr::FnCall(call, _) = one else { return false };
        if !call.is_operator_call() || matches!(self.ty(other, event), Ty::Truth | Ty::Unknown) {
            return false;
        }
        let whole = self.source.across(one, other);
        let last = self.written_as(other);
        match (call.name.as_str(), &call.args[..]) {
            ("!", [inner]) if matches!(operator, "==" | "!=") => {
                let instead = if operator == "==" { "!=" } else { "==" };
                let help = format!("Write {} {instead} {last}.", self.written_as(inner));
                self.error("never-holds", whole, "Here ! turns only what stands right behind it.", help);
            }
            ("<" | "<=" | ">" | ">=", [_, middle]) if matches!(operator, "<" | "<=" | ">" | ">=") => {
                let (one, between) = (self.written_as(one), self.written_as(middle));
                let help = if remembers_within(middle) {
                    // Two calls would each remember for themselves.
                    let begins = one.strip_suffix(&between).unwrap_or("… <= ");
                    format!("Ask once: let n = {between}; and then {begins}n && n {operator} {last}.")
                } else {
                    format!("Write {one} && {between} {operator} {last}.")
                };
                self.error("never-holds", whole, "A comparison has two sides.", help);
            }
            _ => return false,
        }
        self.told.push(whole);
        true
    }

    /// Reckoning with what is no number.
    fn calculation(&mut self, operator: &str, sides: &[Expr], event: Option<&str>) {
        for side in sides {
            let ty = self.ty(side, event);
            if ty.is_text() || matches!(ty, Ty::Truth | Ty::List | Ty::Map | Ty::Event) {
                let help = match ty {
                    Ty::Time => "How long ago something was, a window says: count(\"10m\", …).",
                    _ if self.is_quoted_number(side) => "Write the number without quotes.",
                    _ => "",
                };
                let message = format!("{operator} takes numbers, and this is {}.", ty.words());
                return self.error("bad-arguments", self.source.whole(side), message, help);
            }
        }
        if let ("/" | "%", [_, by]) = (operator, sides)
            && self.constant_number(by) == Some(0.0)
        {
            let message = "Nothing can be divided by zero.";
            self.error("bad-arguments", self.source.whole(by), message, "Divide by another number.");
        }
    }

    /// Values of two sorts.
    fn mismatched(&mut self, operator: &str, (one, left): (&Expr, &Ty), (other, right): (&Expr, &Ty)) {
        let (holds, code) = if operator == "!=" { ("always", "always-holds") } else { ("never", "never-holds") };
        // The constant is what is to be changed, if one of them is one.
        let (bad, is, against) = if self.is_constant(other) { (other, right, left) } else { (one, left, right) };
        let message = format!("{} is compared with {}: that {holds} holds.", capital(against.words()), is.words());
        if !self.is_constant(bad) {
            let help = "Compare each with something of its own sort.";
            return self.error(code, self.source.across(one, other), message, help);
        }
        let joins = |side: &Expr| matches!(side, Expr::FnCall(call, _) if call.is_operator_call() && call.name == "+");
        let subject = self.subject(if self.is_constant(other) { one } else { other });
        let help = match (is, against) {
            _ if joins(one) || joins(other) => "Beside a text, + joins: it does not reckon.",
            (Ty::Text, against) if against.is_number() && self.is_quoted_number(bad) => {
                "Write the number without quotes."
            }
            (Ty::Text, against) if against.is_number() => "Compare it with a number.",
            (_, Ty::OneOf(names)) => &one_of("", names),
            (Ty::Number | Ty::Whole(..), Ty::Time) => &format!(
                "It reads like \"2026-01-05T12:00:00Z\": ask between(\"08:00\", \"18:00\", {subject}), or weekday(…) of it."
            ),
            (_, Ty::Mac) => "It is written like \"aa:bb:cc:dd:ee:ff\".",
            (_, Ty::Address) => "It is written like \"10.20.3.4\" or \"2001:db8::7\".",
            (Ty::Number, against) if against.is_text() && !matches!(operator, "==" | "!=") => {
                &format!("Compare it with == or !=, or ask for its length: {subject}.len().")
            }
            (Ty::Number, against) if against.is_text() => "Put it in quotes.",
            (_, Ty::Truth) => "Write true or false, without quotes.",
            _ => "Compare it with something of its own sort.",
        };
        self.error(code, self.source.whole(bad), message, help);
    }

    /// A comparison of two constants: of literals a mistake, of a constant of the rule perhaps a choice.
    fn settled(&mut self, operator: &str, one: (&Expr, &Dynamic), other: (&Expr, &Dynamic)) {
        let whole = self.source.across(one.0, other.0);
        let holds = holds(operator, one.1, other.1);
        let says = if holds { "always" } else { "never" };
        let named = [one.0, other.0].into_iter().find_map(|side| match side {
            Expr::Variable(variable, ..) => Some(variable.1.to_string()),
            _ => None,
        });
        let Some(name) = named else {
            let code = if holds { "always-holds" } else { "never-holds" };
            let message = format!("This compares two constants: it {says} holds.");
            return self.error(code, whole, message, "Compare a field of the event, such as event.kind.");
        };
        let field = nearest(&name, self.kinds.iter().flat_map(|kind| kind.fields.iter().map(|field| field.name)));
        let help = match field {
            Some(field) => format!("Did you mean event.{field}?"),
            None => "Compare a field of the event.".into(),
        };
        let message = format!("{name} is a constant, so this {says} holds.");
        self.finding(Level::Warning, "constant-comparison", whole, message, help);
    }

    pub(super) fn is_quoted_number(&self, constant: &Expr) -> bool {
        self.constant_text(constant).is_some_and(|text| text.trim().parse::<f64>().is_ok())
    }

    /// `value in list`, `part in text`, `text.contains(part)`.
    pub(super) fn membership(&mut self, of: &Expr, part: &Expr, event: Option<&str>) {
        let (whole, ty) = (self.ty(of, event), self.ty(part, event));
        if self.negated_alone((of, part), event) {
            return;
        }
        self.turned_around((of, part), &ty);
        self.empty_range(of);
        if let Some(field) = field_name(of, event) {
            self.in_entries(field, &ty, part);
        }
        if let Expr::Array(elements, _) = of {
            if elements.is_empty() {
                let help = "Write what it may be between the [ and ].";
                self.error("never-holds", self.source.whole(of), "Nothing is in an empty list.", help);
            }
            for element in elements {
                let other = self.ty(element, event);
                if ty.never_equals(&other) {
                    let message = format!("{} is never {}.", capital(ty.words()), other.words());
                    let help = "Write entries of the same sort as what is looked for.";
                    self.error("never-holds", self.source.whole(element), message, help);
                } else if !self.range("==", (&ty, part), element, (element, element), event) {
                    self.value_of((&ty, part), element, false);
                }
            }
        } else if let (Expr::Variable(..), Some(Ok(values))) = (of, self.constant_value(of).map(Dynamic::into_array)) {
            self.listed((&ty, part), &values, of);
        } else if let Some(list) = self.constant_text(of).filter(|list| self.lists.get(list).is_some()) {
            let message = format!("\"{list}\" is a text here, not the list.");
            let value = self.source.text(self.source.whole(part));
            let help = format!("Write in_list(\"{list}\", {value}).");
            self.error("bad-arguments", self.source.whole(of), message, help);
        } else if let Expr::FnCall(call, _) = of
            && let ("in_list", [list]) = (call.name.as_str(), &call.args[..])
        {
            let span = self.source.whole(of);
            let help = format!("Write in_list({}, {}).", self.written_as(list), self.written_as(part));
            self.error("bad-arguments", span, "in_list is asked by itself, without in.", help);
            self.told.push(span);
        } else if whole == Ty::Event {
            let message = "This is the whole event, and nothing is in it.";
            let field =
                if self.kinds.iter().any(|kind| kind.field_index("level").is_some()) { "level" } else { "kind" };
            let help = format!("Ask it of a field: {} in {}.{field}.", self.written_as(part), self.written_as(of));
            self.error("never-holds", self.source.whole(of), message, help);
        } else if whole == Ty::Map && (ty.is_number() || ty == Ty::Truth) {
            let message = format!("The names in a map are texts, and this is {}.", ty.words());
            let help = "Write a list: [1, 2].";
            self.error("never-holds", self.source.whole(part), message, help);
        } else if whole.is_number() || whole == Ty::Truth {
            let message = format!("This is {}, and nothing is in it.", whole.words());
            self.error("never-holds", self.source.whole(of), message, "Compare it with == or <.");
        } else if whole.is_text() && (ty.is_number() || matches!(ty, Ty::Truth | Ty::List | Ty::Event)) {
            let message = format!("A text never holds {}.", ty.words());
            let help = self.looked_for(&self.subject(of), &ty, part);
            self.error("never-holds", self.source.whole(part), message, help);
        } else if let Some(text) = self.constant_text(part).filter(|_| whole.is_text()) {
            self.never_part((&whole, &self.subject(of)), "contains", &text, part);
        }
    }

    /// `!event.rogue_id in list("our-aps")`, which turns the field. Says whether it is that.
    fn negated_alone(&mut self, (of, part): (&Expr, &Expr), event: Option<&str>) -> bool {
        let Expr::FnCall(call, _) = part else { return false };
        let ("!", [inner]) = (call.name.as_str(), &call.args[..]) else { return false };
        if !call.is_operator_call() || matches!(self.ty(inner, event), Ty::Truth | Ty::Unknown | Ty::Unit) {
            return false;
        }
        let whole = self.source.across(part, of);
        let help = format!("Write {} !in {}.", self.written_as(inner), self.written_as(of));
        self.error("never-holds", whole, "Here ! turns only what stands right behind it.", help);
        self.told.push(whole);
        true
    }

    /// `"ERROR" in event.power_supplies`, where each entry is a map.
    fn in_entries(&mut self, field: &str, ty: &Ty, part: &Expr) {
        let of_maps = self.field_ty(field) == Ty::List && self.parts(field).next().is_some();
        if of_maps && (ty.is_text() || ty.is_number() || *ty == Ty::Truth) {
            let message = format!("Each entry of {field} is a map, and never {}.", ty.words());
            let help = format!("Go through it: for one in event.{field} {{ … }}.");
            self.error("never-holds", self.source.whole(part), message, help);
        }
    }

    /// `5..5`, `10..1`.
    fn empty_range(&mut self, range: &Expr) {
        let Expr::FnCall(call, _) = range else { return };
        let [Some(from), Some(to)] = [0, 1].map(|place| self.constant_number(call.args.get(place)?)) else { return };
        if call.name == ".." && from >= to || call.name == "..=" && from > to {
            let help = "Write the lesser number first; a..b ends before b, and a..=b with it.";
            self.error("never-holds", self.source.whole(range), "Nothing is in this range.", help);
        }
    }

    /// `event.ssid in "campus"`, which asks whether the field is a part of the text.
    fn turned_around(&mut self, (of, part): (&Expr, &Expr), ty: &Ty) {
        let Some(text) = &self.constant_text(of) else { return };
        let is_word = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        if *ty == Ty::Address && Network::parse(text).is_some() {
            let subject = self.subject(part);
            let message = format!("This asks whether {subject} is a part of the text \"{text}\".");
            return self.warning("operator", of, message, &format!("Write cidr(\"{text}\", {subject})."));
        }
        if is_word && ty.is_text() && !self.is_constant(part) && self.lists.get(text).is_none() {
            let subject = self.subject(part);
            let message = format!("This asks whether {subject} is a part of \"{text}\".");
            self.warning(
                "operator",
                of,
                message,
                &format!("Write \"{text}\" in {subject}, or {subject} == \"{text}\"."),
            );
        }
    }

    /// The entries of a constant of the rule, of which the first that is never found is told.
    fn listed(&mut self, (ty, part): (&Ty, &Expr), values: &[Dynamic], list: &Expr) {
        let subject = self.subject(part);
        let written = |value: &Dynamic| value.as_immutable_string_ref().ok().map(|text| text.to_string());
        let never = values.iter().find_map(|value| {
            let other = of_value(value);
            match (ty, written(value)) {
                _ if ty.never_equals(&other) => {
                    let help = "Write entries of the same sort as what is looked for.".to_owned();
                    Some((format!("{} is never {}, and one", capital(ty.words()), other.words()), help))
                }
                (Ty::Names(names, _) | Ty::OneOf(names), Some(text)) if !names.contains(&text.as_str()) => {
                    Some((format!("{subject} is never \"{text}\", which"), one_of(&text, names)))
                }
                (Ty::Mac | Ty::Address, Some(text)) => {
                    let (level, message, help) = never_written(ty, &text, &subject, false)?;
                    (level == Level::Error)
                        .then(|| (format!("{} It", message.trim_end_matches('.').to_owned() + "."), help))
                }
                _ => None,
            }
        });
        if let Some((message, help)) = never {
            self.error("never-holds", self.source.whole(list), format!("{message} is in this list."), help);
        }
    }

    /// Questions about a text, asked of a field that is none.
    pub(super) fn question(&mut self, field: &Expr, call: &FnCallExpr, event: Option<&str>) {
        let Expr::Property(property, at) = field else { return };
        if !is_question(&call.name) {
            return;
        }
        let ty = self.field_ty(&property.2);
        if let ("contains", [part]) = (call.name.as_str(), &call.args[..]) {
            let looked_for = self.ty(part, event);
            self.in_entries(&property.2, &looked_for, part);
        }
        if ty.is_number() || ty == Ty::Truth {
            let message = format!("{} is {}, and {} never holds of it.", property.2, ty.words(), call.name);
            self.error("never-holds", self.source.token(*at), message, "Compare it with == or <.");
        } else if let [part] = &call.args[..]
            && let Some(text) = self.constant_text(part)
        {
            let subject = format!("{}.{}", event.unwrap_or("event"), property.2);
            self.never_part((&ty, &subject), &call.name, &text, part);
        } else if let [part] = &call.args[..]
            && ty.is_text()
            && let ty = self.ty(part, event)
            && (ty.is_number() || matches!(ty, Ty::Truth | Ty::Event | Ty::List))
        {
            let message = format!("A text never holds {}.", ty.words());
            let subject = format!("{}.{}", event.unwrap_or("event"), property.2);
            let help = self.looked_for(&subject, &ty, part);
            self.error("never-holds", self.source.whole(part), message, help);
        }
    }

    /// What to look for in a text, where it is no text.
    fn looked_for(&self, subject: &str, ty: &Ty, part: &Expr) -> String {
        match ty {
            Ty::List => {
                let list = shown(self.written_as(part)).unwrap_or_else(|| "[…]".into());
                format!("Ask for each by itself, with || between; whether it is one of them asks {subject} in {list}.")
            }
            ty if ty.is_number() && part.is_constant() => "Put it in quotes.".into(),
            ty if ty.is_number() && subject.starts_with('"') => {
                format!("A list is written [{}].", subject.trim_matches('"'))
            }
            _ => "Look for a text in it.".into(),
        }
    }

    fn is_constant(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Variable(variable, ..) => self.constants.contains(variable.1.as_str()),
            other => other.is_constant(),
        }
    }

    pub(super) fn constant_text(&self, expression: &Expr) -> Option<String> {
        match expression {
            Expr::StringConstant(text, _) => Some(text.to_string()),
            Expr::Variable(variable, ..) => self.texts.get(variable.1.as_str()).cloned(),
            _ => None,
        }
    }

    /// A warning, where the rule may mean it.
    pub(super) fn warning(&mut self, code: &str, expression: &Expr, message: impl Into<String>, help: &str) {
        let span = self.source.whole(expression);
        self.finding(Level::Warning, code, span, message, help);
    }
}

/// Whether a call that remembers stands there.
fn remembers_within(expression: &Expr) -> bool {
    let mut remembers = false;
    expression.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
        remembers |= matches!(path.last(), Some(ASTNode::Expr(Expr::FnCall(call, _)))
            if remember::durations(&call.name, call.args.len()).is_some());
        !remembers
    });
    remembers
}

/// The field, if the expression is `event.field`.
pub(super) fn field_name<'e>(expression: &'e Expr, event: Option<&str>) -> Option<&'e str> {
    match expression {
        Expr::Dot(pair, ..) if super::is_event(&pair.lhs, event) => match &pair.rhs {
            Expr::Property(property, _) => Some(&property.2),
            _ => None,
        },
        _ => None,
    }
}

/// What a comparison of two values says; values of two sorts are only ever unequal.
fn holds(operator: &str, one: &Dynamic, other: &Dynamic) -> bool {
    let number = |value: &Dynamic| value.as_int().map(|number| number as f64).or_else(|_| value.as_float()).ok();
    let order = match (number(one), number(other)) {
        (Some(one), Some(other)) => one.partial_cmp(&other),
        _ => match (one.as_immutable_string_ref(), other.as_immutable_string_ref()) {
            (Ok(one), Ok(other)) => Some(one.as_str().cmp(other.as_str())),
            _ => None,
        },
    };
    let same = order
        .map_or_else(|| one.type_name() == other.type_name() && one.to_string() == other.to_string(), Ordering::is_eq);
    match operator {
        "==" => same,
        "!=" => !same,
        "<" => order.is_some_and(Ordering::is_lt),
        "<=" => order.is_some_and(Ordering::is_le),
        ">" => order.is_some_and(Ordering::is_gt),
        _ => order.is_some_and(Ordering::is_ge),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
