//! The rule's own functions, told by all their calls together: what they are given, and functions that call themselves.

use std::collections::{HashMap, HashSet};

use rhai::{AST, ASTNode, Expr, FnCallExpr, Position, Stmt};

use super::{Checker, event::Known, given::Needs, misused::PARTS_OF_TEXT, types::Ty};
use crate::{
    diagnostic::Level,
    rules::{calls::text, engine::CALLS},
};

/// What was seen of the rule's own functions.
#[derive(Default)]
pub(in super::super) struct Own {
    calls: Vec<OwnCall>,
    uses: Vec<Use>,
    needs: Vec<(Known, (usize, Needs))>,
}

/// A call of one of them.
struct OwnCall {
    by: Known,
    of: Known,
    at: Position,
    given: Vec<(Expr, Ty)>,
}

/// What a function does with something that it is given.
struct Use {
    /// The function, and which of its parameters.
    given: (Known, usize),
    what: Used,
}

enum Used {
    /// `value.name`.
    Part(String, Position),
    /// The name of a list.
    List,
}

impl Checker<'_> {
    /// Notes the calls in a function of the rule, and what it does with what it is given; it stands alone in the tree.
    pub(super) fn note_own(&mut self, by: &Known, params: &[&str], alone: &AST, event: Option<&str>) {
        let (mut calls, mut uses) = (Vec::new(), Vec::new());
        let param = |expression: &Expr| match expression {
            Expr::Variable(variable, ..) => params.iter().position(|name| *name == variable.1.as_str()),
            _ => None,
        };
        alone.walk(&mut |path: &[ASTNode]| {
            match path.last() {
                Some(ASTNode::Expr(Expr::FnCall(call, at)) | ASTNode::Stmt(Stmt::FnCall(call, at))) => {
                    calls.extend(self.own_call(by, call, *at, event));
                    let list = matches!(call.name.as_str(), "list" | "in_list").then(|| call.args.first()).flatten();
                    uses.extend(list.and_then(param).map(|place| Use { given: (by.clone(), place), what: Used::List }));
                }
                Some(ASTNode::Expr(Expr::Dot(pair, ..))) => {
                    if let (Some(place), Expr::Property(part, at)) = (param(&pair.lhs), super::head(&pair.rhs)) {
                        let what = Used::Part(part.2.to_string(), *at);
                        uses.push(Use { given: (by.clone(), place), what });
                    }
                }
                _ => {}
            }
            true
        });
        let needs = self.needs_of(params, alone, event).into_iter().map(|needs| (by.clone(), needs));
        self.own.needs.extend(needs);
        self.own.calls.extend(calls);
        self.own.uses.extend(uses);
    }

    fn own_call(&self, by: &Known, call: &FnCallExpr, at: Position, event: Option<&str>) -> Option<OwnCall> {
        let of = (call.name.to_string(), call.args.len());
        let own = self.functions.iter().any(|function| (function.name, function.params.len()) == (&of.0, of.1));
        let given = || call.args.iter().map(|argument| (argument.clone(), self.ty(argument, event))).collect();
        own.then(|| OwnCall { by: by.clone(), of, at, given: given() })
    }

    /// What all functions together say of each.
    pub(super) fn own_functions(&mut self) {
        let Own { calls, uses, needs } = std::mem::take(&mut self.own);
        for used in &uses {
            let given: Vec<&(Expr, Ty)> = calls
                .iter()
                .filter(|call| call.of == used.given.0)
                .filter_map(|call| call.given.get(used.given.1))
                .collect();
            match &used.what {
                Used::List => self.lists_given(&given),
                Used::Part(part, at) => self.part_of_given((part, *at), &used.given.0.0, &given),
            }
        }
        for call in &calls {
            let needs: Vec<&(usize, Needs)> =
                needs.iter().filter(|(of, _)| *of == call.of).map(|(_, needs)| needs).collect();
            self.needed(&call.of.0, &needs, &call.given);
        }
        self.circles(&calls);
    }

    /// Names of lists that are handed on.
    fn lists_given(&mut self, given: &[&(Expr, Ty)]) {
        for (argument, _) in given {
            if let Some(name) = text(argument, self.texts) {
                self.named_list(name, self.source.whole(argument));
            }
        }
    }

    /// `value.part`, where the value is the event in one call and none in another.
    fn part_of_given(&mut self, (part, at): (&str, Position), function: &str, given: &[&(Expr, Ty)]) {
        let is_event = |(_, ty): &&(Expr, Ty)| *ty == Ty::Event;
        let has_no_parts = |ty: &Ty| ty.is_text() || ty.is_number() || matches!(ty, Ty::Truth | Ty::List);
        let others: Vec<&&(Expr, Ty)> = given.iter().filter(|given| !is_event(given)).collect();
        let mixed = given.iter().any(is_event) && !others.is_empty();
        if !mixed || PARTS_OF_TEXT.contains(&part) || !others.iter().all(|(_, ty)| has_no_parts(ty)) {
            return;
        }
        for (argument, ty) in others {
            let message =
                format!("fn {function} reads a field of what it is given ({part}), and this is {}.", ty.words());
            self.error("bad-arguments", self.source.whole(argument), message, "Give it the event.");
        }
        self.field(part, at);
    }

    /// Functions that call themselves, by themselves or through others.
    fn circles(&mut self, calls: &[OwnCall]) {
        let mut after: HashMap<&Known, HashSet<&Known>> = HashMap::new();
        for call in calls {
            after.entry(&call.by).or_default().insert(&call.of);
        }
        let reach = |from| {
            let (mut reached, mut next) = (HashSet::from([from]), vec![from]);
            while let Some(known) = next.pop() {
                next.extend(after.get(known).into_iter().flatten().filter(|of| reached.insert(**of)));
            }
            reached
        };
        let reached: HashMap<&Known, HashSet<&Known>> =
            after.values().flatten().map(|known| (*known, reach(*known))).collect();
        let mut told: HashSet<&Known> = HashSet::new();
        for call in calls {
            let reached = &reached[&call.of];
            if !reached.contains(&call.by) || reached.iter().any(|known| told.contains(known)) {
                continue;
            }
            told.insert(&call.by);
            let how = if call.by == call.of { "calls itself" } else { "comes to call itself" };
            let message = format!("fn {} {how}: {CALLS} calls deep a rule is stopped.", call.by.0);
            self.finding(Level::Warning, "endless", self.source.token(call.at), message, "Write a loop instead.");
        }
    }
}
