//! Constants that are written twice, and constants where a function belongs.

use rhai::{ASTNode, Expr, Stmt};

use super::{Checker, foreign};
use crate::{
    diagnostic::Level,
    rules::{
        settings::Constant,
        words::{CALLED, EXPECTED},
    },
};

impl Checker<'_> {
    pub(super) fn constants(&mut self) {
        for (place, constant) in self.written.iter().enumerate() {
            if self.written[..place].iter().any(|before| before.name == constant.name) {
                let message = format!("There are two constants {}.", constant.name);
                self.error("twice", constant.name_span, message, "Keep one of them.");
            }
            if let Some(ours) = foreign::constant(&constant.name)
                && !self.is_read(&constant.name)
                && self.written.iter().all(|other| other.name != ours)
            {
                let message = format!("{} does nothing: what it may be meant for is called {ours}.", constant.name);
                let help = format!("Write const {ours} = {};", self.source.text(constant.value_span));
                self.finding(Level::Warning, "no-effect", constant.name_span, message, help);
            }
            let folded = constant.name.to_lowercase();
            let meant = CALLED.into_iter().chain([EXPECTED]).find(|function| *function == folded);
            if let Some(function) = meant
                && !self.is_read(&constant.name)
            {
                let message = format!("{} does nothing: fn {function} says that.", constant.name);
                let takes = if function == EXPECTED { "" } else { "event" };
                let help = format!("Write fn {function}({takes}) {{ {} }}.", self.meant(function, constant));
                self.finding(Level::Warning, "no-effect", constant.name_span, message, help);
            }
        }
    }

    /// A function that nothing calls, named as another program names what Tocsin has.
    pub(super) fn foreign_function(&mut self, name: &str) {
        let Some(ours) = foreign::called(name) else { return };
        let mut called = false;
        self.ast.walk(&mut |path: &[ASTNode]| {
            called |= matches!(path.last(), Some(ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))
                | ASTNode::Stmt(Stmt::FnCall(call, _))) if call.name == name);
            !called
        });
        let there = match ours.split_once(' ') {
            Some((_, constant)) => self.written.iter().any(|other| other.name == constant),
            None => self.functions.iter().any(|function| function.name == ours),
        };
        if !called && !there {
            let help =
                if ours.contains(' ') { format!("Write {ours} = …;") } else { format!("Write fn {ours}(event).") };
            let span = self.source.function(name).unwrap_or_else(|| self.source.top());
            self.finding(
                Level::Warning,
                "no-effect",
                span,
                format!("Nothing calls fn {name}, so it does nothing."),
                help,
            );
        }
    }

    /// What a function is to give in the place of a constant: a field, where the constant names one.
    fn meant(&self, function: &str, constant: &Constant) -> String {
        let named = constant.value.as_immutable_string_ref().map(|text| text.to_string()).unwrap_or_default();
        let field = named.trim_start_matches("event.");
        if self.is_field(field) {
            format!("event.{field}")
        } else if function == "key" {
            "…".into() // one alert for all is seldom meant
        } else {
            self.source.text(constant.value_span)
        }
    }

    /// Whether anything in the rule reads a constant.
    fn is_read(&self, name: &str) -> bool {
        let mut read = false;
        self.ast.walk(&mut |path: &[ASTNode]| {
            read |= matches!(path.last(), Some(ASTNode::Expr(Expr::Variable(variable, ..))) if variable.1 == name);
            !read
        });
        read
    }
}
