//! What a rule names and never uses: constants, functions, variables. A name that begins with `_` is meant so.

use rhai::{AST, ASTNode, Expr, Position, Stmt};

use super::Checker;
use crate::{
    diagnostic::{Level, Span},
    rules::words::{CALLED, CONSTANTS, EXPECTED},
};

impl Checker<'_> {
    /// Variables of a function, which stands alone in the tree.
    pub(super) fn note_unused(&mut self, alone: &AST) {
        let mut named: Vec<(String, Position)> = Vec::new();
        alone.walk(&mut |path: &[ASTNode]| {
            if let Some(ASTNode::Stmt(Stmt::Var(variable, ..))) = path.last() {
                named.push((variable.0.name.to_string(), variable.0.pos));
            }
            true
        });
        named.retain(|(name, _)| !reads(alone, name));
        self.unused.extend(named.into_iter().map(|(name, at)| (name, self.source.token(at))));
    }

    /// Tells them all, where there is no mistake: what is named wrongly elsewhere may be why.
    pub(super) fn unused(&mut self) {
        if self.findings.iter().any(|finding| finding.severity == Level::Error) {
            return;
        }
        let mut unused = std::mem::take(&mut self.unused);
        for constant in self.written {
            let ours = CONSTANTS.iter().any(|ours| ours.name == constant.name);
            if !ours && !reads(self.ast, &constant.name) {
                unused.push((constant.name.clone(), constant.name_span));
            }
        }
        for function in self.functions {
            let name = function.name;
            let asked = CALLED.contains(&name) || name == EXPECTED;
            if !asked && !is_called(self.ast, name) {
                unused.push((format!("fn {name}"), self.source.function(name).unwrap_or_else(|| self.source.top())));
            }
        }
        for (name, span) in unused {
            self.not_named(&name, span);
        }
    }

    fn not_named(&mut self, name: &str, span: Span) {
        let bare = name.trim_start_matches("fn ");
        let told = self.findings.iter().any(|finding| finding.span.line == span.line);
        if bare.starts_with('_') || told {
            return;
        }
        let message = format!("{name} is never used.");
        let help = format!("Take it out, or call it _{bare} if it is to stay.");
        self.finding(Level::Warning, "unused", span, message, help);
    }
}

fn reads(tree: &AST, name: &str) -> bool {
    let mut reads = false;
    tree.walk(&mut |path: &[ASTNode]| {
        reads |= matches!(path.last(), Some(ASTNode::Expr(Expr::Variable(variable, ..))) if variable.1 == name);
        !reads
    });
    reads
}

fn is_called(tree: &AST, name: &str) -> bool {
    let mut called = false;
    tree.walk(&mut |path: &[ASTNode]| {
        called |= matches!(path.last(), Some(ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))
            | ASTNode::Stmt(Stmt::FnCall(call, _))) if call.name == name);
        !called
    });
    called
}
