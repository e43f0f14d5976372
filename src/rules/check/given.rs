//! What the rule's own functions do with what they are given, held to what each call gives: `fn big(x) { x > 5 }` called
//! with a text.

use std::ptr;

use rhai::{AST, ASTNode, Expr, FnCallExpr, Stmt};

use super::{Checker, misused::OF_TEXTS, types::Ty, written::is_question};
use crate::diagnostic::Span;

/// What a parameter is used for, at one place.
pub(super) struct Needs {
    need: Need,
    /// The function holds only if this does.
    always: bool,
    /// As it is written.
    written: String,
}

enum Need {
    Number,
    Text,
    Truth,
    /// Something that may equal one of these.
    Like(Vec<Ty>),
    /// The same sort as another parameter, by its place.
    Beside(usize),
    /// Whatever it is will do, as far as is known.
    Any,
}

impl Need {
    /// What is wanted in the place of a value of that type, in the operator's words; `None`: it will do.
    fn instead_of(&self, ty: &Ty) -> Option<&'static str> {
        let surely_text = ty.is_text() && !matches!(ty, Ty::Names(..));
        let (wanted, fits) = match self {
            Self::Number => ("a number", !surely_text && !matches!(ty, Ty::Truth | Ty::List | Ty::Map | Ty::Event)),
            Self::Text => ("a text", !ty.is_number() && *ty != Ty::Truth),
            Self::Truth => ("true or false", !surely_text && !ty.is_number() && !matches!(ty, Ty::List | Ty::Map)),
            Self::Like(these) => (these.first()?.words(), these.iter().any(|other| !ty.never_equals(other))),
            Self::Beside(_) | Self::Any => return None,
        };
        (!fits && *ty != Ty::Unknown && *ty != Ty::Unit).then_some(wanted)
    }
}

impl Checker<'_> {
    /// What the function does with each thing that it is given; it stands alone in the tree.
    pub(super) fn needs_of(&self, params: &[&str], alone: &AST, event: Option<&str>) -> Vec<(usize, Needs)> {
        let (mut needs, mut statements) = (Vec::new(), 0);
        let mut changed: Vec<String> = Vec::new();
        alone.walk(&mut |path: &[ASTNode]| {
            statements += usize::from(path.len() == 1);
            match path.last() {
                Some(ASTNode::Stmt(Stmt::Var(variable, ..))) => changed.push(variable.0.name.to_string()),
                Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => {
                    changed.extend(super::variable_name(&assignment.1.lhs).map(str::to_owned));
                }
                Some(ASTNode::Expr(one @ Expr::Variable(variable, ..))) if Some(variable.1.as_str()) != event => {
                    if let Some(place) = params.iter().position(|name| *name == variable.1.as_str()) {
                        needs.extend(self.need(path, one, params, event).map(|needs| (place, needs)));
                    }
                }
                _ => {}
            }
            true
        });
        needs.retain(|(place, _)| !changed.iter().any(|name| name == params[*place]));
        for (_, needs) in &mut needs {
            needs.always &= statements == 1;
        }
        needs
    }

    /// What a parameter is used for where the walk has come to it. Nothing, where only its presence is asked.
    fn need(&self, path: &[ASTNode], one: &Expr, params: &[&str], event: Option<&str>) -> Option<Needs> {
        let [above @ .., around, _] = path else { return None };
        let is_it = |other: &Expr| ptr::eq(other, one);
        let mut written = String::new();
        let need = match around {
            ASTNode::Expr(asked @ Expr::FnCall(call, _)) => {
                let place = call.args.iter().position(is_it)?;
                written = self.written_as(asked);
                self.need_of_call(call, place, params, event)?
            }
            ASTNode::Expr(Expr::And(..) | Expr::Or(..)) => Need::Truth,
            ASTNode::Stmt(Stmt::If(flow, _)) if is_it(&flow.expr) => Need::Truth,
            ASTNode::Expr(chain @ Expr::Dot(pair, ..)) if is_it(&pair.lhs) => match super::head(&pair.rhs) {
                Expr::MethodCall(call, _)
                    if call.name != "contains"
                        && call.name != "len"
                        && (is_question(&call.name) || OF_TEXTS.contains(&call.name.as_str())) =>
                {
                    written = self.written_as(chain);
                    Need::Text
                }
                _ => Need::Any,
            },
            _ => Need::Any,
        };
        let always =
            above.iter().all(|node| matches!(node, ASTNode::Stmt(Stmt::Expr(_)) | ASTNode::Expr(Expr::And(..))));
        Some(Needs { need, always, written })
    }

    fn need_of_call(&self, call: &FnCallExpr, place: usize, params: &[&str], event: Option<&str>) -> Option<Need> {
        if self.functions.iter().any(|function| function.name == call.name) {
            return Some(Need::Any);
        }
        let beside = |other: &Expr| match other {
            Expr::Unit(_) => None,
            Expr::Variable(variable, ..) if params.contains(&variable.1.as_str()) => {
                params.iter().position(|name| *name == variable.1.as_str()).map(Need::Beside)
            }
            other => Some(match self.ty(other, event) {
                Ty::Unknown | Ty::Unit => Need::Any,
                ty => Need::Like(vec![ty]),
            }),
        };
        Some(match (call.name.as_str(), &call.args[..], place) {
            ("present" | "!=", ..) => return None,
            ("==" | "<" | "<=" | ">" | ">=", [one, other], _) => {
                return beside(if place == 0 { other } else { one });
            }
            ("-" | "*" | "/" | "%" | "**", ..) if call.is_operator_call() => Need::Number,
            ("!", ..) if call.is_operator_call() => Need::Truth,
            ("contains", [Expr::Array(entries, _), _], 1) => {
                let these: Vec<Ty> = entries.iter().map(|entry| self.ty(entry, event)).collect();
                if these.is_empty() { Need::Any } else { Need::Like(these) }
            }
            ("cidr" | "glob" | "regex", [_, _], 1) | ("oui" | "parse_json", [_], 0) => Need::Text,
            ("sum" | "avg" | "min" | "max", [_, _, _], 2) | ("spike", _, 3) => Need::Number,
            _ => Need::Any,
        })
    }

    /// Tells what a call gives that its function can do nothing with.
    pub(super) fn needed(&mut self, function: &str, needs: &[&(usize, Needs)], given: &[(Expr, Ty)]) {
        for (place, (argument, ty)) in given.iter().enumerate() {
            let of_it = || needs.iter().filter(|(of, _)| *of == place).map(|(_, needs)| needs);
            // It will do if it does at one place; but where all hangs on another, it does not.
            let none_fits = of_it().all(|needs| needs.need.instead_of(ty).is_some());
            let unfit = of_it().find(|needs| (none_fits || needs.always) && needs.need.instead_of(ty).is_some());
            let Some((unfit, wanted)) = unfit.and_then(|needs| Some((needs, needs.need.instead_of(ty)?))) else {
                self.apart(function, needs, given, place);
                continue;
            };
            let help = if wanted == "a number" && self.is_quoted_number(argument) {
                "Write the number without quotes.".to_owned()
            } else {
                format!("Give it {wanted}, or ask something else in fn {function}.")
            };
            let written = in_brackets(&unfit.written);
            let message = format!("fn {function} takes {wanted} here{written}, and this is {}.", ty.words());
            self.error("bad-arguments", self.source.whole(argument), message, help);
        }
    }

    /// Two values that a function compares, of two sorts.
    fn apart(&mut self, function: &str, needs: &[&(usize, Needs)], given: &[(Expr, Ty)], place: usize) {
        let only = |of: usize| needs.iter().filter(|(known, _)| *known == of).count() == 1;
        for (_, needs) in needs.iter().filter(|(of, _)| *of == place) {
            let Need::Beside(other) = needs.need else { continue };
            let (Some((one, ty)), Some((beside, other_ty))) = (given.get(place), given.get(other)) else { continue };
            let told = place < other && (needs.always || only(place) && only(other)) && ty.never_equals(other_ty);
            if told {
                let span: Span = self.source.across(one, beside);
                let written = in_brackets(&needs.written);
                let (ty, other_ty) = (ty.words(), other_ty.words());
                let message = format!("fn {function} compares these{written}: {ty} with {other_ty}.");
                self.error("bad-arguments", span, message, "Give it two of one sort.");
            }
        }
    }
}

fn in_brackets(written: &str) -> String {
    if written.is_empty() || written.chars().count() > 40 || written.contains('\n') {
        String::new()
    } else {
        format!(" ({written})")
    }
}
