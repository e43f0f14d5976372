//! What a clause is made of: what it reads of the event, what it calls, and the names it uses.

use std::collections::{HashMap, HashSet};

use rhai::{AST, ASTNode, Expr, FnCallExpr, Module, Position, Stmt};

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

/// Names of what a call that remembers gave, `let n = count("10m", event.ssid)`, and the windows of those calls.
pub(super) type Windows = HashMap<String, String>;

/// The parts of a clause, in the order of the text, each once.
pub(super) fn parts(clause: &Expr, event: &str, windows: &Windows, source: &Source) -> Vec<Part> {
    let mut parts = Parts { event, windows, source, found: Vec::new() };
    parts.within(clause, None);
    // The clause itself says its own value.
    let whole = source.text(source.expression(ends(clause)));
    let whole = whole.trim_start_matches('!');
    let says_more = |part: &Part| part.window.is_some() || is_of_time(&part.code);
    parts.found.retain(|part| part.text != whole || says_more(part));
    parts.found
}

/// The parts of what cannot be taken apart, such as a loop: what it reads of the event, of lists, and of names that keep
/// their value in it. What it counts or makes on its way has no one value.
pub(super) fn parts_of_all(statements: &[Stmt], event: &str, windows: &Windows, source: &Source) -> Vec<Part> {
    let tree = AST::new(statements.iter().cloned(), Module::new());
    let made = made_in(&tree);
    let mut read: Vec<(Position, Expr)> = Vec::new();
    tree.walk(&mut |path: &[ASTNode]| {
        if let Some(ASTNode::Expr(expression)) = path.last() {
            let keeps = match expression {
                Expr::Dot(pair, ..) => is(&pair.lhs, event),
                Expr::Variable(variable, ..) => variable.1 != event && !made.contains(variable.1.as_str()),
                Expr::FnCall(call, _) => call.name == "list" && call.args.iter().all(Expr::is_constant),
                _ => false,
            };
            if keeps {
                read.push((expression.start_position(), by_name((*expression).clone())));
            }
        }
        true
    });
    read.sort_by_key(|(at, _)| *at);
    let mut parts = Parts { event, windows, source, found: Vec::new() };
    for (_, expression) in &read {
        match expression {
            // Arguments of what is called on a field may be made on the way.
            Expr::Dot(pair, ..) => parts.field(expression, &pair.rhs, None),
            _ => parts.within(expression, None),
        }
    }
    parts.found
}

/// The same, found by its name: Rhai notes how far up its value stands, which is another place before the statements.
fn by_name(mut expression: Expr) -> Expr {
    match &mut expression {
        Expr::Variable(variable, short, _) => (variable.0, *short) = (None, None),
        Expr::Dot(pair, ..) => pair.lhs = by_name(std::mem::take(&mut pair.lhs)),
        _ => {}
    }
    expression
}

/// The names that statements make or change.
fn made_in(tree: &AST) -> HashSet<String> {
    let mut made = HashSet::new();
    tree.walk(&mut |path: &[ASTNode]| {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::Var(named, ..))) => _ = made.insert(named.0.name.to_string()),
            Some(ASTNode::Stmt(Stmt::For(each, _))) => {
                made.insert(each.0.name.to_string());
                made.extend(each.1.iter().map(|counter| counter.name.to_string()));
            }
            Some(ASTNode::Stmt(Stmt::Assignment(change))) => {
                let mut to = &change.1.lhs;
                while let Expr::Dot(pair, ..) | Expr::Index(pair, ..) = to {
                    to = &pair.lhs;
                }
                if let Expr::Variable(variable, ..) = to {
                    made.insert(variable.1.to_string());
                }
            }
            _ => {}
        }
        true
    });
    made
}

/// The window of a call that remembers, as it is written.
pub(super) fn window(expression: &Expr, source: &Source) -> Option<String> {
    let Expr::FnCall(call, _) = expression else { return None };
    let durations = remember::durations(&call.name, call.args.len()).filter(|_| call.op_token.is_none())?;
    let spans: Vec<String> =
        call.args.iter().take(durations).map(|span| source.text(source.expression(ends(span)))).collect();
    (!spans.is_empty()).then(|| spans.join(" and ").replace('"', ""))
}

struct Parts<'a> {
    event: &'a str,
    windows: &'a Windows,
    source: &'a Source,
    found: Vec<Part>,
}

impl Parts<'_> {
    fn within(&mut self, expression: &Expr, needed: Option<&str>) {
        match expression {
            Expr::FnCall(call, _) if call.op_token.is_some() => {
                // What is reckoned from what is remembered is what the threshold is for: count(..) + 1 >= 20.
                if needed.is_some() && call.args.iter().any(|operand| self.remembers(operand)) {
                    self.add(expression, None, needed);
                }
                self.operator(call);
            }
            Expr::FnCall(call, _) => {
                self.add(expression, window(expression, self.source), needed);
                for argument in &call.args {
                    self.within(argument, None);
                }
            }
            Expr::Dot(pair, ..) if is(&pair.lhs, self.event) => {
                if let Expr::Dot(more, ..) | Expr::Index(more, ..) = &pair.rhs {
                    self.below(&more.rhs);
                }
                self.field(expression, &pair.rhs, needed);
            }
            Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
                self.within(&pair.lhs, None);
                self.below(&pair.rhs);
            }
            Expr::Variable(variable, ..) if variable.1 != self.event => {
                self.add(expression, self.windows.get(variable.1.as_str()).cloned(), needed);
            }
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

    /// Only the field: what is done with it is the clause's own.
    fn field(&mut self, whole: &Expr, mut rest: &Expr, needed: Option<&str>) {
        let mut field = whole.clone();
        if let Expr::Dot(more, ..) | Expr::Index(more, ..) = rest {
            if let Expr::Dot(whole, ..) = &mut field {
                whole.rhs = more.lhs.clone();
            }
            rest = &more.lhs;
        }
        if matches!(rest, Expr::Property(..)) {
            self.add(&field, None, needed);
        }
    }

    /// Whether it is what a call that remembers gave, or is reckoned from that.
    fn remembers(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Variable(variable, ..) => self.windows.contains_key(variable.1.as_str()),
            Expr::FnCall(call, _) if call.op_token.is_some() => call.args.iter().any(|one| self.remembers(one)),
            _ => window(expression, self.source).is_some(),
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

    /// `needed` is said of what remembers, and of what is reckoned from it.
    fn add(&mut self, code: &Expr, window: Option<String>, needed: Option<&str>) {
        let text = self.source.text(self.source.expression(ends(code)));
        if self.found.iter().any(|part| part.text == text) {
            return;
        }
        let needed = needed.filter(|_| self.remembers(code)).map(str::to_owned);
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
