//! Conditions of `if` after one another: one that is never asked where it holds, one that cannot hold where it stands.

use rhai::{ASTNode, Expr, Stmt};

use super::{Checker, claim::Claim, reach::ends};

/// What is known where a statement stands.
#[derive(Clone, Default)]
struct Known {
    /// Conditions that hold.
    holds: Vec<(Expr, Claim)>,
    /// Conditions that do not.
    fails: Vec<(Expr, Claim)>,
}

impl Checker<'_> {
    /// The `if`s of a function, each with what those before it and around it leave.
    pub(super) fn conditions_in_order(&mut self, body: &[Stmt], event: Option<&str>) {
        self.ordered(body, Known::default(), event);
    }

    fn ordered(&mut self, statements: &[Stmt], mut known: Known, event: Option<&str>) {
        for statement in statements {
            match statement {
                Stmt::If(flow, _) => {
                    let said = self.said_of_event(&flow.expr, event);
                    self.against(&said, &known);
                    let mut within = known.clone();
                    within.holds.extend(said.iter().cloned());
                    self.ordered(flow.body.statements(), within, event);
                    // Several clauses together may fail by one of them.
                    let alone = if let [one] = &said[..] { Some(one.clone()) } else { None };
                    let alone = alone.filter(|_| !matches!(flow.expr, Expr::And(..)));
                    let mut otherwise = known.clone();
                    otherwise.fails.extend(alone.clone());
                    self.ordered(flow.branch.statements(), otherwise, event);
                    if flow.branch.is_empty() && flow.body.statements().iter().any(ends) {
                        known.fails.extend(alone);
                    }
                }
                Stmt::Block(block) => self.ordered(block.statements(), known.clone(), event),
                Stmt::Expr(expression) => match &**expression {
                    Expr::Stmt(block) => self.ordered(block.statements(), known.clone(), event),
                    expression => {
                        let said = self.said_of_event(expression, event);
                        self.against(&said, &known);
                    }
                },
                _ => {}
            }
        }
    }

    fn against(&mut self, said: &[(Expr, Claim)], known: &Known) {
        for (clause, claim) in said {
            if self.is_wrong(clause) {
                continue;
            }
            if let Some((before, _)) = known.fails.iter().find(|(_, before)| claim.implies(before)) {
                let message =
                    format!("Where this holds, {} before it does, and nothing comes here.", self.quoted(before));
                self.warning("unreachable", clause, message, "Ask for the narrower condition first.");
            } else if let Some((around, _)) = known.holds.iter().find(|(_, around)| around.contradicts(claim)) {
                let message = format!("This never holds where {} does, which stands around it.", self.quoted(around));
                self.warning("contradiction", clause, message, "Take one of them out.");
            }
        }
    }

    /// The clauses of a condition, as far as each says something of the event alone: variables change.
    fn said_of_event(&self, condition: &Expr, event: Option<&str>) -> Vec<(Expr, Claim)> {
        let clauses = super::reach::flat_and(condition).into_iter();
        let said = clauses.filter(|clause| self.is_of_event(clause, event));
        said.filter_map(|clause| Some((clause.clone(), self.claim(clause, event)?))).collect()
    }

    fn is_of_event(&self, clause: &Expr, event: Option<&str>) -> bool {
        let mut of_event = true;
        clause.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            if let Some(ASTNode::Expr(Expr::Variable(variable, ..))) = path.last() {
                let name = variable.1.as_str();
                of_event &= Some(name) == event || self.constants.contains(name) && !self.locals.contains_key(name);
            }
            of_event
        });
        of_event
    }
}
