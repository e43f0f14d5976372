//! What `fn when` and `fn resolved` give in the end, on every way through them.

use rhai::{ASTFlags, ASTNode, Expr, FlowControl, Position, Stmt};

use super::{
    Checker,
    endless::{gives, is_always, leaves},
};
use crate::diagnostic::{Level, Span};

/// Where a function ends.
#[derive(Default)]
pub(super) struct Ways {
    /// What it gives there.
    pub values: Vec<Expr>,
    /// Where it gives nothing, which counts as false: a message and what to do.
    nothing: Vec<(Option<Position>, String, &'static str)>,
    /// It ends in a way that is not looked into.
    pub unclear: bool,
}

impl Checker<'_> {
    /// A function that is asked for true or false: each of its ways is to give one of them. A way that gives nothing
    /// counts as false, so that is an error only if there is no other way.
    pub(super) fn answer(&mut self, function: &str, body: &[Stmt], event: Option<&str>) {
        let mut ways = Ways::of(function, body);
        if function == "when" {
            self.same_answer(&ways);
        }
        let whose = format!("fn {function} gives");
        let mut answers = ways.unclear;
        for value in &ways.values {
            if let Expr::Unit(at) = value {
                let message = format!("fn {function} gives nothing here.");
                ways.nothing.push((Some(*at), message, "Write true or false."));
            } else {
                answers = true;
                self.condition(value, event, &whose);
            }
        }
        for (at, message, help) in ways.nothing {
            let name = || self.source.function(function).unwrap_or_else(|| self.source.top());
            let span: Span = at.map_or_else(name, |at| self.source.token(at));
            if answers {
                self.finding(Level::Warning, "no-answer", span, format!("{message} That counts as false."), help);
            } else {
                self.error("not-a-condition", span, message, help);
            }
        }
    }

    /// A condition that is the same whatever comes. A rule that sets marks, or listens for anything, may want that.
    fn same_answer(&mut self, ways: &Ways) {
        let all =
            |truth: bool| ways.values.iter().all(|value| matches!(value, Expr::BoolConstant(is, _) if *is == truth));
        if ways.unclear || ways.lacks() || ways.values.is_empty() || self.policy.silent_for.is_some() {
            return;
        }
        let span = self.source.function("when").unwrap_or_else(|| self.source.top());
        if all(false) && !self.functions.iter().any(|function| function.name == "remember") {
            let message = "fn when is false whatever comes, so this rule never fires.";
            self.finding(
                Level::Warning,
                "never-fires",
                span,
                message,
                "Write the condition in it, or switch the rule off.",
            );
        } else if all(true) && ways.values.len() > 1 {
            let message = "fn when is true on every way through it.";
            self.finding(Level::Warning, "redundant", span, message, "Write false where it is not to fire.");
        }
    }
}

impl Ways {
    pub fn of(function: &str, body: &[Stmt]) -> Self {
        let mut ways = Self::default();
        ways.block(function, body);
        ways.returns(function, body);
        ways
    }

    /// Whether there is a way that gives nothing.
    pub fn lacks(&self) -> bool {
        !self.nothing.is_empty()
    }

    /// The value of a block is that of its last statement.
    fn block(&mut self, function: &str, statements: &[Stmt]) {
        let end = statements.iter().position(|statement| matches!(statement, Stmt::Return(..)));
        if end.is_some() {
            return; // that is looked at by itself
        }
        match statements.last() {
            None => {
                let message = format!("fn {function} is empty.");
                self.nothing.push((None, message, "Write a condition between the { and }."));
            }
            Some(Stmt::Expr(value)) => match &**value {
                Expr::Stmt(block) => self.block(function, block.statements()),
                value => self.values.push(value.clone()),
            },
            Some(Stmt::FnCall(call, at)) => self.values.push(Expr::FnCall(call.clone(), *at)),
            Some(Stmt::Block(block)) => self.block(function, block.statements()),
            Some(Stmt::If(flow, at)) => {
                self.branch(function, flow.body.statements(), *at);
                if flow.branch.is_empty() {
                    self.nothing(function, *at, "gives nothing where this if does not hold.", "Add else { false }.");
                } else {
                    self.block(function, flow.branch.statements());
                }
            }
            Some(looped @ (Stmt::While(flow, at) | Stmt::Do(flow, _, at))) => self.looped(function, looped, flow, *at),
            Some(looped @ Stmt::For(each, at)) => self.looped(function, looped, &each.2, *at),
            Some(Stmt::Var(_, _, at)) => {
                self.nothing(function, *at, "ends with a variable, and gives nothing.", "Write a condition after it.");
            }
            Some(Stmt::Assignment(assignment)) => {
                if let Expr::Variable(_, _, at) = assignment.1.lhs {
                    let help = "Write == to compare, or a condition after it.";
                    self.nothing(function, at, "ends with an assignment, which gives nothing.", help);
                } else {
                    self.unclear = true; // that an event is not changed is told
                }
            }
            Some(Stmt::Noop(at)) => self.nothing(function, *at, "gives nothing here.", "Write a condition."),
            Some(_) => self.unclear = true,
        }
    }

    fn nothing(&mut self, function: &str, at: Position, what: &str, help: &'static str) {
        self.nothing.push((Some(at), format!("fn {function} {what}"), help));
    }

    /// A loop gives nothing where it comes to its end; one that never does has a finding of its own.
    fn looped(&mut self, function: &str, looped: &Stmt, flow: &FlowControl, at: Position) {
        self.unclear = true;
        let body = flow.body.statements();
        let always = matches!(looped, Stmt::While(..)) && is_always(&flow.expr);
        if !always || leaves(body) && !gives(body) {
            self.nothing(function, at, "ends with a loop, which gives nothing.", "Write false after it.");
        }
    }

    fn branch(&mut self, function: &str, statements: &[Stmt], at: Position) {
        if statements.is_empty() {
            let message = format!("fn {function} gives nothing where this if holds.");
            self.nothing.push((Some(at), message, "Write true or false between the { and }."));
        } else {
            self.block(function, statements);
        }
    }

    /// What it gives with a `return`, wherever that stands.
    fn returns(&mut self, function: &str, body: &[Stmt]) {
        each(body, &mut |statement| {
            if let Stmt::Return(value, flags, at) = statement
                && !flags.contains(ASTFlags::BREAK)
            {
                if let Some(value) = value {
                    self.values.push((**value).clone());
                } else {
                    let message = format!("fn {function} gives nothing here.");
                    self.nothing.push((Some(*at), message, "Write return true or return false."));
                }
            }
        });
    }
}

/// Each statement, and those within it.
pub(super) fn each(statements: &[Stmt], on: &mut impl FnMut(&Stmt)) {
    for statement in statements {
        statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            if let Some(ASTNode::Stmt(statement)) = path.last() {
                on(statement);
            }
            true
        });
    }
}
