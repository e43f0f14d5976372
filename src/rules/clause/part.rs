//! What a clause is made of: what it reads of the event, what it calls, and the names it uses.

use rhai::{Expr, FnCallExpr};

use super::{
    super::{operator::turned, place::Source},
    split::ends,
};
use crate::functions::remember;

/// A part of a clause whose value says why the clause is as it is.
#[derive(Clone, Debug)]
pub(in super::super) struct Part {
    pub code: Expr,
    /// As it stands in the file.
    pub text: String,
    /// If it remembers: its window, as it is written.
    pub window: Option<String>,
    /// What it is compared with, operator and all, where that is written down: `>= 5`.
    pub needed: Option<String>,
}

/// The parts of a clause, in the order of the text, each once.
pub(super) fn parts(clause: &Expr, event: &str, source: &Source) -> Vec<Part> {
    let mut parts = Parts { event, source, found: Vec::new() };
    parts.within(clause, None);
    // The clause itself says its own value.
    let whole = source.text(source.expression(ends(clause)));
    let whole = whole.trim_start_matches('!');
    let says_more = |part: &Part| part.window.is_some() || is_of_time(&part.code);
    parts.found.retain(|part| part.text != whole || says_more(part));
    parts.found
}

struct Parts<'a> {
    event: &'a str,
    source: &'a Source,
    found: Vec<Part>,
}

impl Parts<'_> {
    fn within(&mut self, expression: &Expr, needed: Option<&str>) {
        match expression {
            Expr::FnCall(call, _) if call.op_token.is_some() => self.operator(call),
            Expr::FnCall(call, _) => {
                self.add(
                    expression,
                    remember::durations(&call.name, call.args.len()).is_some().then_some(call),
                    needed,
                );
                for argument in &call.args {
                    self.within(argument, None);
                }
            }
            Expr::Dot(pair, ..) if is(&pair.lhs, self.event) => {
                // Only the field: what is done with it is the clause's own.
                let mut rest = &pair.rhs;
                let mut field = expression.clone();
                if let Expr::Dot(more, ..) | Expr::Index(more, ..) = rest {
                    if let Expr::Dot(whole, ..) = &mut field {
                        whole.rhs = more.lhs.clone();
                    }
                    self.below(&more.rhs);
                    rest = &more.lhs;
                }
                if matches!(rest, Expr::Property(..)) {
                    self.add(&field, None, needed);
                }
            }
            Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
                self.within(&pair.lhs, None);
                self.below(&pair.rhs);
            }
            Expr::Variable(variable, ..) if variable.1 != self.event => self.add(expression, None, needed),
            Expr::Array(all, _) | Expr::InterpolatedString(all, _) => {
                for one in all {
                    self.within(one, None);
                }
            }
            Expr::And(all, _) | Expr::Or(all, _) => {
                for one in all.iter() {
                    self.within(one, None);
                }
            }
            // What stands right of ?? is asked only if the left is absent.
            Expr::Coalesce(all, _) => {
                for one in all.iter().take(1) {
                    self.within(one, None);
                }
            }
            _ => {}
        }
    }

    /// The arguments of what is called on a value.
    fn below(&mut self, chain: &Expr) {
        match chain {
            Expr::MethodCall(call, _) => {
                for argument in &call.args {
                    self.within(argument, None);
                }
            }
            Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
                self.below(&pair.lhs);
                self.below(&pair.rhs);
            }
            _ => {}
        }
    }

    fn operator(&mut self, call: &FnCallExpr) {
        let compares = matches!(call.name.as_str(), "==" | "!=" | "<" | "<=" | ">" | ">=");
        if let ([one, other], true) = (&call.args[..], compares) {
            let needed = format!("{} {}", call.name, self.source.text(self.source.expression(ends(other))));
            self.within(one, Some(&needed));
            let needed = format!("{} {}", turned(&call.name), self.source.text(self.source.expression(ends(one))));
            self.within(other, Some(&needed));
        } else {
            for argument in &call.args {
                self.within(argument, None);
            }
        }
    }

    fn add(&mut self, code: &Expr, remembers: Option<&FnCallExpr>, needed: Option<&str>) {
        let text = self.source.text(self.source.expression(ends(code)));
        if self.found.iter().any(|part| part.text == text) {
            return;
        }
        let window = |call: &FnCallExpr| {
            let durations = remember::durations(&call.name, call.args.len())?;
            let spans: Vec<String> = call
                .args
                .iter()
                .take(durations)
                .map(|span| self.source.text(self.source.expression(ends(span))))
                .collect();
            (!spans.is_empty()).then(|| spans.join(" and ").replace('"', ""))
        };
        let window = remembers.and_then(window);
        let needed = needed.filter(|_| remembers.is_some()).map(str::to_owned);
        self.found.push(Part { code: code.clone(), text, window, needed });
    }
}

/// Whether it asks for a time of day or a day of the week.
fn is_of_time(expression: &Expr) -> bool {
    matches!(expression, Expr::FnCall(call, _) if matches!(call.name.as_str(), "between" | "weekday"))
}

/// Whether it is the variable of that name.
pub(super) fn is(expression: &Expr, name: &str) -> bool {
    matches!(expression, Expr::Variable(variable, ..) if variable.1 == name)
}
