//! Clauses that are never reached, or never hold together; keys that are always the same.

use rhai::{Expr, Stmt};

use super::{Checker, compare::field_name};

/// What a clause says of a field, for others to contradict.
enum Claim<'e> {
    Is(&'e str, String),
    AtLeast(&'e str, f64),
    AtMost(&'e str, f64),
}

impl Checker<'_> {
    /// Clauses of `&&`: after one that is never true nothing is reached, and no two may contradict each other.
    pub(super) fn all_of(&mut self, clauses: &[Expr], event: Option<&str>) {
        self.unreached(clauses, false, "&&");
        let mut claims: Vec<Claim> = Vec::new();
        for clause in clauses {
            let Some(claim) = claim(clause, event) else { continue };
            let against = claims.iter().any(|earlier| contradicts(earlier, &claim));
            if against {
                let message = "This never holds together with a clause before it.";
                self.warning("contradiction", clause, message, "Write || between them, or take one out.");
            }
            claims.push(claim);
        }
    }

    /// Clauses of `||`: after one that is always true nothing is reached.
    pub(super) fn any_of(&mut self, clauses: &[Expr]) {
        self.unreached(clauses, true, "||");
    }

    fn unreached(&mut self, clauses: &[Expr], ends: bool, operator: &str) {
        let end = clauses.iter().position(|clause| matches!(clause, Expr::BoolConstant(truth, _) if *truth == ends));
        if let Some(clause) = end.and_then(|end| clauses.get(end + 1)) {
            let message = format!("This is never reached: {ends} stands before {operator}.");
            self.warning("unreachable", clause, message, "Take one of them out.");
        }
    }

    /// Statements after one that ends the function.
    pub(super) fn statements(&mut self, statements: &[Stmt]) {
        let end = statements.iter().position(|statement| matches!(statement, Stmt::Return(..)));
        let after = end.and_then(|end| statements.get(end + 1)).filter(|after| !matches!(after, Stmt::Noop(_)));
        if let Some(after) = after {
            let span = self.source.token(after.position());
            let message = "This is never reached: the function returns before it.";
            self.finding(
                crate::diagnostic::Level::Warning,
                "unreachable",
                span,
                message,
                "Take it out, or move it up.",
            );
        }
    }

    /// The body of `fn key`, where it is one expression.
    pub(super) fn key(&mut self, expression: &Expr) {
        let constant = match expression {
            Expr::Variable(variable, ..) => self.constants.contains(variable.1.as_str()),
            other => other.is_constant() && !matches!(other, Expr::Unit(_)),
        };
        if constant {
            let message = "The key is the same for every event, so this rule has one alert at a time.";
            let help = "Write what the alert is about, such as event.rogue_id; without fn key it is what identifies \
                        an event of the kind.";
            self.warning("constant-key", expression, message, help);
        }
    }
}

fn claim<'e>(clause: &'e Expr, event: Option<&str>) -> Option<Claim<'e>> {
    let Expr::FnCall(call, _) = clause else { return None };
    let [one, other] = &call.args[..] else { return None };
    if !call.is_operator_call() {
        return None;
    }
    let (field, constant, turned) = match (field_name(one, event), field_name(other, event)) {
        (Some(field), None) => (field, other, false),
        (None, Some(field)) => (field, one, true),
        _ => return None,
    };
    if call.name == "==" {
        return match constant {
            Expr::StringConstant(text, _) => Some(Claim::Is(field, format!("\"{text}\""))),
            Expr::IntegerConstant(number, _) => Some(Claim::Is(field, number.to_string())),
            Expr::BoolConstant(truth, _) => Some(Claim::Is(field, truth.to_string())),
            _ => None,
        };
    }
    let bound = match constant {
        Expr::IntegerConstant(number, _) => *number as f64,
        Expr::FloatConstant(number, _) => **number,
        _ => return None,
    };
    match (call.name.as_str(), turned) {
        (">" | ">=", false) | ("<" | "<=", true) => Some(Claim::AtLeast(field, bound)),
        ("<" | "<=", false) | (">" | ">=", true) => Some(Claim::AtMost(field, bound)),
        _ => None,
    }
}

fn contradicts(one: &Claim, other: &Claim) -> bool {
    match (one, other) {
        (Claim::Is(field, value), Claim::Is(again, other)) => field == again && value != other,
        (Claim::AtLeast(field, least), Claim::AtMost(again, most))
        | (Claim::AtMost(again, most), Claim::AtLeast(field, least)) => field == again && least > most,
        _ => false,
    }
}
