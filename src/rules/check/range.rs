//! Numbers that a field never is: below or above what its type on the wire can hold, or one that has a name there.

use rhai::{Dynamic, Expr};

use super::{
    Checker, is_part_of_event, links,
    types::{REMEMBERED, Ty},
};
use crate::diagnostic::Level;

impl Checker<'_> {
    /// A comparison of a whole number, or of a name, with a constant number. Says whether that was found to be settled
    /// before any event.
    pub(super) fn range(
        &mut self,
        operator: &str,
        (ty, one): (&Ty, &Expr),
        constant: &Expr,
        (first, last): (&Expr, &Expr),
        event: Option<&str>,
    ) -> bool {
        let Some(number) = self.constant_number(constant) else { return false };
        let subject = self.subject(one);
        // A constant that has a name is there to be changed.
        let constant_is_named = matches!(constant, Expr::Variable(..));
        let (never, what, help) = match ty {
            Ty::Whole(least, most) => {
                let what = match (*least, *most) {
                    (least, i64::MAX) => format!("{subject} is a whole number, and at least {least}"),
                    (least, REMEMBERED) if number <= least as f64 => {
                        format!("{subject} is a whole number, and at least {least}")
                    }
                    (_, REMEMBERED) => format!("{subject} is a whole number, and at most {REMEMBERED}"),
                    (least, most) => format!("{subject} is a whole number from {least} to {most}"),
                };
                let help = match one {
                    Expr::FnCall(call, _) if matches!(call.name.as_str(), "count" | "distinct") => {
                        if number > *least as f64 {
                            "A rule remembers so many events at most."
                        } else {
                            "The event that is looked at is counted, too."
                        }
                    }
                    _ => "",
                };
                let (least, most) = (*least as f64, *most as f64);
                if self.is_computed(one) && !constant_is_named && is_always(operator, least, most, number) {
                    let span = self.source.across(first, last);
                    let message = format!("{what}: this always holds.");
                    self.finding(Level::Warning, "always-holds", span, message, help);
                    return true;
                }
                (is_never(operator, least, most, number), what, help.to_owned())
            }
            Ty::Number if number <= 0.0 && is_rate(one) => {
                // The event that asks is counted, too, so there is always some.
                let what = format!("{subject} is above 0");
                if matches!(operator, ">" | ">=") && !constant_is_named {
                    let span = self.source.across(first, last);
                    self.finding(Level::Warning, "always-holds", span, format!("{what}: this always holds."), "");
                    return true;
                }
                (matches!(operator, "<" | "<=" | "==" | "!="), what, String::new())
            }
            Ty::Names(names, numbers) if !matches!(operator, "==" | "!=") => {
                let span = self.source.across(first, last);
                let message = format!("{subject} reads by name, and a name is neither above nor below a number.");
                let help = meant_names(operator, (names, numbers), number)
                    .map_or_else(String::new, |names| format!("Write {subject} in [\"{}\"].", names.join("\", \"")));
                self.finding(Level::Warning, "never-holds", span, message, help);
                return true;
            }
            Ty::Names(names, numbers) => {
                let place =
                    numbers.iter().position(|known| number.fract() == 0.0 && i64::from(*known) == number as i64);
                let name = place.filter(|_| names.len() == numbers.len()).map(|place| names[place]);
                match (place, name) {
                    (Some(_), Some(name)) => {
                        let what = format!("{subject} reads \"{name}\" where the wire says {number}");
                        (true, what, format!("Write \"{name}\"."))
                    }
                    (Some(_), None) => (true, format!("{subject} reads by name"), String::new()),
                    (None, _) => {
                        let (least, most) = (f64::from(i32::MIN), f64::from(i32::MAX));
                        let what = format!("{subject} is one of its names, or a whole number of 32 bits");
                        (is_never(operator, least, most, number), what, String::new())
                    }
                }
            }
            _ => return false,
        };
        if never {
            let (code, holds) = if operator == "!=" { ("always-holds", "always") } else { ("never-holds", "never") };
            // Of what a function gives it may be meant: count(…) < 0 counts and never matches.
            let level = if is_part_of_event(one, event) { Level::Error } else { Level::Warning };
            let span = self.source.across(first, last);
            self.finding(level, code, span, format!("{what}: this {holds} holds."), help);
        }
        never
    }

    /// The number that an expression is, whatever comes.
    pub(super) fn constant_number(&self, expression: &Expr) -> Option<f64> {
        let value = self.constant_value(expression)?;
        value.as_int().map(|number| number as f64).or_else(|_| value.as_float()).ok()
    }

    /// The value that an expression has, whatever comes: a literal, or a constant of the rule.
    pub(super) fn constant_value(&self, expression: &Expr) -> Option<Dynamic> {
        match expression {
            Expr::Variable(variable, ..) if self.locals.contains_key(variable.1.as_str()) => None,
            Expr::Variable(variable, ..) => self.values.get(variable.1.as_str()).cloned(),
            other => other.get_literal_value(None),
        }
    }

    /// Whether a value is there whatever comes: what functions give that count.
    fn is_computed(&self, expression: &Expr) -> bool {
        match expression {
            Expr::FnCall(call, _) => matches!(call.name.as_str(), "count" | "distinct" | "len"),
            Expr::Dot(..) => links::asks(expression).is_some_and(|call| call.name == "len"),
            Expr::Variable(variable, ..) => match self.lets.get(variable.1.as_str()) {
                Some(call @ Expr::FnCall(..)) => self.is_computed(call),
                _ => false,
            },
            _ => false,
        }
    }

    /// What a comparison is about, in the operator's words.
    pub(super) fn subject(&self, expression: &Expr) -> String {
        match (shown(self.written_as(expression)), expression) {
            (Some(text), _) => text,
            (None, Expr::FnCall(call, _)) if !call.is_operator_call() => format!("{}(…)", call.name),
            _ => "This".into(),
        }
    }
}

/// The names whose numbers compare like that with one, if some do.
fn meant_names<'n>(operator: &str, (names, numbers): (&[&'n str], &[i32]), with: f64) -> Option<Vec<&'n str>> {
    let compares = |number: &i32| match operator {
        "<" => f64::from(*number) < with,
        "<=" => f64::from(*number) <= with,
        ">" => f64::from(*number) > with,
        _ => f64::from(*number) >= with,
    };
    let meant: Vec<&str> =
        names.iter().zip(numbers).filter(|(_, number)| compares(number)).map(|(name, _)| *name).collect();
    (names.len() == numbers.len() && !meant.is_empty()).then_some(meant)
}

fn is_rate(expression: &Expr) -> bool {
    matches!(expression, Expr::FnCall(call, _) if call.name == "rate")
}

/// A text of a rule, if it is short enough to stand in a sentence.
pub(super) fn shown(text: String) -> Option<String> {
    (text.chars().count() <= 32 && !text.contains('\n')).then_some(text)
}

/// Whether a whole number between two bounds always compares like that with a number.
fn is_always(operator: &str, least: f64, most: f64, number: f64) -> bool {
    match operator {
        "<" => most < number,
        "<=" => most <= number,
        ">" => least > number,
        ">=" => least >= number,
        _ => false,
    }
}

/// Whether a whole number between two bounds never compares like that with a number; of `!=`, whether it always does.
#[allow(clippy::float_cmp)] // bounds and constants are as they are written
fn is_never(operator: &str, least: f64, most: f64, number: f64) -> bool {
    match operator {
        "==" | "!=" => number < least || number > most || number.fract() != 0.0,
        "<" => number <= least,
        "<=" => number < least,
        ">" => number >= most,
        ">=" => number > most,
        _ => false,
    }
}
