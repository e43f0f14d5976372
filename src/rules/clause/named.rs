//! Conditions that a function gives a name, `let odd = event.a == 1 && event.b > 2;`, taken apart under that name.

use rhai::{Expr, Position};

use super::{super::operator::comparison, Call, Code, Joint, Logic, Named, Step, split::Splitting};
use crate::functions::{self, Gives};

impl Splitting<'_> {
    /// The name, and after it the clauses of what it is given; `None` if that is not more than one clause.
    pub(super) fn named(
        &mut self,
        (name, named): (&str, Position),
        value: &Expr,
        statement: Position,
        depth: u32,
    ) -> Option<Named> {
        let last = self.last;
        let span = self.source.expression((statement, named));
        let clause = self.add(Code::Expression(value.clone()), span, Joint::First, depth, Vec::new());
        self.split.clauses[clause].calls = true;
        let value = self.logic(value, Joint::First, depth + 1);
        let more = self.split.clauses.len() > clause + 2;
        if !more || !self.is_condition(&value) {
            self.split.clauses.truncate(clause);
            self.last = last;
            return None;
        }
        self.last = clause;
        // Its clauses show what it is made of.
        self.names.fields.remove(name);
        Some(Named { clause, name: name.to_owned(), value })
    }

    /// Whether it gives true or false, or ends: a function of the rule may give a number as well.
    fn is_condition(&self, logic: &Logic) -> bool {
        match logic {
            Logic::And(_) | Logic::Or(_) | Logic::Not(_) => true,
            Logic::Constant(value) => matches!(value, Expr::BoolConstant(..)),
            Logic::Call(Call { steps, .. }) => self.gives_truth(steps, true),
            Logic::Clause(clause) => match &self.split.clauses[*clause].code {
                Code::Expression(expression) => is_truth(expression),
                Code::Statement(_) | Code::Through { .. } => false,
            },
        }
    }

    /// Whether all that statements return, and their value if it is handed on, is true or false.
    fn gives_truth(&self, steps: &[Step], handed_on: bool) -> bool {
        let value = |place: usize| handed_on && place + 1 == steps.len();
        steps.iter().enumerate().all(|(place, step)| match step {
            Step::Value(logic) => !value(place) || self.is_condition(logic),
            Step::Return(logic) => logic.as_ref().is_some_and(|logic| self.is_condition(logic)),
            Step::If(_, then, otherwise) => {
                self.gives_truth(then, value(place)) && self.gives_truth(otherwise, value(place))
            }
            Step::Run(_) | Step::Name(_) | Step::Nothing => !value(place),
            Step::Through(_) => false,
        })
    }
}

fn is_truth(expression: &Expr) -> bool {
    let ours = |name: &str| functions::all().any(|one| one.name == name && matches!(one.gives, Gives::Truth));
    match expression {
        Expr::FnCall(call, _) if call.op_token.is_some() => comparison(&call.name).is_some() || call.name == "!",
        Expr::FnCall(call, _) => ours(&call.name),
        Expr::Dot(pair, ..) => matches!(&pair.rhs, Expr::MethodCall(call, _) if ours(&call.name)),
        _ => false,
    }
}
