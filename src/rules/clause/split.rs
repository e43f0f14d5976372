//! From the tree of a function to its clauses.

use rhai::{AST, ASTFlags, ASTNode, Expr, Module, Position, Stmt};

use super::{
    super::{place::Source, script::function_alone},
    Clause, Code, Joint, Logic, Split, Step, part,
};

/// Takes a function of a rule apart; nothing, if there is none of that name.
pub(in super::super) fn split(ast: &AST, function: &str, text: &str) -> Split {
    let source = Source::new(text.trim_start_matches('\u{feff}'));
    let alone = function_alone(ast, function, 1);
    let Some(event) = alone.iter_functions().next().and_then(|known| Some(known.params.first()?.to_string())) else {
        return Split::default();
    };
    let mut statements: Vec<Stmt> = Vec::new();
    alone.walk(&mut |path: &[ASTNode]| {
        if let [ASTNode::Stmt(statement)] = path {
            statements.push((*statement).clone());
        }
        true
    });
    let mut splitting = Splitting { source: &source, split: Split { event, ..Split::default() } };
    let steps = splitting.block(&statements);
    Split { steps, ..splitting.split }
}

struct Splitting<'a> {
    source: &'a Source,
    split: Split,
}

impl Splitting<'_> {
    fn block(&mut self, statements: &[Stmt]) -> Vec<Step> {
        let mut steps = Vec::with_capacity(statements.len());
        for (place, statement) in statements.iter().enumerate() {
            let last = place + 1 == statements.len();
            steps.push(match statement {
                Stmt::Noop(_) => Step::Nothing,
                Stmt::If(flow, _) => {
                    let condition = self.logic(&flow.expr, Joint::First, 0);
                    Step::If(condition, self.block(flow.body.statements()), self.block(flow.branch.statements()))
                }
                Stmt::Return(value, flags, _) if !flags.contains(ASTFlags::BREAK) => {
                    Step::Return(value.as_ref().map(|value| self.logic(value, Joint::First, 0)))
                }
                Stmt::Expr(value) if last => Step::Value(self.logic(value, Joint::First, 0)),
                Stmt::FnCall(call, at) if last => {
                    Step::Value(self.logic(&Expr::FnCall(call.clone(), *at), Joint::First, 0))
                }
                Stmt::Var(..) | Stmt::Expr(_) | Stmt::FnCall(..) | Stmt::Assignment(_) => Step::Run(statement.clone()),
                // Loops and the like may return, or change what follows.
                _ => {
                    let rest = statements[place..].to_vec();
                    steps.push(Step::Value(self.statements(rest)));
                    return steps;
                }
            });
        }
        steps
    }

    fn logic(&mut self, expression: &Expr, joint: Joint, depth: u32) -> Logic {
        match expression {
            Expr::And(operands, _) => Logic::And(self.operands(operands, Joint::And, joint, depth)),
            Expr::Or(operands, _) => Logic::Or(self.operands(operands, Joint::Or, joint, depth)),
            Expr::FnCall(call, _)
                if call.op_token.is_some()
                    && call.name == "!"
                    && matches!(call.args.first(), Some(Expr::And(..) | Expr::Or(..))) =>
            {
                let first = self.split.clauses.len();
                let inner = self.logic(&call.args[0], joint, depth + 1);
                self.brackets(first, "!(");
                Logic::Not(Box::new(inner))
            }
            Expr::BoolConstant(..) | Expr::Unit(_) => Logic::Constant(expression.clone()),
            _ => self.clause(expression, joint, depth),
        }
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
            if let Some(end) = self.split.clauses.last_mut() {
                end.closes += 1;
            }
        }
    }

    fn clause(&mut self, expression: &Expr, joint: Joint, depth: u32) -> Logic {
        let span = self.source.expression(ends(expression));
        self.split.clauses.push(Clause {
            code: Code::Expression(expression.clone()),
            text: self.source.text(span),
            span,
            joint,
            depth,
            opens: String::new(),
            closes: 0,
            parts: part::parts(expression, &self.split.event, self.source),
        });
        Logic::Clause(self.split.clauses.len() - 1)
    }

    fn statements(&mut self, statements: Vec<Stmt>) -> Logic {
        let ends = statements_ends(&statements);
        let span = self.source.between(ends.0, ends.1);
        self.split.clauses.push(Clause {
            text: self.source.text(span),
            code: Code::Statements(statements),
            span,
            joint: Joint::First,
            depth: 0,
            opens: String::new(),
            closes: 0,
            parts: Vec::new(),
        });
        Logic::Clause(self.split.clauses.len() - 1)
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
