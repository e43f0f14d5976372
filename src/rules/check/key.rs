//! Keys that are the same for every event, and keys that are none.

use rhai::{Expr, FnCallExpr, Stmt};

use super::{Checker, answer::Ways, compare::field_name, types::Ty};
use crate::diagnostic::Level;

/// How many variables are followed to a value.
const NAMES: usize = 4;

/// A value that does not hang on the event.
#[derive(PartialEq)]
enum Fixed {
    Text(String),
    /// Whose account it is: a connection has one.
    Account,
}

impl Checker<'_> {
    /// What `fn key` gives, on every way through it.
    pub(super) fn key(&mut self, body: &[Stmt], event: Option<&str>) {
        let Some(ways) = self.gives_nothing("key", body) else { return };
        let values: Vec<&Expr> = ways.values.iter().filter(|value| !matches!(value, Expr::Unit(_))).collect();
        let name = self.source.function("key").unwrap_or_else(|| self.source.top());
        if self.policy.silent_for.is_some() || ways.unclear || values.len() < ways.values.len() || ways.lacks() {
            return; // it may be that anything at all is heard
        }
        let fixed: Option<Vec<Fixed>> = values.iter().map(|value| self.fixed(value, event, NAMES)).collect();
        if fixed.is_none() && values.iter().all(|value| self.ty(value, event) == Ty::Truth) {
            let span = if let [value] = values[..] { self.source.whole(value) } else { name };
            let message = "The key is true or false, so this rule has two alerts at a time at most.";
            let such = self.such_as(event);
            let help = format!("Write what the alert is about{such}.");
            return self.finding(Level::Warning, "constant-key", span, message, help);
        }
        let Some([first, rest @ ..]) = fixed.as_deref() else { return };
        if rest.iter().any(|other| other != first) {
            return;
        }
        let span = if let [value] = values[..] { self.source.whole(value) } else { name };
        let message = match first {
            Fixed::Text(_) => "The key is the same for every event, so this rule has one alert at a time.",
            Fixed::Account => "All events of an account have this key, so this rule has one alert at a time.",
        };
        let such = self.such_as(event);
        let help =
            format!("Write what the alert is about{such}; without fn key it is what identifies an event of the kind.");
        self.finding(Level::Warning, "constant-key", span, message, help);
    }

    /// An example of a key, for a sentence; nothing where no field is one for all kinds.
    pub(super) fn such_as(&self, event: Option<&str>) -> String {
        let such = |field: &str| format!(", such as {}.{field}", event.unwrap_or("event"));
        self.identity().map_or_else(String::new, such)
    }

    /// A field that says what an event of each of the rule's kinds is about.
    pub(super) fn identity(&self) -> Option<&'static str> {
        let of_all = |name: &&str| self.kinds.iter().all(|kind| kind.identity.contains(name));
        // What every event has tells few events from others.
        self.kinds.first()?.identity.iter().copied().filter(of_all).find(|name| !super::COMMON.contains(name))
    }

    /// Tells of a key, title or body that is nothing on every way; else gives the ways.
    pub(super) fn gives_nothing(&mut self, function: &str, body: &[Stmt]) -> Option<Ways> {
        let ways = Ways::of(function, body);
        if ways.unclear || ways.values.iter().any(|value| !matches!(value, Expr::Unit(_))) {
            return Some(ways);
        }
        let name = self.source.function(function).unwrap_or_else(|| self.source.top());
        let message = format!("fn {function} gives nothing, so the {function} is what it would be without it.");
        let help = format!("Write what it is to be, or take fn {function} out.");
        self.finding(Level::Warning, "no-effect", name, message, help);
        None
    }

    /// The value that an expression has whatever comes, through so many variables at most: one may be written as itself.
    fn fixed(&self, expression: &Expr, event: Option<&str>, names: usize) -> Option<Fixed> {
        if let Some(value) = self.constant_value(expression) {
            return Some(Fixed::Text(value.to_string()));
        }
        match expression {
            Expr::Variable(variable, ..) => {
                self.fixed(self.lets.get(variable.1.as_str())?, event, names.checked_sub(1)?)
            }
            Expr::InterpolatedString(parts, _) | Expr::Array(parts, _) => self.all_fixed(parts, event, names),
            Expr::FnCall(call, _) if is_sum(call) => self.all_fixed(&call.args, event, names),
            Expr::Stmt(block) => match block.statements() {
                [Stmt::Expr(inner)] => self.fixed(inner, event, names),
                _ => None,
            },
            _ => match field_name(expression, event)? {
                "kind" if self.kinds.len() == 1 => Some(Fixed::Text(self.kinds[0].name.to_owned())),
                "topic" => {
                    let topic = self.kinds.first()?.topic;
                    let one = self.kinds.iter().all(|kind| kind.topic == topic);
                    one.then(|| Fixed::Text(topic.name().to_owned()))
                }
                "customer_id" | "msp_id" => Some(Fixed::Account),
                _ => None,
            },
        }
    }

    /// Several values that make one.
    fn all_fixed(&self, parts: &[Expr], event: Option<&str>, names: usize) -> Option<Fixed> {
        let mut all = String::new();
        let mut account = false;
        for part in parts {
            match self.fixed(part, event, names)? {
                Fixed::Text(text) => all += &text,
                Fixed::Account => account = true,
            }
        }
        Some(if account { Fixed::Account } else { Fixed::Text(all) })
    }
}

fn is_sum(call: &FnCallExpr) -> bool {
    call.is_operator_call() && call.name == "+"
}
