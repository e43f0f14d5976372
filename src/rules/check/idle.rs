//! Statements that change nothing, and variables that only hide another.

use rhai::{ASTNode, Expr, FnCallExpr, Stmt};

use super::Checker;
use crate::{
    diagnostic::Level,
    functions::{self, remember},
};

/// Functions of Rhai that only answer.
const ANSWER: [&str; 10] = [
    "contains",
    "starts_with",
    "ends_with",
    "to_lower",
    "to_upper",
    "len",
    "is_empty",
    "sub_string",
    "index_of",
    "type_of",
];

impl Checker<'_> {
    /// Statements of a block: what each but the last gives is not used, and that of the last only if the block's is.
    /// `outside` are the variables of the blocks around it.
    pub(super) fn idle(&mut self, statements: &[Stmt], used: bool, outside: &[String]) {
        let mut known = outside.to_vec();
        for (place, statement) in statements.iter().enumerate() {
            let used = used && place + 1 == statements.len();
            match statement {
                Stmt::Expr(expression) => match &**expression {
                    Expr::Stmt(block) => self.idle(block.statements(), used, &known),
                    expression if !used && self.is_idle(expression) => self.not_used(expression),
                    expression if !used && compares_remembered(expression) => {
                        let message = "This counts, and what it compares is not used.";
                        let help = "Write return before it, or join it to what follows with && or ||.";
                        self.warning("no-effect", expression, message, help);
                    }
                    _ => {}
                },
                Stmt::Block(block) => self.idle(block.statements(), used, &known),
                Stmt::If(flow, _) => {
                    self.idle(flow.body.statements(), used, &known);
                    self.idle(flow.branch.statements(), used, &known);
                }
                Stmt::While(flow, _) | Stmt::Do(flow, ..) => self.idle(flow.body.statements(), false, &known),
                Stmt::For(each, _) => self.idle(each.2.body.statements(), false, &known),
                Stmt::Var(variable, ..) => {
                    let name = variable.0.name.as_str();
                    if outside.iter().any(|other| other == name) && !reads(&statements[place + 1..], name) {
                        let message = format!("This {name} is another one, and is gone at the end of its block.");
                        let span = self.source.token(variable.0.pos);
                        self.finding(
                            Level::Warning,
                            "shadows",
                            span,
                            message,
                            format!("Write {name} = …; without let."),
                        );
                    }
                    if self.constants.contains(name) {
                        let message = format!("This {name} hides the constant of that name.");
                        let span = self.source.token(variable.0.pos);
                        self.finding(Level::Warning, "shadows", span, message, "Give the variable another name.");
                    }
                    known.push(name.to_owned());
                }
                _ => {}
            }
        }
    }

    fn not_used(&mut self, expression: &Expr) {
        let message = "This changes nothing: what it gives is not used.";
        let help = "Write return before it, or join it to what follows with && or ||.";
        self.warning("no-effect", expression, message, help);
    }

    /// Whether nothing remembers, changes or may change anything there.
    fn is_idle(&self, expression: &Expr) -> bool {
        if matches!(expression, Expr::Unit(_)) {
            return false;
        }
        let answers = |call: &FnCallExpr| {
            let name = call.name.as_str();
            let own = self.functions.iter().any(|function| function.name == name);
            let ours = functions::all().any(|function| function.name == name);
            let remembers = remember::durations(name, call.args.len()).is_some();
            !own && (call.is_operator_call() || ANSWER.contains(&name) || ours && !remembers)
        };
        let mut idle = true;
        expression.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            idle &= match path.last() {
                Some(ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))) => answers(call),
                Some(ASTNode::Stmt(_)) => false,
                _ => true,
            };
            idle
        });
        idle
    }
}

/// `count("10m", event.ssid) > 2`
fn compares_remembered(expression: &Expr) -> bool {
    let Expr::FnCall(call, _) = expression else { return false };
    let remembers = |side: &Expr| matches!(side, Expr::FnCall(call, _) if remember::durations(&call.name, call.args.len()).is_some());
    let compares = matches!(call.name.as_str(), "==" | "!=" | "<" | "<=" | ">" | ">=");
    call.is_operator_call() && compares && call.args.iter().any(remembers)
}

/// Whether a variable of that name is read there.
fn reads(statements: &[Stmt], name: &str) -> bool {
    let mut reads = false;
    for statement in statements {
        statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            reads |= matches!(path.last(), Some(ASTNode::Expr(Expr::Variable(variable, ..))) if variable.1 == name);
            !reads
        });
    }
    reads
}
