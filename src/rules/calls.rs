//! The calls of a rule that remember: found in its tree, named so that they are known again when it was edited.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use rhai::{AST, ASTNode, Dynamic, Expr, FnCallExpr, ImmutableString, Position, Stmt};

use super::script::function_alone;
use super::{
    duration,
    operator::{comparison, turned},
};
use crate::functions::remember::{self, Against, CallId, Site};

/// The constants of a rule that are texts.
pub(super) type Texts = HashMap<String, String>;

/// What an argument says, if it is a text in quotes or a constant that is one.
pub(super) fn text<'a>(argument: &'a Expr, texts: &'a Texts) -> Option<&'a str> {
    match argument {
        Expr::StringConstant(text, _) => Some(text.as_str()),
        Expr::Variable(variable, ..) => texts.get(variable.1.as_str()).map(String::as_str),
        _ => None,
    }
}

/// All calls that remember, in the order of the file. `constants` are the rule's.
pub(super) fn sites(ast: &AST, texts: &Texts, constants: &[(ImmutableString, Dynamic)]) -> Vec<Site> {
    let mut sites: Vec<Site> = Vec::new();
    let mut compared: HashMap<Position, Vec<Against>> = HashMap::new();
    let mut has_names = false;
    let hidden = hidden(ast);
    let seen = |(name, _): &&(ImmutableString, Dynamic)| !hidden.contains(name.as_str());
    let constants: &[(ImmutableString, Dynamic)] = &constants.iter().filter(seen).cloned().collect::<Vec<_>>();
    ast.walk(&mut |path: &[ASTNode]| {
        match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, at)) | ASTNode::Stmt(Stmt::FnCall(call, at))) => {
                sites.extend(site(call, *at, texts));
                if let Some((Expr::FnCall(_, at), against)) = against(call, constants) {
                    compared.insert(*at, vec![against]);
                }
            }
            Some(ASTNode::Stmt(Stmt::Var(variable, ..))) => has_names |= remembering(&variable.1).is_some(),
            _ => {}
        }
        true
    });
    if has_names {
        for function in ast.iter_functions() {
            let alone = function_alone(ast, function.name, function.params.len());
            compared.extend(against_names(&alone, &function.params, constants));
        }
    }
    // The tree's order of functions is by hash, and it may come by a node twice.
    sites.sort_by_key(|site| site.position);
    sites.dedup_by_key(|site| site.position);
    let mut places: HashMap<CallId, u32> = HashMap::new();
    for site in &mut sites {
        site.against = compared.remove(&site.position).unwrap_or_default();
        let place = places.entry(site.id.clone()).or_default();
        site.id.place = *place;
        *place += 1;
    }
    sites
}

/// The call, if it remembers; its place is not known yet.
fn site(call: &FnCallExpr, position: Position, texts: &Texts) -> Option<Site> {
    let durations = remember::durations(&call.name, call.args.len())?;
    let literal = |argument: &Expr| match text(argument, texts) {
        Some(text) => text.to_owned(),
        None => argument.get_literal_value(None).map_or_else(String::new, |value| value.to_string()),
    };
    let id = CallId { function: call.name.to_string(), literals: call.args.iter().map(literal).collect(), place: 0 };
    let spans: Option<Vec<Duration>> =
        call.args.iter().take(durations).map(|span| duration::parse(text(span, texts)?).ok()).collect();
    Some(Site { id, position, spans: spans?, against: Vec::new() })
}

/// What variables and parameters are called: a constant of that name may not be what is meant.
fn hidden(ast: &AST) -> HashSet<String> {
    let mut hidden: HashSet<String> =
        ast.iter_functions().flat_map(|function| function.params).map(ToString::to_string).collect();
    // What stands above the functions are the constants themselves.
    ast.clone_functions_only().walk(&mut |path: &[ASTNode]| {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::Var(variable, ..))) => drop(hidden.insert(variable.0.name.to_string())),
            Some(ASTNode::Stmt(Stmt::For(each, _))) => {
                hidden.extend([Some(&each.0), each.1.as_ref()].into_iter().flatten().map(|name| name.name.to_string()));
            }
            _ => {}
        }
        true
    });
    hidden
}

/// Where a call stands, if it remembers.
fn remembering(value: &Expr) -> Option<Position> {
    match value {
        Expr::FnCall(call, at) => remember::durations(&call.name, call.args.len()).map(|_| *at),
        _ => None,
    }
}

/// Calls that have a name in a function, which stands alone in the tree, and what the name is compared with:
/// `let m = max("1h", …); m > 5`. Those of which the name is used otherwise, or means something else as well, are left out.
fn against_names(
    alone: &AST,
    params: &[&str],
    constants: &[(ImmutableString, Dynamic)],
) -> Vec<(Position, Vec<Against>)> {
    let mut named: HashMap<String, (Position, Vec<Against>)> = HashMap::new();
    let mut otherwise: Vec<String> = params.iter().map(ToString::to_string).collect();
    alone.walk(&mut |path: &[ASTNode]| {
        match path {
            [.., ASTNode::Stmt(Stmt::Var(variable, ..))] => {
                let name = variable.0.name.to_string();
                match remembering(&variable.1) {
                    Some(at) if !named.contains_key(&name) => drop(named.insert(name, (at, Vec::new()))),
                    _ => otherwise.push(name),
                }
            }
            [.., ASTNode::Stmt(Stmt::For(each, _))] => {
                otherwise
                    .extend([Some(&each.0), each.1.as_ref()].into_iter().flatten().map(|name| name.name.to_string()));
            }
            [.., around, ASTNode::Expr(one @ Expr::Variable(variable, ..))] => {
                let against = match around {
                    ASTNode::Expr(Expr::FnCall(call, _)) => against(call, constants),
                    _ => None,
                };
                // Within a function, what is named stands before what asks for it.
                match (against, named.get_mut(variable.1.as_str())) {
                    (Some((side, against)), Some((_, all))) if std::ptr::eq(side, *one) => all.push(against),
                    _ => otherwise.push(variable.1.to_string()),
                }
            }
            _ => {}
        }
        true
    });
    named.into_iter().filter(|(name, _)| !otherwise.contains(name)).map(|(_, known)| known).collect()
}

/// What is compared with a number, and how.
fn against<'e>(call: &'e FnCallExpr, constants: &[(ImmutableString, Dynamic)]) -> Option<(&'e Expr, Against)> {
    let (operator, [one, other]) = (comparison(&call.name).filter(|_| call.is_operator_call())?, &call.args[..]) else {
        return None;
    };
    let number = |side: &Expr| {
        let value = match side {
            Expr::Variable(variable, ..) => {
                constants.iter().find(|(name, _)| *name == variable.1).map(|(_, value)| value.clone())
            }
            side => side.get_literal_value(None),
        }?;
        value.as_int().map(|number| number as f64).or_else(|_| value.as_float()).ok()
    };
    if let Some(number) = number(other) {
        return Some((one, Against { operator, number }));
    }
    let operator = comparison(turned(operator))?;
    number(one).map(|number| (other, Against { operator, number }))
}
