//! Loops and calls that never end, or take more steps than a rule may.

use rhai::{ASTFlags, Expr, Stmt};

use super::{Checker, answer::each};
use crate::{diagnostic::Level, rules::engine::OPERATIONS};

impl Checker<'_> {
    /// A loop that nothing ends.
    pub(super) fn endless(&mut self, statement: &Stmt) {
        if let Stmt::While(flow, at) = statement
            && is_always(&flow.expr)
            && !leaves(flow.body.statements())
        {
            let message = "This loop never ends, so the rule is stopped for taking too many steps.";
            let help = "Give it a condition, or end it with break or return.";
            self.finding(Level::Warning, "endless", self.source.token(*at), message, help);
        }
    }

    /// `for i in 0..1000000`.
    pub(super) fn too_long(&mut self, statement: &Stmt) {
        let Stmt::For(each, _) = statement else { return };
        let Expr::FnCall(call, _) = &each.2.expr else { return };
        let [Some(from), Some(to)] = [0, 1].map(|place| self.constant_number(call.args.get(place)?)) else { return };
        let is_range = matches!(call.name.as_str(), ".." | "..=" | "range") && call.args.len() == 2;
        if is_range && to - from > OPERATIONS as f64 && !leaves(each.2.body.statements()) {
            let message = format!(
                "This goes round {} times, and a rule is stopped after {OPERATIONS} steps.",
                to - from + f64::from(u8::from(call.name == "..="))
            );
            let help = "Go through fewer, or end it with break or return.";
            self.finding(Level::Warning, "endless", self.source.whole(&each.2.expr), message, help);
        }
    }

    /// A search that gives up in its first round: `for … { if … { return true; } return false; }`.
    pub(super) fn one_round(&mut self, statement: &Stmt) {
        let Stmt::For(each_of, _) = statement else { return };
        let statements = each_of.2.body.statements();
        let returns =
            |statement: &Stmt| matches!(statement, Stmt::Return(_, flags, _) if !flags.contains(ASTFlags::BREAK));
        let Some((last, before)) = statements.split_last() else { return };
        let mut found = false;
        each(before, &mut |statement| found |= returns(statement));
        if returns(last) && found && matches!(before, [Stmt::If(..), ..]) {
            let message = "This ends the loop in its first round, whatever comes after.";
            let help = "Move it behind the loop.";
            self.finding(Level::Warning, "unreachable", self.source.token(last.position()), message, help);
        }
    }
}

/// `loop`, and `while true`.
pub(super) const fn is_always(condition: &Expr) -> bool {
    matches!(condition, Expr::Unit(_) | Expr::BoolConstant(true, _))
}

/// Whether a loop of these statements can be left.
pub(super) fn leaves(statements: &[Stmt]) -> bool {
    let mut leaves = false;
    each(statements, &mut |statement| {
        leaves |= match statement {
            Stmt::Return(..) => true,
            Stmt::BreakLoop(_, flags, _) => flags.contains(ASTFlags::BREAK),
            _ => false,
        };
    });
    leaves
}

/// Whether a loop of these statements is left with a value.
pub(super) fn gives(statements: &[Stmt]) -> bool {
    let mut gives = false;
    each(statements, &mut |statement| {
        gives |= matches!(statement, Stmt::Return(..) | Stmt::BreakLoop(Some(_), ..));
    });
    gives
}
