//! Which lists a rule asks for, by name.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Expr, Stmt};

use super::{
    RuleSet,
    calls::{Texts, text},
};

impl RuleSet {
    /// The lists that the rule at that place asks for. `None` if it does not run, or if the name of one is known only
    /// when it is asked for.
    pub fn lists_asked(&self, rule: usize) -> Option<&BTreeSet<String>> {
        self.slots.get(rule)?.script.as_ref()?.lists.as_ref()
    }
}

/// The names in all calls of `list` and `in_list`; `None` if one of them is no literal.
pub(super) fn of(ast: &AST, texts: &Texts) -> Option<BTreeSet<String>> {
    let (mut names, mut known) = (BTreeSet::new(), true);
    ast.walk(&mut |path: &[ASTNode]| {
        if let Some(
            ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _)),
        ) = path.last()
            && matches!(call.name.as_str(), "list" | "in_list")
        {
            match call.args.first().and_then(|name| text(name, texts)) {
                Some(name) => drop(names.insert(name.to_owned())),
                None => known = false,
            }
        }
        known
    });
    known.then_some(names)
}
