//! What can be said about a rule's functions before any event: names that mean nothing, fields that are not there.

mod address_part;
mod alike;
mod answer;
mod arguments;
mod claim;
mod compare;
mod constants;
mod endless;
mod event;
mod foreign;
mod given;
mod idle;
mod key;
mod lifecycle;
mod links;
mod misused;
mod names;
mod order;
mod own;
mod plain;
mod range;
mod reach;
mod times;
mod together;
mod types;
mod unused;
mod written;

use std::collections::{HashMap, HashSet};

use rhai::{AST, ASTNode, Dynamic, Expr, ScriptFnMetadata, Stmt};

use super::{
    calls::Texts,
    engine::Natives,
    place::Source,
    policy::Policy,
    script::function_alone,
    settings::Constant,
    words::{CALLED, EXPECTED, is_slip},
};
use crate::{
    diagnostic::{Diagnostic, Level, Span},
    event::Kind,
    functions::{self, Lists, remember},
};
pub(super) use own::Own;
use types::{IN_PLACE, Ty};

/// Fields that every event has.
const COMMON: [&str; 7] = ["id", "kind", "topic", "time", "received", "customer_id", "msp_id"];

/// What the checks know of the rule.
pub(super) struct Checker<'a> {
    pub ast: &'a AST,
    pub source: &'a Source,
    pub kinds: &'a [&'static Kind],
    pub constants: &'a HashSet<String>,
    /// Those of them that are texts.
    pub texts: &'a Texts,
    /// What the constants hold.
    pub values: &'a HashMap<String, Dynamic>,
    /// The constants where they stand.
    pub written: &'a [Constant],
    pub policy: &'a Policy,
    pub functions: &'a [ScriptFnMetadata<'a>],
    /// Native functions.
    pub natives: &'a Natives,
    pub lists: &'a Lists,
    pub findings: &'a mut Vec<Diagnostic>,
    /// Where a mistake was told that makes others of what stands there: they are not told.
    pub told: Vec<Span>,
    /// The variables of the function that is looked at, with their types as far as they are sure.
    pub locals: HashMap<String, Ty>,
    /// What those of them are that are given a value once.
    pub lets: HashMap<String, Expr>,
    /// What was seen of the rule's own functions.
    pub own: Own,
    /// Variables that are never read.
    pub unused: Vec<(String, Span)>,
}

impl Checker<'_> {
    /// Checks which functions there are, and what stands in them.
    pub fn check(&mut self) {
        if !self.functions.iter().any(|function| function.name == "when") && !self.has_slip_of_when() {
            let help = "Add fn when(event) { … } with the condition.";
            self.error("missing-when", self.source.top(), "The rule does not say when it matches.", help);
        }
        self.constants();
        let mut bodies: HashMap<String, Vec<Stmt>> = HashMap::new();
        let events = event::parameters(self.ast, self.functions);
        for function in self.functions {
            self.signature(function);
            let event = events.get(&(function.name.to_owned(), function.params.len())).cloned();
            // The tree does not say which function a node is in, so look at one at a time.
            let alone = function_alone(self.ast, function.name, function.params.len());
            self.variables(function, event.as_deref(), &alone);
            let (mut body, mut joined): (Vec<Stmt>, Vec<Expr>) = (Vec::new(), Vec::new());
            alone.walk(&mut |path: &[ASTNode]| {
                if let Some(chain) = links::whole(path) {
                    self.part_of_chain(chain, event.as_deref());
                    self.part_of_value(chain, event.as_deref());
                }
                if let Some(node) = path.last() {
                    self.node(node, event.as_deref());
                    self.in_place(path, event.as_deref());
                }
                if let [ASTNode::Stmt(statement)] = path {
                    body.push((*statement).clone());
                }
                if let Some(ASTNode::Expr(joins @ (Expr::And(..) | Expr::Or(..)))) = path.last() {
                    joined.push((*joins).clone());
                }
                true
            });
            // A clause that is wrong by itself has been told by now.
            for joins in &joined {
                self.joined(joins, event.as_deref());
            }
            let known = (function.name.to_owned(), function.params.len());
            self.note_own(&known, &function.params, &alone, event.as_deref());
            self.note_unused(&alone);
            bodies.insert(function.name.to_owned(), body.clone());
            self.whole(function.name, &body, event.as_deref());
        }
        self.own_functions();
        self.lifecycle(&bodies);
        self.unused();
    }

    /// What can be said of a function as a whole.
    fn whole(&mut self, function: &str, body: &[Stmt], event: Option<&str>) {
        self.statements(body);
        self.idle(body, true, &[]);
        self.conditions_in_order(body, event);
        self.remembered_late(function, body);
        self.switches(function, body);
        match (function, body) {
            ("when" | "resolved", body) => self.answer(function, body, event),
            ("key", body) => self.key(body, event),
            ("title" | "body", body) => drop(self.gives_nothing(function, body)),
            (EXPECTED, [Stmt::Expr(expected)]) => self.expected(expected),
            _ => {}
        }
        if let ("key" | "title" | "body", Some(Stmt::Expr(said))) = (function, body.last())
            && is_event(said, event)
        {
            let message = format!("fn {function} gives the whole event, which is no text.");
            let help = "Write one of its fields, or several: [event.id, event.kind].";
            self.error("whole-event", self.source.whole(said), message, help);
        }
    }

    /// A `switch` in a condition, whose labels are not looked into. Elsewhere it only picks words.
    fn switches(&mut self, function: &str, body: &[Stmt]) {
        if !matches!(function, "when" | "resolved") {
            return;
        }
        let mut switches = Vec::new();
        answer::each(body, &mut |statement| {
            if let Stmt::Switch(_, at) = statement {
                switches.push(*at);
            }
        });
        for at in switches {
            let message = "Tocsin cannot check the labels of a switch.";
            self.finding(Level::Warning, "switch", self.source.token(at), message, "Use if and else if.");
        }
    }

    /// The types of a function's variables: of those that are given a value once, and of which the type is sure.
    fn variables(&mut self, function: &ScriptFnMetadata, event: Option<&str>, alone: &AST) {
        self.locals = function.params.iter().map(|name| (name.to_string(), Ty::Unknown)).collect();
        self.lets.clear();
        let mut given: Vec<(String, Expr)> = Vec::new();
        let mut declared: Vec<String> = Vec::new();
        let mut rounds: Vec<(String, Expr)> = Vec::new();
        alone.walk(&mut |path: &[ASTNode]| {
            match path.last() {
                Some(ASTNode::Stmt(Stmt::Var(variable, ..))) => {
                    declared.push(variable.0.name.to_string());
                    given.push((variable.0.name.to_string(), variable.1.clone()));
                }
                Some(ASTNode::Stmt(Stmt::For(each, _))) => {
                    rounds.push((each.0.name.to_string(), each.2.expr.clone()));
                    let names = [Some(&each.0), each.1.as_ref()].into_iter().flatten();
                    declared.extend(names.clone().map(|name| name.name.to_string()));
                    given.extend(names.map(|name| (name.name.to_string(), Expr::default())));
                }
                Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => {
                    if let Expr::Variable(variable, ..) = &assignment.1.lhs {
                        given.push((variable.1.to_string(), Expr::default()));
                    }
                }
                _ => {}
            }
            true
        });
        // A constant that is given a value stays one.
        let declared = |name: &str| declared.iter().any(|known| known == name);
        given.retain(|(name, _)| declared(name) || !self.constants.contains(name));
        for (name, value) in &given {
            let once = given.iter().filter(|(other, _)| other == name).count() == 1;
            let sure = once && !matches!(value, Expr::Unit(_)) && !self.locals.contains_key(name);
            let ty = if sure { self.ty(value, event) } else { Ty::Unknown };
            if sure {
                self.lets.insert(name.clone(), value.clone());
            }
            self.locals.insert(name.clone(), ty);
        }
        for (name, list) in rounds {
            if given.iter().filter(|(other, _)| *other == name).count() == 1 {
                let ty = self.entry_ty(&list, event);
                self.locals.insert(name, ty);
            }
        }
    }

    fn has_slip_of_when(&self) -> bool {
        self.functions.iter().any(|function| is_slip(function.name, "when"))
    }

    fn finding(&mut self, level: Level, code: &str, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let finding = Diagnostic {
            code: code.into(),
            severity: level,
            message: message.into(),
            help: help.into(),
            span,
            label: String::new(),
        };
        if !self.findings.contains(&finding) && !self.told.iter().any(|told| told.holds(span)) {
            self.findings.push(finding);
        }
    }

    fn error(&mut self, code: &str, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.finding(Level::Error, code, span, message, help);
    }

    /// Whether an error was found there, or within.
    fn is_wrong(&self, expression: &Expr) -> bool {
        let span = self.source.whole(expression);
        self.findings.iter().any(|finding| finding.severity == Level::Error && span.holds(finding.span))
    }

    /// A function's name and what it takes.
    fn signature(&mut self, function: &ScriptFnMetadata) {
        let name = function.name;
        let span = self.source.function(name).unwrap_or_else(|| self.source.top());
        if CALLED.contains(&name) {
            if function.params.len() != 1 {
                let message = format!("fn {name} takes one thing, the event.");
                self.error("bad-signature", span, message, format!("Write fn {name}(event)."));
            }
        } else if name == EXPECTED {
            if !function.params.is_empty() {
                let message = "fn expected takes nothing: it is asked when the rule is loaded.";
                self.error("bad-signature", span, message, "Write fn expected().");
            }
        } else if self.natives.contains_key(name) {
            let message = format!("{name} is a function that Tocsin has; this one would hide it.");
            self.error("shadows", span, message, "Give it another name.");
        } else if let Some(meant) = CALLED.into_iter().chain([EXPECTED]).find(|meant| is_slip(name, meant))
            && !self.functions.iter().any(|function| function.name == meant)
        {
            let message = format!("fn {name} is almost fn {meant}, and would do nothing.");
            let takes = if meant == EXPECTED { "" } else { "event" };
            self.error("near-miss", span, message, format!("Write fn {meant}({takes}), or a name less like it."));
        } else {
            self.foreign_function(name);
        }
    }

    fn node(&mut self, node: &ASTNode, event: Option<&str>) {
        match node {
            ASTNode::Expr(Expr::Dot(pair, ..)) if is_event(&pair.lhs, event) => {
                self.member(&pair.rhs);
                self.part_of_field(&pair.rhs);
                if let Expr::Dot(rest, ..) = &pair.rhs
                    && let Expr::MethodCall(call, _) = &rest.rhs
                {
                    self.question(&rest.lhs, call, event);
                }
            }
            ASTNode::Expr(Expr::And(clauses, _)) => {
                for clause in clauses.iter() {
                    self.condition(clause, event, "&& takes");
                }
            }
            ASTNode::Expr(Expr::Or(clauses, _)) => {
                for clause in clauses.iter() {
                    self.condition(clause, event, "|| takes");
                }
            }
            ASTNode::Stmt(Stmt::Assignment(assignment)) if is_part_of_event(&assignment.1.lhs, event) => {
                let message = "An event cannot be changed.";
                let turned = self.source.text(self.negation_behind(assignment.0.position()));
                let help = if turned == "=!" { "Write != to compare." } else { "Write == to compare." };
                if turned == "=!" {
                    // That it turns a text around is no mistake of its own.
                    self.told.push(self.source.whole(&assignment.1.rhs));
                }
                self.error("assigns", self.source.token(assignment.0.position()), message, help);
            }
            ASTNode::Stmt(Stmt::Assignment(assignment)) if self.is_constant_of_rule(&assignment.1.lhs) => {
                let name = variable_name(head(&assignment.1.lhs)).unwrap_or_default();
                let message = format!("{name} is a constant and cannot be changed.");
                let help = "Write == to compare; what changes is a variable: let n = …;";
                self.error("assigns", self.source.token(assignment.0.position()), message, help);
            }
            ASTNode::Stmt(Stmt::Assignment(assignment)) => {
                let span = self.negation_behind(assignment.0.position());
                if self.source.text(span) == "=!" {
                    let message = "=! sets it to what stands behind, turned around.";
                    self.finding(Level::Warning, "operator", span, message, "Write != to compare, or = !… to set it.");
                }
            }
            ASTNode::Stmt(Stmt::Block(block)) => self.statements(block.statements()),
            ASTNode::Stmt(Stmt::If(flow, _)) => {
                self.condition(&flow.expr, event, "if takes");
                self.branches(flow);
                self.statements(flow.body.statements());
                self.statements(flow.branch.statements());
            }
            ASTNode::Expr(Expr::Index(pair, ..)) if is_event(&pair.lhs, event) => {
                if let Expr::StringConstant(name, at) = head(&pair.rhs) {
                    self.field(name, *at);
                }
            }
            ASTNode::Expr(Expr::StringConstant(text, at)) => self.not_filled_in(text, *at, event),
            ASTNode::Expr(Expr::Variable(variable, None, at)) if variable.0.is_none() && variable.2.is_empty() => {
                self.variable(&variable.1, *at, event);
            }
            ASTNode::Expr(Expr::Variable(variable, _, at)) if !variable.2.is_empty() => {
                let message = "A rule has no modules, so :: means nothing here.";
                let help = format!("Write event.{}.", variable.1);
                let first = variable.2.path.first().map_or(*at, |first| first.pos);
                let span = self.source.between(first, *at);
                self.error(
                    "unknown-name",
                    span,
                    message,
                    if self.is_field(&variable.1) { help } else { String::new() },
                );
            }
            ASTNode::Expr(Expr::ThisPtr(at)) if event.is_some() => {
                let message = "\"this\" means nothing here.";
                let help = format!("Write {}.", event.unwrap_or("event"));
                self.error("unknown-name", self.source.token(*at), message, help);
            }
            ASTNode::Expr(Expr::MethodCall(call, at))
                if remember::durations(&call.name, call.args.len() + 1).is_some() =>
            {
                let name = &call.name;
                let message = format!("{name} is not asked of a value: what it counts by stands between the brackets.");
                let signature = functions::all().find(|function| function.name == name).map_or("", |f| f.signature);
                self.error("bad-arguments", self.source.token(*at), message, format!("Write {signature}."));
            }
            ASTNode::Expr(Expr::FnCall(call, at) | Expr::MethodCall(call, at))
            | ASTNode::Stmt(Stmt::FnCall(call, at)) => {
                self.call(call, *at, matches!(node, ASTNode::Expr(Expr::MethodCall(..))), event);
                self.types_of_call(call, *at, event);
                self.whole_event(call, *at, event);
                self.quoted_field(call);
            }
            ASTNode::Stmt(loops @ Stmt::While(..)) => self.endless(loops),
            ASTNode::Stmt(loops @ Stmt::For(..)) => {
                self.too_long(loops);
                self.one_round(loops);
            }
            ASTNode::Stmt(Stmt::Var(variable, ..)) if Some(variable.0.name.as_str()) == event => {
                let message = format!("From here on {} is not the event any more.", variable.0.name);
                self.error("shadows", self.source.token(variable.0.pos), message, "Give the variable another name.");
            }
            _ => {}
        }
    }

    /// A function that changes a text and gives nothing, asked for what it gives, or of the event.
    fn in_place(&mut self, path: &[ASTNode], event: Option<&str>) {
        let Some(ASTNode::Expr(Expr::MethodCall(call, at))) = path.last() else { return };
        let Some((name, instead)) = IN_PLACE.iter().find(|(name, _)| *name == call.name) else { return };
        let chain = path.iter().rev().skip(1).take_while(|node| matches!(node, ASTNode::Expr(Expr::Dot(..)))).count();
        let mut outside = path.iter().rev().skip(chain);
        let of_variable = matches!(outside.next(), Some(ASTNode::Expr(Expr::Dot(pair, ..)))
            if matches!(&pair.lhs, Expr::Variable(..)) && !is_event(&pair.lhs, event));
        if of_variable && matches!(outside.next(), Some(ASTNode::Stmt(Stmt::Expr(_)))) {
            return;
        }
        let message = format!("{name} changes a text in its place, and gives nothing.");
        let help = if instead.is_empty() {
            format!("Ask it of a variable: let text = event.…; text.{name}(…); and go on with text.")
        } else {
            (*instead).to_owned()
        };
        self.error("in-place", self.source.token(*at), message, help);
    }

    /// Whether it is one, or a place in one, and no variable hides it.
    fn is_constant_of_rule(&self, expression: &Expr) -> bool {
        let name = variable_name(head(expression));
        name.is_some_and(|name| self.constants.contains(name) && !self.locals.contains_key(name))
    }

    /// An operator and the character behind it, as in `=!`.
    fn negation_behind(&self, at: rhai::Position) -> Span {
        let span = self.source.token(at);
        Span { end_column: span.column + 2, ..span }
    }

    /// What follows `event.`.
    fn member(&mut self, rest: &Expr) {
        match head(rest) {
            Expr::Property(property, at) => self.field(&property.2, *at),
            Expr::MethodCall(call, at) if self.is_field(&call.name) => {
                let message = format!("{} is a field, not a function.", call.name);
                self.error("not-a-function", self.source.token(*at), message, format!("Write event.{}.", call.name));
            }
            Expr::MethodCall(call, at)
                if self.natives.contains_key(call.name.as_str())
                    && remember::durations(&call.name, call.args.len() + 1).is_none() =>
            {
                let message = format!("{} is asked of the whole event.", call.name);
                let field = if self.is_field("ssid") { "ssid" } else { self.identity().unwrap_or("id") };
                let help = format!("Ask it of a field: event.{field}.{}(…).", call.name);
                self.error("bad-arguments", self.source.token(*at), message, help);
            }
            _ => {}
        }
    }
}

/// The name, where this is a variable or a constant.
fn variable_name(expression: &Expr) -> Option<&str> {
    if let Expr::Variable(variable, ..) = expression { Some(variable.1.as_str()) } else { None }
}

/// Whether this is the variable that holds the event.
fn is_event(expression: &Expr, event: Option<&str>) -> bool {
    matches!(expression, Expr::Variable(variable, ..) if Some(variable.1.as_str()) == event)
}

/// Whether this is a field of the event.
fn is_part_of_event(expression: &Expr, event: Option<&str>) -> bool {
    matches!(expression, Expr::Dot(pair, ..) | Expr::Index(pair, ..) if is_event(&pair.lhs, event))
}

/// The last link of a chain such as `.a.b`.
fn last_link(expression: &Expr) -> &Expr {
    match expression {
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => last_link(&pair.rhs),
        other => other,
    }
}

/// The first link of a chain such as `.a.b`.
fn head(expression: &Expr) -> &Expr {
    match expression {
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => head(&pair.lhs),
        other => other,
    }
}
