//! From the tree of a function to its clauses.

use std::mem;

use rhai::{AST, ASTFlags, ASTNode, Expr, FnCallExpr, Module, Position, Stmt};

use super::{
    super::{place::Source, script::body},
    Call, Clause, Code, Joint, Logic, Part, Split, Step,
    names::Names,
    part,
};
use crate::diagnostic::Span;

/// How deep functions that call functions are taken apart.
const DEPTH: usize = 8;
/// With so many clauses, no further function is taken apart: two that call each other twice make many.
const CLAUSES: usize = 200;

/// Takes a function of a rule apart, and those it calls; nothing, if there is none of that name.
pub(in super::super) fn split(ast: &AST, function: &str, text: &str) -> Split {
    let source = Source::new(text.trim_start_matches('\u{feff}'));
    let Some((parameters, statements)) = body(ast, function, 1) else { return Split::default() };
    let event = parameters.into_iter().next().unwrap_or_default();
    let mut splitting = Splitting {
        ast,
        source: &source,
        event: event.clone(),
        within: vec![function.to_owned()],
        apart: 0,
        last: 0,
        names: Names::default(),
        split: Split { event, ..Split::default() },
    };
    let steps = splitting.block(&statements, 0);
    Split { steps, ..splitting.split }
}

pub(super) struct Splitting<'a> {
    pub(super) ast: &'a AST,
    pub(super) source: &'a Source,
    /// What the function that is taken apart calls the event.
    pub(super) event: String,
    /// That function, and those it was called from.
    within: Vec<String>,
    /// How many calls of the rule's functions were taken apart, also those of which nothing is kept.
    apart: usize,
    /// The names that it gives to values.
    pub(super) names: Names,
    /// The last clause that is in no function called from this one.
    pub(super) last: usize,
    pub(super) split: Split,
}

impl Splitting<'_> {
    fn block(&mut self, statements: &[Stmt], depth: u32) -> Vec<Step> {
        let outside = self.names.clone();
        let mut steps = Vec::with_capacity(statements.len());
        for (place, statement) in statements.iter().enumerate() {
            self.names.note(statement, &self.event, self.ast, self.source);
            let last = place + 1 == statements.len();
            steps.push(match statement {
                Stmt::Noop(_) => Step::Nothing,
                Stmt::If(flow, _) => {
                    let condition = self.logic(&flow.expr, Joint::First, depth);
                    Step::If(
                        condition,
                        self.block(flow.body.statements(), depth),
                        self.block(flow.branch.statements(), depth),
                    )
                }
                Stmt::Return(value, flags, _) if !flags.contains(ASTFlags::BREAK) => {
                    Step::Return(value.as_ref().map(|value| self.logic(value, Joint::First, depth)))
                }
                Stmt::Expr(value) if last => Step::Value(self.logic(value, Joint::First, depth)),
                // What is marked is said wherever it stands.
                Stmt::FnCall(call, at) if last || call.name == "mark" => {
                    Step::Value(self.logic(&Expr::FnCall(call.clone(), *at), Joint::First, depth))
                }
                Stmt::Var(named, _, at) => match self.named((&named.0.name, named.0.pos), &named.1, *at, depth) {
                    Some(named) => Step::Name(named),
                    None => Step::Run(statement.clone()),
                },
                Stmt::Expr(_) | Stmt::FnCall(..) | Stmt::Assignment(_) => Step::Run(statement.clone()),
                Stmt::For(..) | Stmt::While(..) | Stmt::Do(..) => self.through(statement, depth),
                _ if last => Step::Value(Logic::Clause(self.statement(Code::Statement(statement.clone()), depth))),
                _ => self.through(statement, depth),
            });
        }
        self.names = outside;
        steps
    }

    pub(super) fn logic(&mut self, expression: &Expr, joint: Joint, depth: u32) -> Logic {
        match expression {
            Expr::And(operands, _) => Logic::And(self.operands(operands, Joint::And, joint, depth)),
            Expr::Or(operands, _) => Logic::Or(self.operands(operands, Joint::Or, joint, depth)),
            Expr::FnCall(call, _) if let Some(turned) = self.turned_around(call) => {
                let first = self.split.clauses.len();
                let grouped = matches!(turned, Expr::And(..) | Expr::Or(..));
                let inner = self.logic(turned, joint, depth + u32::from(grouped));
                if grouped {
                    self.brackets(first, "!(");
                } else if inner.clause().is_some()
                    && let Some(begin) = self.split.clauses.get_mut(first)
                {
                    // What is said of the call is said with what turns it around.
                    begin.span = self.source.expression(ends(expression));
                    begin.text = self.source.text(begin.span);
                } else if let Some(begin) = self.split.clauses.get_mut(first) {
                    begin.opens.insert(0, '!');
                }
                Logic::Not(Box::new(inner))
            }
            Expr::FnCall(call, _) if let Some((parameters, statements)) = self.body_of(call) => {
                self.call(expression, call, joint, depth, (parameters, &statements))
            }
            Expr::BoolConstant(..) | Expr::Unit(_) => Logic::Constant(expression.clone()),
            _ => Logic::Clause(self.clause(expression, joint, depth)),
        }
    }

    /// What `!` turns around, if it is more than one clause.
    fn turned_around<'e>(&self, call: &'e FnCallExpr) -> Option<&'e Expr> {
        let turned = call.args.first().filter(|_| call.op_token.is_some() && call.name == "!")?;
        let apart = match turned {
            Expr::And(..) | Expr::Or(..) => true,
            Expr::FnCall(inner, _) => self.turned_around(inner).is_some() || self.body_of(inner).is_some(),
            _ => false,
        };
        apart.then_some(turned)
    }

    /// The body of a function that is called plainly: one of the rule's own, given what can be read anew without harm.
    fn body_of(&self, call: &FnCallExpr) -> Option<(Vec<String>, Vec<Stmt>)> {
        let plainly = call.op_token.is_none()
            && !call.is_qualified()
            && !call.capture_parent_scope
            && call.args.iter().all(is_plain)
            && !self.within.iter().any(|name| *name == call.name)
            && self.within.len() <= DEPTH
            && self.split.clauses.len() < CLAUSES
            && self.apart < CLAUSES;
        if plainly { body(self.ast, &call.name, call.args.len()) } else { None }
    }

    /// The call as a clause, and those of the function after it.
    fn call(
        &mut self,
        expression: &Expr,
        call: &FnCallExpr,
        joint: Joint,
        depth: u32,
        (parameters, statements): (Vec<String>, &[Stmt]),
    ) -> Logic {
        self.apart += 1;
        let clause = self.clause(expression, joint, depth);
        let given: Vec<(String, Expr)> = parameters.into_iter().zip(call.args.iter().cloned()).collect();
        let event = given.iter().find(|(_, given)| part::is(given, &self.event)).map(|(name, _)| name.clone());
        let outer = mem::replace(&mut self.event, event.unwrap_or_default());
        let outer_names = mem::take(&mut self.names);
        self.within.push(call.name.to_string());
        let steps = self.block(statements, depth + 1);
        self.within.pop();
        (self.event, self.names) = (outer, outer_names);
        self.last = clause;
        let end = self.split.clauses.len();
        if end == clause + 1 {
            return Logic::Clause(clause);
        }
        self.split.clauses[clause].calls = true;
        Logic::Call(Call { clause, function: call.name.to_string(), given, steps, end })
    }

    fn operands(&mut self, operands: &[Expr], inner: Joint, outer: Joint, depth: u32) -> Vec<Logic> {
        let logic = |(place, operand): (usize, &Expr)| {
            let joint = if place == 0 { outer } else { inner };
            let grouped = matches!(operand, Expr::And(..) | Expr::Or(..));
            let first = self.split.clauses.len();
            let logic = self.logic(operand, joint, depth + u32::from(grouped));
            if grouped {
                self.brackets(first, "(");
            }
            logic
        };
        operands.iter().enumerate().map(logic).collect()
    }

    /// Puts all clauses from `first` on in brackets.
    fn brackets(&mut self, first: usize, opens: &str) {
        if let Some([begin, ..]) = self.split.clauses.get_mut(first..) {
            begin.opens.insert_str(0, opens);
            if let Some(end) = self.split.clauses.get_mut(self.last) {
                end.closes += 1;
            }
        }
    }

    fn clause(&mut self, expression: &Expr, joint: Joint, depth: u32) -> usize {
        let span = self.source.expression(ends(expression));
        let parts = part::parts(expression, &self.event, &self.names, self.ast, self.source);
        self.add(Code::Expression(expression.clone()), span, joint, depth, parts)
    }

    /// A statement as a clause, with what it reads.
    pub(super) fn statement(&mut self, code: Code, depth: u32) -> usize {
        let statements = match &code {
            Code::Statement(statement) | Code::Through { statement, .. } => vec![statement.clone()],
            Code::Expression(_) => Vec::new(),
        };
        let span = self.source.expression(statements_ends(&statements));
        let parts = part::parts_of_all(&statements, &self.event, &self.names, self.ast, self.source);
        self.add(code, span, Joint::First, depth, parts)
    }

    /// A clause that no brackets stand at, so far.
    pub(super) fn add(&mut self, code: Code, span: Span, joint: Joint, depth: u32, parts: Vec<Part>) -> usize {
        self.split.clauses.push(Clause {
            code,
            text: self.source.text(span),
            span,
            joint,
            depth,
            opens: String::new(),
            closes: 0,
            calls: false,
            parts,
        });
        self.last = self.split.clauses.len() - 1;
        self.last
    }
}

/// A name, a value that is written down, or a field.
fn is_plain(given: &Expr) -> bool {
    match given {
        Expr::Dot(pair, ..) => matches!(pair.lhs, Expr::Variable(..)) && matches!(pair.rhs, Expr::Property(..)),
        Expr::Variable(..) => true,
        value => value.is_constant(),
    }
}

/// The first and the last position in an expression.
pub(super) fn ends(expression: &Expr) -> (Position, Position) {
    statements_ends(&[Stmt::Expr(Box::new(expression.clone()))])
}

fn statements_ends(statements: &[Stmt]) -> (Position, Position) {
    let mut all: Vec<Position> = Vec::new();
    AST::new(statements.iter().cloned(), Module::new()).walk(&mut |path: &[ASTNode]| {
        all.extend(path.last().map(|node| match node {
            ASTNode::Expr(expression) => expression.position(),
            ASTNode::Stmt(statement) => statement.position(),
            _ => Position::NONE,
        }));
        true
    });
    all.retain(|at| !at.is_none());
    let (first, last) = (all.iter().min().copied(), all.iter().max().copied());
    (first.unwrap_or(Position::NONE), last.unwrap_or(Position::NONE))
}
