//! Names that mean nothing: of fields, of variables and constants, of functions.

use std::collections::HashSet;

use rhai::{FnCallExpr, Position, Stmt};

use super::{COMMON, Checker, foreign};
use crate::{
    event::catalogue,
    functions,
    rules::words::{nearest, suggest},
};

/// Functions of Rhai that are no entries of a package.
const BUILT_IN: [&str; 7] = ["type_of", "Fn", "curry", "is_shared", "is_def_fn", "is_def_var", "to_string"];

/// Functions that are there for an absent value alone, which stays one: no text can be made a number.
const OF_NOTHING: [&str; 4] = ["to_int", "to_float", "parse_int", "parse_float"];

/// Words of fields' names that do not say what the field is of.
const COMMON_WORDS: [&str; 17] = [
    "address", "addr", "id", "name", "type", "time", "is", "of", "in", "count", "num", "number", "value", "val",
    "state", "status", "event",
];

/// How many fields are suggested at most.
const SUGGESTED: usize = 4;

impl Checker<'_> {
    pub(super) fn is_field(&self, name: &str) -> bool {
        COMMON.contains(&name) || self.kinds.iter().any(|kind| kind.fields.iter().any(|field| field.name == name))
    }

    /// A field that an example may ask for.
    pub(super) fn some_field(&self) -> &'static str {
        if self.is_field("ssid") { "ssid" } else { self.identity().unwrap_or("kind") }
    }

    pub(super) fn field(&mut self, name: &str, at: Position) {
        if self.kinds.is_empty() || self.is_field(name) {
            return;
        }
        let kinds = self.kinds;
        let known = kinds.iter().flat_map(|kind| kind.fields.iter().map(|field| field.name)).chain(COMMON);
        let of: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
        let what = if let [one] = of[..] { format!("{one} has") } else { "The events of this rule have".into() };
        let elsewhere = catalogue::kinds().iter().find(|kind| kind.fields.iter().any(|field| field.name == name));
        let help = match (nearest(name, known.clone()), elsewhere) {
            (Some(near), _) => format!("Did you mean {near}?"),
            (None, _) if !self.by_parts(name).is_empty() => {
                format!("Did you mean {}?", self.by_parts(name).join(" or "))
            }
            (None, Some(kind)) => format!("It is a field of {}.", kind.name),
            (None, None) if of.len() == 1 => {
                let mut seen = HashSet::new();
                let names: Vec<&str> = known.filter(|name| seen.insert(*name)).collect();
                format!("Its fields: {}.", names.join(", "))
            }
            (None, None) => "The Live view shows which fields there are.".into(),
        };
        self.error("unknown-field", self.source.token(at), format!("{what} no field \"{name}\"."), help);
    }

    /// The fields of the rule's kinds that have a name's words among theirs: `mac` is a word of `mac_addr`, and of
    /// `mac_address` it is the one that tells most. Nothing where so many have it that it tells nothing.
    fn by_parts(&self, name: &str) -> Vec<&'static str> {
        let name = name.to_lowercase();
        let words: Vec<&str> = name.split('_').filter(|word| word.len() > 1).collect();
        let mut known: Vec<&'static str> = Vec::new();
        for field in self.kinds.iter().flat_map(|kind| kind.fields) {
            if !known.contains(&field.name) {
                known.push(field.name);
            }
        }
        // macaddr is written in one.
        let begins = |part: &str, word: &str| word.len() > 2 && part.starts_with(word);
        let has = |field: &str, word: &str| field.split('_').any(|part| part == word || begins(part, word));
        let all = |field: &&&str| !words.is_empty() && words.iter().all(|word| has(field, word));
        let mut found: Vec<&'static str> = known.iter().filter(all).copied().collect();
        if found.is_empty() {
            let telling = words.iter().filter(|word| !COMMON_WORDS.contains(word));
            let any = |field: &&&str| telling.clone().any(|word| has(field, word));
            found = known.iter().filter(any).copied().collect();
        }
        found.sort_by_key(|field| !words.first().is_some_and(|word| field.starts_with(word)));
        if found.len() > SUGGESTED { Vec::new() } else { found }
    }

    pub(super) fn variable(&mut self, name: &str, at: Position, event: Option<&str>) {
        if self.constants.contains(name) || self.is_let_above(name) {
            return;
        }
        if event.is_none() && name == "event" && self.findings.iter().any(|finding| finding.code == "bad-signature") {
            return; // it is not taken, and that is told
        }
        let known =
            self.constants.iter().map(String::as_str).chain(event).chain(self.locals.keys().map(String::as_str));
        let near = nearest(name, known.filter(|known| *known != name));
        let list = self.lists.names().find(|list| list.replace(['-', '.'], "_") == name.replace('-', "_"));
        let help = match near {
            _ if name == "event" && event.is_some() => format!("Here it is called {}.", event.unwrap_or_default()),
            _ if name == "event" => "Only a function that takes the event has it; fn expected has none.".into(),
            _ if self.functions.iter().any(|function| function.name == name) => {
                let own = self.functions.iter().find(|function| function.name == name);
                format!(
                    "A function is called with brackets: {name}({}).",
                    own.map_or_else(String::new, |own| own.params.join(", "))
                )
            }
            None if list.is_some() => format!("A list is written list(\"{}\").", list.unwrap_or_default()),
            None if foreign::name(name).is_some() => foreign::name(name).unwrap_or_default().to_owned(),
            None if self.is_field(name) => format!("A field is written event.{name}."),
            _ => suggest(
                near,
                format!("Text stands in quotes: \"{name}\". A constant of your own is written const {name} = …;"),
            ),
        };
        self.error("unknown-name", self.source.token(at), format!("\"{name}\" means nothing here."), help);
    }

    /// Whether a variable of that name stands outside of the functions, which is told there.
    fn is_let_above(&self, name: &str) -> bool {
        self.ast
            .statements()
            .iter()
            .any(|statement| matches!(statement, Stmt::Var(variable, ..) if variable.0.name == name))
    }

    pub(super) fn call(&mut self, call: &FnCallExpr, at: Position, of_value: bool, event: Option<&str>) {
        if call.is_operator_call() {
            return;
        }
        if !call.namespace.is_empty() {
            let message = "A rule has no modules, so :: means nothing here.";
            return self.error("unknown-name", self.source.token(at), message, format!("Write {}(…).", call.name));
        }
        let (name, span) = (call.name.as_str(), self.source.token(at));
        let own = self.functions.iter().any(|function| function.name == name);
        let reported = self.findings.iter().any(|finding| finding.span == span && finding.code == "not-a-function");
        let there = self.natives.contains_key(name) && !OF_NOTHING.contains(&name) || BUILT_IN.contains(&name);
        if !own && !reported && !there {
            let known = functions::all().map(|known| known.name);
            let own = self.functions.iter().map(|function| function.name);
            let near = || nearest(name, known.chain(own).chain(self.natives.keys().map(String::as_str)));
            let help = match foreign::function(name) {
                _ if foreign::is_refused(name) => {
                    "A rule cannot wait, stop the program or ask for the time: event.received is when it came.".into()
                }
                Some(ours) if of_value => {
                    let signature = functions::all().find(|known| known.name == ours).map(|known| known.signature);
                    signature.map_or_else(|| suggest(Some(ours), ""), |signature| format!("Write {signature}."))
                }
                Some(ours) => suggest(Some(ours), ""),
                None if foreign::instead(name).is_some() => foreign::instead(name).unwrap_or_default().into(),
                None => suggest(near(), ""),
            };
            return self.error("unknown-function", span, format!("There is no function {name}."), help);
        }
        if own {
            let takes = self.functions.iter().filter(|function| function.name == name);
            let takes: Vec<usize> = takes.map(|function| function.params.len()).collect();
            if !takes.contains(&call.args.len()) {
                let message = format!("fn {name} takes {}, and is given {}.", takes[0], call.args.len());
                let params =
                    self.functions.iter().find(|function| function.name == name).map(|own| own.params.join(", "));
                self.error("bad-arguments", span, message, format!("Write {name}({}).", params.unwrap_or_default()));
            }
            return;
        }
        // Of those that take one value, and of Rhai's own, it may be asked with a dot.
        let ours = functions::all().find(|function| function.name == name);
        match ours.map(|function| function.signature.contains(',')) {
            Some(false) if of_value && call.args.is_empty() => {}
            Some(_) if !(matches!(name, "min" | "max") && call.args.len() + usize::from(of_value) == 2) => {
                self.arguments(name, call, span, event);
            }
            _ if reported || BUILT_IN.contains(&name) => {}
            _ => {
                self.window_of_two(name, call, span);
                self.takes(name, call.args.len() + usize::from(of_value), span);
            }
        }
    }
}
