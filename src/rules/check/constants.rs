//! Constants that are written twice, and constants where a function belongs.

use rhai::{ASTNode, Expr};

use super::Checker;
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
