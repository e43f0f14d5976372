//! When a function of a rule gives no answer: what kind of trouble it is, in words.

use rhai::{EvalAltResult as Error, Position};

use crate::functions::CannotTell;

/// Why a call gave no answer.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The event holds or lacks something that the rule needs otherwise: neither matched nor failed.
    CannotTell(String),
    /// It took more steps or time than any rule may.
    Runaway(String),
    /// The rule itself is at fault, or Tocsin is.
    Failed { message: String, line: Option<u32> },
}

impl Trouble {
    pub fn of(error: &Error) -> Self {
        let inner = error.unwrap_inner();
        let at = inner.position();
        let cannot_tell = |what: String| Self::CannotTell(on_line(at, &what));
        match inner {
            Error::ErrorTooManyOperations(_) => Self::Runaway(on_line(at, "it takes too many steps")),
            Error::ErrorTerminated(..) => Self::Runaway(on_line(at, "it takes too long")),
            Error::ErrorStackOverflow(_) => Self::Runaway(on_line(at, "its functions call each other without end")),
            Error::ErrorRuntime(value, _) => match value.read_lock::<CannotTell>() {
                Some(reason) => Self::CannotTell(reason.0.clone()),
                None => Self::failed(at, format!("the rule throws: {value}")),
            },
            Error::ErrorDataTooLarge(..) => cannot_tell("a value grows too large".into()),
            Error::ErrorMismatchDataType(wanted, got, _) | Error::ErrorMismatchOutputType(wanted, got, _) => {
                cannot_tell(format!("this needs {}, and got {}", value(wanted), value(got)))
            }
            Error::ErrorFunctionNotFound(signature, _) => cannot_tell(not_applicable(signature)),
            Error::ErrorDotExpr(what, _) => cannot_tell(no_part(what)),
            Error::ErrorIndexingType(..) => cannot_tell("the value has no parts".into()),
            Error::ErrorArrayBounds(length, index, _) | Error::ErrorStringBounds(length, index, _) => {
                cannot_tell(format!("place {index} of {length} is not there"))
            }
            Error::ErrorFor(_) => cannot_tell("the value is no list to go through".into()),
            Error::ErrorArithmetic(what, _) => cannot_tell(format!("the sum does not work out ({what})")),
            other => Self::failed(at, other.to_string()),
        }
    }

    /// The same, naming the function of the rule that it is about.
    pub fn within(self, function: &str) -> Self {
        let place = |said: String| match said.strip_prefix("Line ") {
            Some(line) => format!("In fn {function}, line {line}"),
            None => format!("In fn {function}: {said}"),
        };
        match self {
            Self::CannotTell(said) => Self::CannotTell(place(said)),
            Self::Runaway(said) => Self::Runaway(place(said)),
            Self::Failed { message, line } => Self::Failed { message: place(message), line },
        }
    }

    fn failed(at: Position, message: String) -> Self {
        Self::Failed { message, line: at.line().and_then(|line| u32::try_from(line).ok()) }
    }
}

fn on_line(at: Position, what: &str) -> String {
    match at.line() {
        Some(line) => format!("Line {line}: {what}."),
        None => format!("{}{}.", what[..1].to_uppercase(), &what[1..]),
    }
}

/// Rhai's names for types, in words.
pub(super) fn value(name: &str) -> &str {
    // Rhai's own name for text is three names.
    let name = name.rsplit(" | ").next().unwrap_or(name);
    match name.rsplit("::").next().unwrap_or(name).trim_start_matches('&').trim_start_matches("mut ").trim() {
        "()" => "an absent value",
        "bool" => "true or false",
        "i64" => "a whole number",
        "f64" => "a number",
        "string" | "ImmutableString" | "String" | "str" => "text",
        "char" => "a character",
        "array" | "Array" => "a list",
        "map" | "Map" => "a record",
        "Record" => "the event",
        other => {
            if other.is_empty() {
                "something else"
            } else {
                name
            }
        }
    }
}

/// `Unknown property 'b' - a getter is not registered for type 'bool'` as "true or false has no part b".
fn no_part(what: &str) -> String {
    match what.split('\'').collect::<Vec<_>>()[..] {
        [_, part, _, kind, ..] => format!("{} has no part {part}", value(kind)),
        _ => format!("the value has no such part ({what})"),
    }
}

/// `+ ((), i64)` as "+ does not work on an absent value and a whole number".
fn not_applicable(signature: &str) -> String {
    let (name, types) = signature.split_once('(').unwrap_or((signature, ""));
    let types = types.strip_suffix(')').unwrap_or(types);
    let values: Vec<&str> = types.split(", ").filter(|name| !name.is_empty()).map(value).collect();
    format!("{} does not work on {}", name.trim(), values.join(" and "))
}
