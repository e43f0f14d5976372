//! What a clause says of a value: enough to tell that two clauses contradict each other, or that one says nothing new.

use rhai::{Dynamic, Expr, FnCallExpr, Position};

use super::{Checker, types::Ty};
use crate::{functions::remember, rules::operator::turned};

/// A clause as a set of the values that it holds for.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    /// What it is about, as it is written, without white space.
    about: String,
    what: What,
    /// The value is a whole number.
    whole: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// One of these.
    In(Vec<Constant>),
    /// None of these.
    NotIn(Vec<Constant>),
    /// A number from one bound to another.
    Range(Bound, Bound),
}

/// A bound of a range and whether it belongs to it; infinite where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bound {
    at: f64,
    within: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Constant {
    Absent,
    Truth(bool),
    Number(f64),
    Text(String),
}

impl Claim {
    /// Whether both never hold of one value.
    pub fn contradicts(&self, other: &Self) -> bool {
        self.about == other.about
            && match (&self.what, &other.what) {
                (What::In(these), other) | (other, What::In(these)) => !these.iter().any(|one| other.has(one)),
                (What::Range(least, most), What::Range(other_least, other_most)) => {
                    is_empty(higher(*least, *other_least), lower(*most, *other_most))
                }
                _ => false,
            }
    }

    /// Whether it is about that value, as it is written.
    pub fn is_about(&self, value: &str) -> bool {
        self.about == value
    }

    /// Whether the other holds wherever this one does.
    pub fn implies(&self, other: &Self) -> bool {
        self.about == other.about
            && match (&self.what, &other.what) {
                (What::In(these), other) => these.iter().all(|one| other.has(one)),
                (What::NotIn(these), What::NotIn(others)) => others.iter().all(|one| these.contains(one)),
                (What::NotIn(_), _) | (What::Range(..), What::In(_)) => false,
                (What::Range(..), What::NotIn(others)) => !others.iter().any(|one| self.what.has(one)),
                (What::Range(least, most), What::Range(other_least, other_most)) => {
                    higher(*least, *other_least) == *least && lower(*most, *other_most) == *most
                }
            }
    }

    /// Whether every value fits one of both, an absent one perhaps not.
    pub fn completes(&self, other: &Self) -> bool {
        let complement = |what: &What| match what {
            What::In(these) => Some(What::NotIn(these.clone())),
            What::NotIn(these) => Some(What::In(these.clone())),
            What::Range(..) => None,
        };
        let is_rest = |what: Option<What>, of: &Self| {
            what.is_some_and(|what| Self { about: self.about.clone(), what, whole: self.whole }.implies(of))
        };
        self.about == other.about
            && (is_rest(complement(&self.what), other)
                || is_rest(complement(&other.what), self)
                || match (&self.what, &other.what) {
                    (What::Range(least, most), What::Range(other_least, other_most)) => {
                        let free = |bound: &Bound| bound.at.is_infinite();
                        free(least) && free(other_most) && meet(*most, *other_least, self.whole)
                            || free(other_least) && free(most) && meet(*other_most, *least, self.whole)
                    }
                    (What::In(these), What::In(others)) => {
                        let both: Vec<&Constant> = these.iter().chain(others).collect();
                        [true, false].iter().all(|truth| both.contains(&&Constant::Truth(*truth)))
                    }
                    _ => false,
                })
    }

    /// Whether it holds of an absent value.
    pub fn holds_of_nothing(&self) -> bool {
        self.what.has(&Constant::Absent)
    }

    fn turned(self) -> Option<Self> {
        let what = match self.what {
            What::In(these) => What::NotIn(these),
            What::NotIn(these) => What::In(these),
            What::Range(..) => return None,
        };
        Some(Self { what, ..self })
    }
}

impl What {
    #[allow(clippy::float_cmp)] // bounds are as they are written
    fn has(&self, constant: &Constant) -> bool {
        match self {
            Self::In(these) => these.contains(constant),
            Self::NotIn(these) => !these.contains(constant),
            Self::Range(least, most) => match constant {
                Constant::Number(number) => {
                    (least.at < *number || least.within && least.at == *number)
                        && (*number < most.at || most.within && most.at == *number)
                }
                _ => false,
            },
        }
    }
}

#[allow(clippy::float_cmp)] // bounds are as they are written
fn is_empty(least: Bound, most: Bound) -> bool {
    least.at > most.at || least.at == most.at && !(least.within && most.within)
}

/// Whether nothing lies between numbers up to here and those from there on.
#[allow(clippy::float_cmp)] // bounds are as they are written
fn meet(most: Bound, least: Bound, whole: bool) -> bool {
    least.at < most.at
        || least.at == most.at && (least.within || most.within)
        || whole && least.within && most.within && least.at - most.at <= 1.0
}

#[allow(clippy::float_cmp)] // bounds are as they are written
fn higher(one: Bound, other: Bound) -> Bound {
    if one.at > other.at || one.at == other.at && !one.within { one } else { other }
}

#[allow(clippy::float_cmp)] // bounds are as they are written
fn lower(one: Bound, other: Bound) -> Bound {
    if one.at < other.at || one.at == other.at && !one.within { one } else { other }
}

impl Checker<'_> {
    /// What a clause says, if it is about one value and asking it again gives the same.
    pub(super) fn claim(&self, clause: &Expr, event: Option<&str>) -> Option<Claim> {
        if !self.is_repeatable(clause) {
            return None;
        }
        match clause {
            Expr::FnCall(call, _) if call.is_operator_call() => match (call.name.as_str(), &call.args[..]) {
                ("!", [inner]) => {
                    let claim = self.claim(inner, event)?;
                    // What is no comparison is itself true, false or absent, and `!` of what is absent does not hold.
                    let itself = claim.about == self.as_written(inner, event);
                    let what = What::In(vec![Constant::Truth(false)]);
                    return if itself { Some(Claim { what, ..claim }) } else { claim.turned() };
                }
                ("==" | "!=" | "<" | "<=" | ">" | ">=", [one, other]) => {
                    if let Some(claim) = self.compared(&call.name, (one, other), event) {
                        return Some(claim);
                    }
                }
                _ => {}
            },
            Expr::And(..) | Expr::Or(..) | Expr::BoolConstant(..) | Expr::Stmt(_) => return None,
            _ => {}
        }
        if let Some(claim) = self.is_among(clause, event) {
            return Some(claim);
        }
        Some(Claim { about: self.as_written(clause, event), what: What::In(vec![Constant::Truth(true)]), whole: false })
    }

    /// `value == 5`, `5 < value`.
    fn compared(&self, operator: &str, (one, other): (&Expr, &Expr), event: Option<&str>) -> Option<Claim> {
        let (value, constant, operator) = match (self.constant_value(one), self.constant_value(other)) {
            (None, Some(constant)) => (one, constant, operator),
            (Some(constant), None) => (other, constant, turned(operator)),
            _ => return None,
        };
        let constant = constant_of(&constant)?;
        let free = |at| Bound { at, within: false };
        let whole = matches!(self.ty(value, event), Ty::Whole(..));
        let what = match (operator, &constant) {
            ("==", _) => What::In(vec![constant]),
            ("!=", _) => What::NotIn(vec![constant]),
            (_, Constant::Number(at)) => {
                let bound = Bound { at: *at, within: operator.ends_with('=') };
                // Of whole numbers, above 5 is from 6 on.
                let next = |step: f64| {
                    if whole && !bound.within && at.fract() == 0.0 {
                        Bound { at: at + step, within: true }
                    } else {
                        bound
                    }
                };
                if operator.starts_with('>') {
                    What::Range(next(1.0), free(f64::INFINITY))
                } else {
                    What::Range(free(f64::NEG_INFINITY), next(-1.0))
                }
            }
            _ => return None,
        };
        Some(Claim { about: self.as_written(value, event), what, whole })
    }

    /// `value in [1, 2]`.
    fn is_among(&self, clause: &Expr, event: Option<&str>) -> Option<Claim> {
        let Expr::FnCall(call, _) = clause else { return None };
        let [list, value] = &call.args[..] else { return None };
        if call.name != "contains" {
            return None;
        }
        let list = self.constant_value(list)?.into_array().ok()?;
        let these: Option<Vec<Constant>> = list.iter().map(constant_of).collect();
        Some(Claim { about: self.as_written(value, event), what: What::In(these?), whole: false })
    }

    /// Whether asking it twice gives the same: nothing in it remembers, or is a function of the rule's own.
    fn is_repeatable(&self, clause: &Expr) -> bool {
        let mut repeatable = true;
        let own = |call: &FnCallExpr| self.functions.iter().any(|function| function.name == call.name);
        clause.walk(&mut Vec::new(), &mut |path: &[rhai::ASTNode]| {
            if let Some(rhai::ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _))) = path.last() {
                repeatable &= remember::durations(&call.name, call.args.len()).is_none() && !own(call);
            }
            repeatable &= !matches!(path.last(), Some(rhai::ASTNode::Stmt(_)));
            repeatable
        });
        repeatable
    }

    /// An expression as it is written, without white space and whatever the event is called.
    pub(super) fn as_written(&self, expression: &Expr, event: Option<&str>) -> String {
        let span = self.source.whole(expression);
        let start = (span.line as usize - 1, span.column as usize - 1);
        let end = (span.end_line as usize - 1, span.end_column as usize - 1);
        self.source.tokens(start, |_, to| to <= end, event)
    }

    /// The same of a chain up to one of its links, without the dot before it.
    pub(super) fn before(&self, chain: &Expr, link: Position, event: Option<&str>) -> String {
        let (span, link) = (self.source.whole(chain), self.source.token(link));
        let start = (span.line as usize - 1, span.column as usize - 1);
        let end = (link.line as usize - 1, link.column as usize - 1);
        let before = self.source.tokens(start, |_, to| to <= end, event);
        before.trim_end_matches([' ', '.', '?']).to_owned() + " "
    }
}

fn constant_of(value: &Dynamic) -> Option<Constant> {
    if value.is_unit() {
        return Some(Constant::Absent);
    }
    if let Ok(truth) = value.as_bool() {
        return Some(Constant::Truth(truth));
    }
    if let Ok(number) = value.as_int() {
        return Some(Constant::Number(number as f64));
    }
    if let Ok(number) = value.as_float() {
        return Some(Constant::Number(number));
    }
    value.as_immutable_string_ref().ok().map(|text| Constant::Text(text.to_string()))
}
