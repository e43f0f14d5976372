//! What a bare value beside `||` or `&&` is to be compared with, told from a text that does not parse: what the clause next
//! to it compares, else a field of the rule's kinds.

use rhai::Position;

use super::place::Source;
use crate::event::{FieldType, Kind, catalogue};

/// Functions that ask a text for a part of it, and take that alone.
const ASKING: [&str; 3] = ["contains", "starts_with", "ends_with"];

/// What to write in the place of the value that stands there.
pub(super) fn compared(at: Position, source: &Source) -> String {
    let value = source.word(at);
    let value = if value.starts_with(['"', '`']) || value.starts_with(|c: char| c.is_ascii_digit()) {
        value
    } else {
        "…".to_owned()
    };
    let (before, after) = tokens(source, at);
    let asked = asked(&before).map(|(of, function)| format!("{of}.{function}({value})"));
    let beside = || {
        let back = before.iter().rev().take_while(|token| !ends_clauses(token)).count();
        let before = &before[before.len() - back..];
        let ahead = after.iter().take_while(|token| !ends_clauses(token)).count();
        compares(before).or_else(|| compares(&after[..ahead]))
    };
    match asked.or_else(|| beside().map(|(of, operator)| format!("{of} {operator} {value}"))) {
        Some(written) => format!("Write {written}."),
        None => {
            format!("Compare it: {} == {value}.", example(&before, value.starts_with(|c: char| c.is_ascii_digit())))
        }
    }
}

/// What a word behind a field is asked of, `event.ssid contains "x"`: the field, else one of the rule's kinds.
pub(super) fn before(at: Position, source: &Source) -> String {
    let (before, _) = tokens(source, at);
    operand(&before).unwrap_or_else(|| example(&before, false))
}

/// The function whose bracket is still open before the value that stands there: `event.ssid.contains("x" && …`.
pub(super) fn open_call(at: Position, source: &Source) -> Option<String> {
    match &tokens(source, at).0[..] {
        [.., function, open] if open == "(" && ASKING.contains(&function.as_str()) => Some(function.clone()),
        _ => None,
    }
}

/// The tokens before a place, and those behind the one that stands there.
fn tokens(source: &Source, at: Position) -> (Vec<String>, Vec<String>) {
    let place = (at.line().unwrap_or(1) - 1, at.position().unwrap_or(1).saturating_sub(1));
    let (mut before, mut after) = (Vec::new(), Vec::new());
    source.tokens(
        (0, 0),
        |token, to| {
            if to <= place {
                before.push(token.to_owned());
            } else {
                after.push(token.to_owned());
            }
            true
        },
        None,
    );
    if !after.is_empty() {
        after.remove(0);
    }
    (before, after)
}

fn ends_clauses(token: &str) -> bool {
    matches!(token, ";" | "{" | "}")
}

/// The last comparison with `==` or `!=` among those tokens, or question with `in`: what is compared, and how.
fn compares(tokens: &[String]) -> Option<(String, &str)> {
    let place = tokens.iter().rposition(|token| matches!(token.as_str(), "==" | "!=" | "in"))?;
    let operator = if tokens[place] == "in" { "==" } else { &tokens[place] };
    Some((operand(&tokens[..place])?, operator))
}

/// `event.ssid.contains("x") ||`: what is asked, and how.
fn asked(tokens: &[String]) -> Option<(String, &str)> {
    let [of @ .., dot, function, open, _, close, joins] = tokens else { return None };
    let call = dot == "." && ASKING.contains(&function.as_str()) && open == "(" && close == ")" && joins == "||";
    Some((operand(of).filter(|_| call)?, function))
}

/// The field that those tokens end with, with what is asked of it without a value: `event.ssid.to_lower()`.
fn operand(tokens: &[String]) -> Option<String> {
    let is_name = |token: &str| token.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let mut start = tokens.len();
    loop {
        if tokens[..start].ends_with(&["(".to_owned(), ")".to_owned()]) {
            start -= 2;
        }
        start = start.checked_sub(1).filter(|start| is_name(&tokens[*start]))?;
        match tokens[..start].last().map(String::as_str) {
            Some("." | "?.") => start -= 1,
            _ => break,
        }
    }
    let of = &tokens[start..];
    (of.len() > 2).then(|| of.concat())
}

/// A field to compare with, of the kinds that the rule names.
fn example(before: &[String], is_number: bool) -> String {
    let event = before.windows(4).rev().find(|tokens| tokens[0] == "fn" && tokens[2] == "(");
    let event = event.map_or("event", |tokens| tokens[3].as_str()).trim_matches(')');
    let event = if event.is_empty() { "event" } else { event };
    let suits = |ty: FieldType| match ty {
        FieldType::Int | FieldType::Float => is_number,
        FieldType::Text => !is_number,
        _ => false,
    };
    let field = kinds(before).into_iter().find_map(|kind| {
        let identity = kind.identity.iter().filter_map(|name| kind.field(name));
        identity.chain(kind.fields).find(|field| suits(field.ty)).map(|field| field.name)
    });
    field.map_or_else(|| format!("{event}.kind"), |field| format!("{event}.{field}"))
}

/// The kinds that `const ON` names, as far as the text goes.
fn kinds(tokens: &[String]) -> Vec<&'static Kind> {
    let Some(place) =
        tokens.windows(3).position(|tokens| tokens[0] == "const" && tokens[1] == "ON" && tokens[2] == "=")
    else {
        return Vec::new();
    };
    let names: Vec<&str> =
        tokens[place..].iter().take_while(|token| *token != ";").map(|token| token.trim_matches(['"', '`'])).collect();
    let meant = |kind: &&Kind| names.contains(&kind.name) || names.contains(&kind.topic.name());
    catalogue::kinds().iter().filter(meant).collect()
}
