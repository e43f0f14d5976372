//! Loops, and what else may return on its way: one clause each, and what stands behind them is asked if they do not.

use rhai::{AST, ASTFlags, ASTNode, Expr, Module, Stmt};

use super::{Code, Step, split::Splitting};

impl Splitting<'_> {
    /// One that never returns is no condition.
    pub(super) fn through(&mut self, statement: &Stmt, depth: u32) -> Step {
        match returns(statement) {
            None => Step::Run(statement.clone()),
            Some(truth) => {
                let code = Code::Through { statement: statement.clone(), otherwise: !truth };
                Step::Through(self.statement(code, depth))
            }
        }
    }
}

/// Whether a statement that may return may return anything but false; `None` if it never returns.
fn returns(statement: &Stmt) -> Option<bool> {
    let mut returns = None;
    AST::new([statement.clone()], Module::new()).walk(&mut |path: &[ASTNode]| {
        if let Some(ASTNode::Stmt(Stmt::Return(value, flags, _))) = path.last()
            && !flags.contains(ASTFlags::BREAK)
        {
            let is_false = value.as_ref().is_none_or(|value| matches!(**value, Expr::BoolConstant(false, _)));
            returns = Some(returns == Some(true) || !is_false);
        }
        true
    });
    returns
}
