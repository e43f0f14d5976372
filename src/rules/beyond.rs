//! What one rule alone does not tell: marks that no rule of its folder sets, windows that are longer than the log.

use std::{collections::HashSet, time::Duration};

use rhai::{AST, ASTNode, Expr, FnCallExpr, Stmt};

use super::{
    calls::{Texts, text},
    duration,
    place::Source,
    words::{nearest, suggest},
};
use crate::{
    diagnostic::{Diagnostic, Level, Span},
    functions::remember,
};

/// What a rule has to do with others and with the log.
#[derive(Clone, Debug, Default)]
pub(super) struct Beyond {
    /// The text could be read. If not, nobody knows which marks it sets.
    pub readable: bool,
    /// The marks it sets.
    sets: HashSet<String>,
    /// The marks it asks for, and where.
    asks: Vec<(String, Span)>,
    /// How far its calls look back, and where that is written.
    looks: Vec<(Duration, Span)>,
}

impl Beyond {
    pub fn of(ast: &AST, texts: &Texts, source: &Source) -> Self {
        let mut beyond = Self { readable: true, ..Self::default() };
        ast.walk(&mut |path: &[ASTNode]| {
            if let Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) = path.last() {
                beyond.add(call, texts, source);
            }
            true
        });
        // The tree's order of functions is by hash, and it may come by a node twice.
        beyond.asks.sort_by_key(|(_, span)| (span.line, span.column));
        beyond.asks.dedup();
        beyond.looks.sort_by_key(|(_, span)| (span.line, span.column));
        beyond.looks.dedup();
        beyond
    }

    fn add(&mut self, call: &FnCallExpr, texts: &Texts, source: &Source) {
        let Some(durations) = remember::durations(&call.name, call.args.len()) else { return };
        let mut spans = call.args.iter().take(durations);
        let back: Option<Vec<Duration>> = spans.clone().map(|span| duration::parse(text(span, texts)?).ok()).collect();
        if let (Some(back), Some(first), Some(last)) = (back, spans.clone().next(), spans.next_back()) {
            self.looks.push((back.iter().sum(), source.across(first, last)));
        }
        let mark = match call.name.as_str() {
            "mark" => call.args.first(),
            "marked" => call.args.get(1),
            _ => None,
        };
        let Some((mark, name)) = mark.and_then(|mark| Some((mark, text(mark, texts)?.to_owned()))) else { return };
        if call.name == "mark" {
            self.sets.insert(name);
        } else {
            self.asks.push((name, source.token(mark.start_position())));
        }
    }

    pub fn asks_for_marks(&self) -> bool {
        !self.asks.is_empty()
    }

    /// The marks that neither it nor one of the others of its folder sets.
    pub fn unset<'a>(&'a self, folder: impl Iterator<Item = &'a Self> + Clone) -> Vec<Diagnostic> {
        if folder.clone().any(|rule| !rule.readable) {
            return Vec::new();
        }
        let set: HashSet<&str> = folder.chain([self]).flat_map(|rule| rule.sets.iter().map(String::as_str)).collect();
        let unset = self.asks.iter().filter(|(mark, _)| !set.contains(mark.as_str()));
        unset
            .map(|(mark, span)| {
                let near = nearest(mark, set.iter().copied()).map(|near| format!("\"{near}\""));
                let help = format!("Write mark(\"{mark}\", …) in the rule that sees it first, in the same folder.");
                warning(
                    "unset-mark",
                    *span,
                    format!("No rule of this folder sets the mark \"{mark}\"."),
                    suggest(near.as_deref(), help),
                )
            })
            .collect()
    }

    /// How far its calls look back at most.
    pub fn longest(&self) -> Duration {
        self.looks.iter().map(|(back, _)| *back).max().unwrap_or_default()
    }

    /// The windows that are longer than the log keeps rows.
    pub fn longer_than(&self, keeps: Duration) -> Vec<Diagnostic> {
        let longer = self.looks.iter().filter(|(back, _)| *back > keeps);
        longer
            .map(|(back, span)| {
                let message = format!(
                    "This looks {} back, and the log keeps {}: when the rule is new or edited, it cannot see further.",
                    duration::format(*back),
                    duration::format(keeps)
                );
                let help = "Look less far back, or keep the log for longer.";
                warning("longer-than-log", *span, message, help.into())
            })
            .collect()
    }
}

fn warning(code: &str, span: Span, message: String, help: String) -> Diagnostic {
    Diagnostic { code: code.into(), severity: Level::Warning, message, help, span, label: String::new() }
}
