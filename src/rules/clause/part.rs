//! What a clause is made of: what it reads of the event, what it calls, and the names it uses.

use std::collections::HashSet;

use rhai::{AST, ASTFlags, ASTNode, Expr, FnCallExpr, Module, Position, Stmt};

use super::{
    super::{
        operator::{comparison, negated, turned},
        place::Source,
    },
    names::{Names, window},
    split::ends,
};

/// A part of a clause whose value says why the clause is as it is.
#[derive(Clone, Debug)]
pub(in super::super) struct Part {
    pub code: Expr,
    /// As it stands in the file.
    pub text: String,
    /// If it remembers: its window, as it is written.
    pub window: Option<String>,
    /// What it is compared with.
    pub needed: Option<Needed>,
}

/// What a part must be for its clause to be true, whatever `!` stands before it in the clause.
#[derive(Clone, Debug)]
pub(in super::super) struct Needed {
    pub operator: &'static str,
    pub code: Expr,
    /// As it stands in the file.
    pub text: String,
}

/// What a comparison says of its clause.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    /// If it is true, so is what it stands in.
    Straight,
    /// It stands under `!`.
    Turned,
    /// It is handed on, or reckoned with.
    Unknown,
}

/// The parts of a clause, in the order of the text, each once.
pub(super) fn parts(clause: &Expr, event: &str, names: &Names, ast: &AST, source: &Source) -> Vec<Part> {
    let mut parts = Parts { event, names, ast, source, found: Vec::new() };
    parts.within(clause, None, Sense::Straight);
    // The clause itself says its own value.
    let whole = source.text(source.expression(ends(clause)));
    let whole = whole.trim_start_matches('!');
    let says_more = |part: &Part| part.window.is_some() || is_of_time(&part.code);
    parts.found.retain(|part| part.text != whole || says_more(part));
    parts.found
}

/// The parts of what cannot be taken apart, such as a loop: what it reads of the event, of lists, and of names that keep
/// their value in it. What it counts or makes on its way has no one value.
pub(super) fn parts_of_all(statements: &[Stmt], event: &str, names: &Names, ast: &AST, source: &Source) -> Vec<Part> {
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
    let mut parts = Parts { event, names, ast, source, found: Vec::new() };
    for (_, expression) in &read {
        match expression {
            // Arguments of what is called on a field may be made on the way.
            Expr::Dot(..) => {
                if let Some(field) = field(expression) {
                    parts.add(&field, None, None);
                }
            }
            _ => parts.within(expression, None, Sense::Unknown),
        }
    }
    parts.found
}

/// The same, found by its name: Rhai notes how far up its value stands, which is another place before the statements.
pub(super) fn by_name(mut expression: Expr) -> Expr {
    match &mut expression {
        Expr::Variable(variable, short, _) => (variable.0, *short) = (None, None),
        Expr::Dot(pair, ..) => pair.lhs = by_name(std::mem::take(&mut pair.lhs)),
        _ => {}
    }
    expression
}

/// The names that statements make or change.
pub(super) fn made_in(tree: &AST) -> HashSet<String> {
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

struct Parts<'a> {
    event: &'a str,
    names: &'a Names,
    ast: &'a AST,
    source: &'a Source,
    found: Vec<Part>,
}

impl Parts<'_> {
    fn within(&mut self, expression: &Expr, needed: Option<&Needed>, sense: Sense) {
        match expression {
            Expr::FnCall(call, _) if call.op_token.is_some() => {
                // What is reckoned from what is remembered is what the threshold is for: count(..) + 1 >= 20.
                if needed.is_some() && call.args.iter().any(|operand| self.remembers(operand)) {
                    self.add(expression, None, needed);
                }
                self.operator(call, sense);
            }
            Expr::FnCall(call, _) => {
                self.add(expression, window(expression, self.ast, self.source), needed);
                self.all(&call.args);
            }
            Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
                let read = read(expression);
                if let Some(read) = &read {
                    self.add(read, None, None);
                }
                match &pair.lhs {
                    Expr::Variable(..) if read.is_some() => {}
                    // It is part of what is read.
                    chain @ (Expr::Dot(..) | Expr::Index(..)) if read.is_some() => self.along(chain),
                    of => self.within(of, None, Sense::Unknown),
                }
                self.along(expression);
            }
            Expr::Variable(variable, ..) if variable.1 != self.event => {
                let name = variable.1.as_str();
                self.add(expression, self.names.windows.get(name).cloned(), needed);
                for field in self.names.fields.get(name).into_iter().flatten() {
                    self.add(field, None, None);
                }
            }
            Expr::Array(all, _) | Expr::InterpolatedString(all, _) => self.all(all),
            Expr::And(all, _) | Expr::Or(all, _) => {
                for one in all.iter() {
                    self.within(one, None, sense);
                }
            }
            // What stands right of ?? is asked only if the left is absent.
            Expr::Coalesce(all, _) => {
                for one in all.iter().take(1) {
                    self.within(one, None, Sense::Unknown);
                }
            }
            _ => {}
        }
    }

    fn all(&mut self, expressions: &[Expr]) {
        for one in expressions {
            self.within(one, None, Sense::Unknown);
        }
    }

    /// Whether it is what a call that remembers gave, or is reckoned from that.
    fn remembers(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Variable(variable, ..) => self.names.windows.contains_key(variable.1.as_str()),
            Expr::FnCall(call, _) if call.op_token.is_some() => call.args.iter().any(|one| self.remembers(one)),
            _ => window(expression, self.ast, self.source).is_some(),
        }
    }

    /// What stands in the brackets along a chain: places of elements, and arguments of what is called on a value.
    fn along(&mut self, chain: &Expr) {
        let Some((step, rest)) = step(chain) else { return };
        match step {
            Expr::MethodCall(call, _) => self.all(&call.args),
            Expr::Property(..) => {}
            place => self.within(place, None, Sense::Unknown),
        }
        if let Some(rest) = rest {
            self.along(rest);
        }
    }

    fn operator(&mut self, call: &FnCallExpr, sense: Sense) {
        let (Some(straight), [one, other]) = (comparison(&call.name), &call.args[..]) else {
            let sense = match sense {
                Sense::Straight if call.name == "!" => Sense::Turned,
                Sense::Turned if call.name == "!" => Sense::Straight,
                _ => Sense::Unknown,
            };
            for argument in &call.args {
                self.within(argument, None, sense);
            }
            return;
        };
        let operator = match sense {
            Sense::Straight => Some(straight),
            Sense::Turned => Some(negated(straight)),
            Sense::Unknown => None,
        };
        let needed = |operator, code: &Expr| {
            Some(Needed {
                operator: operator?,
                code: code.clone(),
                text: self.source.text(self.source.expression(ends(code))),
            })
        };
        let (of_one, of_other) = (needed(operator, other), needed(operator.map(turned), one));
        self.within(one, of_one.as_ref(), Sense::Unknown);
        self.within(other, of_other.as_ref(), Sense::Unknown);
    }

    /// `needed` is said of what remembers, and of what is reckoned from it.
    fn add(&mut self, code: &Expr, window: Option<String>, needed: Option<&Needed>) {
        let text = self.source.text(self.source.expression(ends(code)));
        if self.found.iter().any(|part| part.text == text) {
            return;
        }
        let needed = needed.filter(|_| self.remembers(code)).cloned();
        self.found.push(Part { code: code.clone(), text, window, needed });
    }
}

/// The field of the event that a chain begins with: what is done with it may hang on what is made on the way.
pub(super) fn field(chain: &Expr) -> Option<Expr> {
    let (field @ Expr::Property(..), _) = step(chain)? else { return None };
    let mut whole = chain.clone();
    if let Expr::Dot(pair, ..) = &mut whole {
        pair.rhs = field.clone();
    }
    Some(whole)
}

/// What is read before anything is called on it: `NAMES[event.level]` of `NAMES[event.level].len()`.
fn read(chain: &Expr) -> Option<Expr> {
    let (first, rest) = step(chain)?;
    if matches!(first, Expr::MethodCall(..)) {
        return None;
    }
    let mut read = chain.clone();
    if let (Some(rest), Expr::Dot(pair, flags, _) | Expr::Index(pair, flags, _)) = (rest, &mut read) {
        pair.rhs = self::read(rest).unwrap_or_else(|| {
            // It ends here.
            *flags |= ASTFlags::BREAK;
            first.clone()
        });
    }
    Some(read)
}

/// What is read of the beginning of a chain, and the chain that begins with that. Rhai keeps `a.b.c` as `a.(b.c)`, and
/// notes where the brackets of an element end.
fn step(chain: &Expr) -> Option<(&Expr, Option<&Expr>)> {
    let (pair, ends) = match chain {
        Expr::Dot(pair, ..) => (pair, false),
        Expr::Index(pair, flags, _) => (pair, flags.contains(ASTFlags::BREAK)),
        _ => return None,
    };
    Some(match &pair.rhs {
        rest @ (Expr::Dot(more, ..) | Expr::Index(more, ..)) if !ends => (&more.lhs, Some(rest)),
        only => (only, None),
    })
}

/// Whether it asks for a time of day or a day of the week.
fn is_of_time(expression: &Expr) -> bool {
    matches!(expression, Expr::FnCall(call, _) if matches!(call.name.as_str(), "between" | "weekday"))
}

/// Whether it is the variable of that name.
pub(super) fn is(expression: &Expr, name: &str) -> bool {
    matches!(expression, Expr::Variable(variable, ..) if variable.1 == name)
}
