//! Which parameter of a function is the event: of those that Tocsin calls the first, of the rule's own those that are
//! given it wherever they are called.

use std::collections::{HashMap, HashSet};

use rhai::{AST, ASTNode, Expr, ScriptFnMetadata, Stmt};

use super::is_event;
use crate::rules::{script::function_alone, words::CALLED};

/// A function is known by its name and how much it takes.
pub(super) type Known = (String, usize);

/// What each function calls the event, where it has it.
pub(super) fn parameters(ast: &AST, functions: &[ScriptFnMetadata]) -> HashMap<Known, String> {
    let known = |function: &ScriptFnMetadata| (function.name.to_owned(), function.params.len());
    let mut names: HashMap<Known, String> = HashMap::new();
    for function in functions {
        if let Some(first) = function.params.first()
            && (CALLED.contains(&function.name) || *first == "event")
        {
            names.insert(known(function), (*first).to_string());
        }
    }
    // Who has the event may hand it on, to a function of the rule's own.
    while functions.iter().any(|function| !names.contains_key(&known(function))) {
        let handed = handed(ast, functions, &names);
        let mut more = false;
        for function in functions.iter().filter(|function| !CALLED.contains(&function.name)) {
            let places: Vec<usize> = (0..function.params.len())
                .filter(|place| handed.get(&(known(function), *place)).copied().unwrap_or(false))
                .collect();
            if let [place] = places[..]
                && !names.contains_key(&known(function))
            {
                names.insert(known(function), function.params[place].to_string());
                more = true;
            }
        }
        if !more {
            break;
        }
    }
    names
}

/// The places of arguments of the rule's own functions, and whether each call so far gives them the event.
fn handed(ast: &AST, functions: &[ScriptFnMetadata], names: &HashMap<Known, String>) -> HashMap<(Known, usize), bool> {
    let own: HashSet<Known> =
        functions.iter().map(|function| (function.name.to_owned(), function.params.len())).collect();
    let mut handed = HashMap::new();
    for function in functions {
        let event = names.get(&(function.name.to_owned(), function.params.len())).map(String::as_str);
        function_alone(ast, function.name, function.params.len()).walk(&mut |path: &[ASTNode]| {
            if let Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) = path.last() {
                let called = (call.name.to_string(), call.args.len());
                if own.contains(&called) {
                    for (place, argument) in call.args.iter().enumerate() {
                        let always = handed.entry((called.clone(), place)).or_insert(true);
                        *always &= is_event(argument, event);
                    }
                }
            }
            true
        });
    }
    handed
}
