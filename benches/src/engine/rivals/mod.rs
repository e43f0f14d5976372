//! The scripting rivals: languages that a rule could be written in.

mod cel;
mod evalexpr;
mod luajit;
mod scripting;
mod vrl;

use std::collections::HashMap;

use super::{Engine, Failure, Hit, Make};
use crate::rule::{Kind, Rule};
use scripting::Scripting;

pub const RIVALS: &[(&str, Make)] = &[
    ("luajit", |rules| Ok(Box::new(Scripting(luajit::LuaJit::new(&rules)?)))),
    ("evalexpr", |rules| Ok(Box::new(Scripting(evalexpr::Evalexpr::new(&rules)?)))),
    ("vrl", |rules| Ok(Box::new(Scripting(vrl::Vrl::new(&rules)?)))),
    ("cel", |rules| Ok(Box::new(Scripting(cel::Cel::new(&rules)?)))),
];

/// The places of the rules of each kind.
fn by_kind<T>(rules: &[Rule], mut made: impl FnMut(&Rule) -> Result<T, Failure>) -> Result<Routes<T>, Failure> {
    let mut routes: Routes<T> = HashMap::new();
    for (rule, place) in rules.iter().zip(0..) {
        routes.entry(rule.kind).or_default().push((place, made(rule)?));
    }
    Ok(routes)
}

type Routes<T> = HashMap<Kind, Vec<(u32, T)>>;
