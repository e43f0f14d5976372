//! Clauses that are never reached, or never hold together; keys that are always the same.

use rhai::{Expr, FlowControl, Stmt};

use super::{Checker, claim::Claim, types::Ty};
use crate::diagnostic::{Level, Span};

impl Checker<'_> {
    /// What can be said of the clauses of `&&` or `||` together.
    pub(super) fn joined(&mut self, joins: &Expr, event: Option<&str>) {
        match joins {
            Expr::And(clauses, _) => self.all_of(clauses, event),
            Expr::Or(clauses, _) => self.any_of(clauses, event),
            _ => {}
        }
    }

    /// Clauses of `&&`: after one that is never true nothing is reached, and no two may contradict each other.
    fn all_of(&mut self, clauses: &[Expr], event: Option<&str>) {
        self.unreached(clauses, false, "&&");
        let mut earlier: Vec<(&Expr, Claim)> = Vec::new();
        for clause in flat(clauses, is_and) {
            let Some(claim) = self.claim(clause, event).filter(|_| !self.is_wrong(clause)) else { continue };
            if let Some((against, _)) = earlier.iter().find(|(_, earlier)| earlier.contradicts(&claim)) {
                let message = format!("This never holds together with {}.", self.quoted(against));
                self.warning("contradiction", clause, message, "Write || between them, or take one out.");
            } else if let Some((same, _)) = earlier.iter().find(|(same, _)| self.same(same, clause)) {
                let message = format!("This says the same as {} before it.", self.quoted(same));
                self.warning("redundant", clause, message, "Take one of them out.");
            }
            earlier.push((clause, claim));
        }
        self.together(&flat(clauses, is_and), event);
    }

    /// Clauses of `||`: after one that is always true nothing is reached, and each is to add something.
    fn any_of(&mut self, clauses: &[Expr], event: Option<&str>) {
        self.unreached(clauses, true, "||");
        let mut earlier: Vec<(&Expr, Claim)> = Vec::new();
        for clause in flat(clauses, is_or) {
            let Some(claim) = self.claim(clause, event).filter(|_| !self.is_wrong(clause)) else { continue };
            if let Some((wider, _)) = earlier.iter().find(|(_, wider)| claim.implies(wider)) {
                let message =
                    format!("This adds nothing to {} before it: wherever it holds, that does.", self.quoted(wider));
                self.warning("redundant", clause, message, "Take one of them out.");
            } else if let Some((rest, known)) = earlier.iter().find(|(_, rest)| rest.completes(&claim)) {
                let rest = self.quoted(rest);
                if known.holds_of_nothing() || claim.holds_of_nothing() {
                    let message = format!("One of this and {rest} holds whatever comes.");
                    let help = "Write && between them, or take one out.";
                    let span = self.source.whole(clause);
                    self.error("always-holds", span, message, help);
                } else {
                    let message = format!("One of this and {rest} holds of every value.");
                    self.warning("redundant", clause, message, "Write && between them, or ask present(…).");
                }
            }
            earlier.push((clause, claim));
        }
    }

    fn same(&self, one: &Expr, other: &Expr) -> bool {
        self.as_written(one, None) == self.as_written(other, None)
    }

    /// A clause as it is written, if that is short.
    pub(super) fn quoted(&self, clause: &Expr) -> String {
        let text = self.source.text(self.source.whole(clause));
        if text.chars().count() > 60 || text.contains('\n') { "a clause".into() } else { text }
    }

    /// Clauses after one that settles all, and literals that settle nothing.
    fn unreached(&mut self, clauses: &[Expr], ends: bool, operator: &str) {
        let end = clauses.iter().position(|clause| matches!(clause, Expr::BoolConstant(truth, _) if *truth == ends));
        if let Some(clause) = end.and_then(|end| clauses.get(end + 1)) {
            let message = format!("This is never reached: {ends} stands before {operator}.");
            self.warning("unreachable", clause, message, "Take one of them out.");
        } else if let Some(end) = end {
            let message = format!("With {ends} at its end, this {operator} is always {ends}.");
            self.warning("redundant", &clauses[end], message, "Take it out.");
        }
        let idle = |clause: &&Expr| matches!(clause, Expr::BoolConstant(truth, _) if *truth != ends);
        if let Some(clause) = clauses.iter().find(idle) {
            let message = format!("{} changes nothing beside {operator}.", !ends);
            self.warning("redundant", clause, message, "Take it out.");
        }
    }

    /// The branches of an `if` whose condition is a literal.
    pub(super) fn branches(&mut self, flow: &FlowControl) {
        let Expr::BoolConstant(truth, _) = &flow.expr else { return };
        let dead = if *truth { &flow.branch } else { &flow.body };
        if let Some(first) = dead.statements().first() {
            let span = self.statement(first);
            let message = format!("This is never reached: the if before it is always {truth}.");
            self.finding(Level::Warning, "unreachable", span, message, "Take it out, or write a condition.");
        }
    }

    /// Statements after one that ends the function.
    pub(super) fn statements(&mut self, statements: &[Stmt]) {
        let end = statements.iter().position(ends);
        let after = end.and_then(|end| statements.get(end + 1)).filter(|after| !matches!(after, Stmt::Noop(_)));
        if let Some(after) = after {
            let span = self.statement(after);
            let message = "This is never reached: the function returns before it.";
            self.finding(Level::Warning, "unreachable", span, message, "Take it out, or move it up.");
        }
    }

    /// A statement, or at least how it begins.
    fn statement(&self, statement: &Stmt) -> Span {
        match statement {
            Stmt::Expr(expression) => self.source.whole(expression),
            other => self.source.token(other.position()),
        }
    }

    /// The body of `fn expected`, where it is one expression.
    pub(super) fn expected(&mut self, expression: &Expr) {
        let ty = self.ty(expression, None);
        if let Expr::Array(entries, _) = expression {
            let list = entries.iter().find_map(|entry| Some((entry, self.constant_text(entry)?)));
            if let Some((entry, name)) = list.filter(|(_, name)| self.lists.get(name).is_some()) {
                let message = format!("\"{name}\" is a key here, and not the list of that name.");
                self.warning("expected", entry, message, &format!("Write list(\"{name}\")."));
            }
        }
        if !matches!(ty, Ty::Unknown | Ty::List) {
            let message = format!("fn expected gives {}, not a list.", ty.words());
            let help = if expression.is_constant() {
                format!("Write [{}].", self.written_as(expression))
            } else {
                String::new()
            };
            self.finding(Level::Warning, "expected", self.source.whole(expression), message, help);
        }
    }
}

/// Whether the function, or the loop, is over behind a statement on every way through it.
pub(super) fn ends(statement: &Stmt) -> bool {
    match statement {
        Stmt::Return(..) => true,
        Stmt::If(flow, _) => flow.body.statements().iter().any(ends) && flow.branch.statements().iter().any(ends),
        Stmt::Block(block) => block.statements().iter().any(ends),
        _ => false,
    }
}

/// The operands, and those of operands of the same sort.
fn flat<'e>(clauses: &'e [Expr], inner: fn(&'e Expr) -> Option<&'e [Expr]>) -> Vec<&'e Expr> {
    let all = clauses.iter().flat_map(|clause| match inner(clause) {
        Some(clauses) => flat(clauses, inner),
        None => vec![clause],
    });
    all.collect()
}

/// The operands of a condition's `&&`, or the condition itself.
pub(super) fn flat_and(clause: &Expr) -> Vec<&Expr> {
    flat(std::slice::from_ref(clause), is_and)
}

fn is_and(clause: &Expr) -> Option<&[Expr]> {
    if let Expr::And(clauses, _) = clause { Some(clauses) } else { None }
}

fn is_or(clause: &Expr) -> Option<&[Expr]> {
    if let Expr::Or(clauses, _) = clause { Some(clauses) } else { None }
}
