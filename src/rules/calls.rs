//! The calls of a rule that remember: found in its tree, named so that they are known again when it was edited.

use std::{collections::HashMap, time::Duration};

use rhai::{AST, ASTNode, Dynamic, Expr, FnCallExpr, ImmutableString, Position, Stmt};

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
    let mut compared: HashMap<Position, Against> = HashMap::new();
    ast.walk(&mut |path: &[ASTNode]| {
        if let Some(ASTNode::Expr(Expr::FnCall(call, at)) | ASTNode::Stmt(Stmt::FnCall(call, at))) = path.last() {
            sites.extend(site(call, *at, texts));
            compared.extend(against(call, constants));
        }
        true
    });
    // The tree's order of functions is by hash, and it may come by a node twice.
    sites.sort_by_key(|site| site.position);
    sites.dedup_by_key(|site| site.position);
    let mut places: HashMap<CallId, u32> = HashMap::new();
    for site in &mut sites {
        site.against = compared.get(&site.position).copied();
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
    Some(Site { id, position, spans: spans?, against: None })
}

/// The call that is compared with a number, and how.
fn against(call: &FnCallExpr, constants: &[(ImmutableString, Dynamic)]) -> Option<(Position, Against)> {
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
    match (one, other) {
        (Expr::FnCall(_, at), side) => Some((*at, Against { operator, number: number(side)? })),
        (side, Expr::FnCall(_, at)) => {
            let operator = comparison(turned(operator))?;
            Some((*at, Against { operator, number: number(side)? }))
        }
        _ => None,
    }
}
