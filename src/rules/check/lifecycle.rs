//! What a rule says of its alerts' life, where that cannot be: a state that is over as soon as it begins, constants that
//! nothing in the rule heeds.

use std::collections::HashMap;

use rhai::{ASTNode, Expr, Position, Stmt};

use super::{Checker, compare::field_name, reach::flat_and};
use crate::{diagnostic::Level, functions::remember, rules::duration};

impl Checker<'_> {
    /// Looks at all functions together; `bodies` are theirs, by name.
    pub(super) fn lifecycle(&mut self, bodies: &HashMap<String, Vec<Stmt>>) {
        self.locals.clear();
        self.over_at_once(bodies);
        self.over_before_held();
        self.never_over(bodies);
        self.heeded("LEARN", &["first_seen"], "first_seen");
        self.heeded("ZONE", &["between", "weekday"], "between or weekday");
        if let Some(body) = bodies.get("remember")
            && calls(body).iter().all(|name| !self.has_own(name) && name != "mark")
        {
            let span = self.source.function("remember").unwrap_or_else(|| self.source.top());
            let help = "Write mark(\"seen\", …) in it, or take it out.";
            let message = "fn remember sets no mark, and what else it remembers nothing else asks for.";
            self.finding(Level::Warning, "no-effect", span, message, help);
        }
    }

    /// `fn resolved` wins where both hold: if it holds wherever `fn when` does, nothing ever fires.
    fn over_at_once(&mut self, bodies: &HashMap<String, Vec<Stmt>>) {
        let (Some(when), Some(resolved)) = (bodies.get("when"), bodies.get("resolved")) else { return };
        if self.policy.silent_for.is_some() {
            return; // SILENT_FOR does not go with it, and that is told
        }
        let same = self.same_text("when", "resolved") && calls(when).iter().all(|name| !self.has_own(name));
        let same = same && calls(when).iter().all(|name| remember::durations(name, 3).is_none());
        let implied = match (&when[..], &resolved[..]) {
            (_, [Stmt::Expr(resolved)]) if matches!(**resolved, Expr::BoolConstant(true, _)) => true,
            ([Stmt::Expr(when)], [Stmt::Expr(resolved)]) => self.implies(when, resolved),
            _ => false,
        };
        if same || implied {
            let span = self.source.function("resolved").unwrap_or_else(|| self.source.top());
            let message = "fn resolved holds wherever fn when does, so the alert never fires.";
            let help = "Write in fn resolved how the end is told from the beginning.";
            self.finding(Level::Warning, "never-fires", span, message, help);
        }
    }

    /// A key that is another one where `fn resolved` holds than where `fn when` does: it ends no alert.
    fn never_over(&mut self, bodies: &HashMap<String, Vec<Stmt>>) {
        let [Some([Stmt::Expr(when)]), Some([Stmt::Expr(resolved)]), Some([Stmt::Expr(key)])] =
            ["when", "resolved", "key"].map(|name| bodies.get(name).map(Vec::as_slice))
        else {
            return;
        };
        let [of_when, of_resolved, of_key] = ["when", "resolved", "key"].map(|name| self.parameter(name));
        let differs = |field: &Expr| {
            let about = self.as_written(field, of_key.as_deref());
            let claims = |condition, event: Option<&str>| -> Vec<_> {
                let claims = flat_and(condition).into_iter().filter_map(|clause| self.claim(clause, event));
                claims.filter(|claim| claim.is_about(&about)).collect()
            };
            let (begins, ends) = (claims(when, of_when.as_deref()), claims(resolved, of_resolved.as_deref()));
            begins.iter().any(|begins| ends.iter().any(|ends| begins.contradicts(ends)))
        };
        let parts = match &**key {
            Expr::Array(parts, _) | Expr::InterpolatedString(parts, _) => &parts[..],
            other => std::slice::from_ref(other),
        };
        let field = |part: &Expr| match part {
            Expr::Stmt(block) => match block.statements() {
                [Stmt::Expr(inner)] => Some((**inner).clone()),
                _ => None,
            },
            other => Some(other.clone()),
        };
        let fields = parts.iter().filter_map(field);
        // Where the kind has no field of that name, it is the event's own.
        let of_moment = |field: &Expr| {
            let name = field_name(field, of_key.as_deref());
            let own = |name| self.kinds.iter().any(|kind| kind.field(name).is_some());
            name.is_some_and(|name| matches!(name, "id" | "time" | "received") && !own(name))
        };
        if let Some(field) = fields.into_iter().find(|field| of_moment(field) || differs(field)) {
            let written = self.written_as(&field);
            let message = format!("{written} is another one when fn resolved holds, so that ends no alert.");
            let help = "Leave it out of fn key: a key is the same from the beginning to the end.";
            self.finding(Level::Warning, "never-over", self.source.whole(&field), message, help);
        }
    }

    /// Whether one condition holds wherever another does, as far as their clauses tell.
    fn implies(&self, when: &Expr, resolved: &Expr) -> bool {
        let (event, again) = (self.parameter("when"), self.parameter("resolved"));
        let known: Vec<_> =
            flat_and(when).into_iter().filter_map(|clause| self.claim(clause, event.as_deref())).collect();
        let follows = |clause: &Expr| {
            let claim = self.claim(clause, again.as_deref());
            claim.is_some_and(|claim| known.iter().any(|known| known.implies(&claim)))
        };
        flat_and(resolved).into_iter().all(|clause| match clause {
            Expr::Or(either, _) => either.iter().any(follows),
            clause => follows(clause),
        })
    }

    fn parameter(&self, function: &str) -> Option<String> {
        let function = self.functions.iter().find(|known| known.name == function)?;
        function.params.first().map(ToString::to_string)
    }

    /// Whether the bodies of two functions are the same but for white space, comments and what they call the event.
    fn same_text(&self, one: &str, other: &str) -> bool {
        let text = |function: &str| self.source.body(function, self.parameter(function).as_deref());
        text(one).is_some_and(|text_of_one| text(other) == Some(text_of_one))
    }

    /// A state that is over by time before it has lasted long enough to fire.
    fn over_before_held(&mut self) {
        let (Some(hold), Some(end)) = (self.policy.hold, self.policy.resolve_after) else { return };
        let is_state = self.policy.state && self.policy.silent_for.is_none();
        let Some(constant) = self.written.iter().find(|constant| constant.name == "RESOLVE_AFTER") else { return };
        if is_state && end <= hold {
            let message = format!(
                "A match that is not repeated is over after {}, before it has lasted {} (HOLD): it never fires.",
                duration::format(end),
                duration::format(hold)
            );
            let help = "Make RESOLVE_AFTER longer than HOLD, or take it out: fn resolved says when it is over.";
            self.finding(Level::Warning, "contradiction", constant.name_span, message, help);
        }
    }

    /// What remembers, where a rule has matched already. (A title may say how often.)
    pub(super) fn remembered_late(&mut self, function: &str, body: &[Stmt]) {
        if !matches!(function, "key" | "title" | "body") {
            return;
        }
        let mut late: Vec<(String, Position)> = Vec::new();
        for statement in body {
            statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
                if let Some(ASTNode::Expr(Expr::FnCall(call, at)) | ASTNode::Stmt(Stmt::FnCall(call, at))) = path.last()
                    && remember::durations(&call.name, call.args.len()).is_some()
                    && !self.has_own(&call.name)
                {
                    late.push((call.name.to_string(), *at));
                }
                true
            });
        }
        for (name, at) in late {
            let (message, help) = match (&*name, function) {
                ("mark", _) => (
                    format!("fn {function} is asked only once the rule has matched."),
                    "Set the mark in fn when, or in fn remember(event), which runs for each event.",
                ),
                ("previous", _) | (_, "title" | "body") => continue,
                _ => (
                    format!("What {name} gives changes with each event, and the key is what an alert is known by."),
                    "Write a field in fn key, and remember in fn when.",
                ),
            };
            self.finding(Level::Warning, "misplaced", self.source.token(at), message, help);
        }
    }

    /// A constant that only means something to functions that the rule does not call.
    fn heeded(&mut self, name: &str, functions: &[&str], who: &str) {
        let Some(constant) = self.written.iter().find(|constant| constant.name == name) else { return };
        let mut called = false;
        self.ast.walk(&mut |path: &[ASTNode]| {
            called |= path.last().and_then(name_called).is_some_and(|name| functions.contains(&name));
            !called
        });
        let reported = self.findings.iter().any(|finding| finding.span.line == constant.name_span.line);
        if !called && !reported {
            let message = format!("{name} does nothing in a rule without {who}.");
            self.finding(Level::Warning, "no-effect", constant.name_span, message, "Take it out.");
        }
    }

    fn has_own(&self, name: &str) -> bool {
        self.functions.iter().any(|function| function.name == name)
    }
}

/// The names of all functions that are called there.
fn calls(body: &[Stmt]) -> Vec<String> {
    let mut names = Vec::new();
    for statement in body {
        statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            names.extend(path.last().and_then(name_called).map(str::to_owned));
            true
        });
    }
    names
}

fn name_called<'a>(node: &'a ASTNode) -> Option<&'a str> {
    match node {
        ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _)) => {
            Some(call.name.as_str())
        }
        _ => None,
    }
}
