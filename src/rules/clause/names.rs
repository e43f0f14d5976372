//! Names that a function gives to values: what of the event they are made of, and how far back what they remember looks.

use std::collections::HashMap;

use rhai::{AST, ASTNode, Expr, FnCallExpr, Module, Position, Stmt};

use super::{
    super::{place::Source, script::body},
    part::{by_name, field, is, made_in},
    split::ends,
};
use crate::functions::remember;

/// What is known of the names that a function gives to values.
#[derive(Clone, Default)]
pub(super) struct Names {
    /// Names of what a call that remembers gave, `let n = count("10m", event.ssid)`, and the windows of those calls.
    pub windows: HashMap<String, String>,
    /// Names of what hangs on the event alone, `let bad = event.level == "high"`, and the fields that it is made of.
    pub fields: HashMap<String, Vec<Expr>>,
}

impl Names {
    /// Keeps what a statement says of names.
    pub fn note(&mut self, statement: &Stmt, event: &str, ast: &AST, source: &Source) {
        let Stmt::Var(named, ..) = statement else {
            // What is given another value later is made of more than its first.
            let tree = AST::new([statement.clone()], Module::new());
            let is_loop = matches!(statement, Stmt::For(..) | Stmt::While(..) | Stmt::Do(..));
            for name in made_in(&tree) {
                let first = self.fields.remove(&name);
                // A loop that reckons is no clause: what it read is shown where its result is used.
                if is_loop {
                    let (read, _) = self.read(&tree, event, ast, source);
                    self.fields.insert(name, first.into_iter().flatten().chain(read).collect());
                }
            }
            return;
        };
        let (name, value) = (named.0.name.to_string(), &named.1);
        let fields = self.fields_of(value, event, ast, source);
        self.fields.insert(name.clone(), fields);
        match window(value, ast, source) {
            Some(window) => self.windows.insert(name, window),
            None => self.windows.remove(&name),
        };
    }

    /// The fields that a value is made of; none if it is a field, which says itself, or if it remembers.
    fn fields_of(&self, value: &Expr, event: &str, ast: &AST, source: &Source) -> Vec<Expr> {
        let tree = AST::new([Stmt::Expr(Box::new(value.clone()))], Module::new());
        let (fields, remembers) = self.read(&tree, event, ast, source);
        let itself = matches!(value, Expr::Dot(pair, ..) if matches!(pair.rhs, Expr::Property(..)));
        if itself || remembers { Vec::new() } else { fields }
    }

    /// The fields that are read in a tree, and whether it remembers.
    fn read(&self, tree: &AST, event: &str, ast: &AST, source: &Source) -> (Vec<Expr>, bool) {
        let (mut fields, mut remembers): (Vec<Expr>, bool) = (Vec::new(), false);
        tree.walk(&mut |path: &[ASTNode]| {
            match path.last() {
                Some(ASTNode::Expr(chain @ Expr::Dot(pair, ..))) if is(&pair.lhs, event) => {
                    fields.extend(field(chain).map(by_name));
                }
                Some(ASTNode::Expr(Expr::Variable(variable, ..))) => {
                    fields.extend(self.fields.get(variable.1.as_str()).into_iter().flatten().cloned());
                }
                Some(ASTNode::Expr(call @ Expr::FnCall(..))) => remembers |= window(call, ast, source).is_some(),
                _ => {}
            }
            true
        });
        (fields, remembers)
    }
}

/// The window of a call that remembers, as it is written; also of a function of the rule that is such a call and no more.
pub(super) fn window(expression: &Expr, ast: &AST, source: &Source) -> Option<String> {
    let Expr::FnCall(call, _) = expression else { return None };
    if call.op_token.is_some() {
        return None;
    }
    let Some(durations) = remember::durations(&call.name, call.args.len()) else {
        return window_within(call, ast, source);
    };
    let spans: Vec<String> =
        call.args.iter().take(durations).map(|span| source.text(source.expression(ends(span)))).collect();
    (!spans.is_empty()).then(|| spans.join(" and ").replace('"', ""))
}

fn window_within(call: &FnCallExpr, ast: &AST, source: &Source) -> Option<String> {
    let (_, statements) = body(ast, &call.name, call.args.len()).filter(|_| !call.is_qualified())?;
    let only = match &statements[..] {
        [Stmt::FnCall(only, _)] => only,
        [Stmt::Expr(value) | Stmt::Return(Some(value), ..)] => match &**value {
            Expr::FnCall(only, _) => only,
            _ => return None,
        },
        _ => return None,
    };
    remember::durations(&only.name, only.args.len())?;
    window(&Expr::FnCall(only.clone(), Position::NONE), ast, source)
}
