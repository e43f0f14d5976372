//! The Live view's filter: `rogue ssid == "corp" and not (classification >= 3)`.
//!
//! A bare word is text anywhere in the event, upper or lower case. `field == value` (or `=`), `!=`, `<`, `<=`, `>`, `>=`
//! and `contains` compare a field; `and` (which may be left out), `or`, `not` and parentheses combine.

mod parse;
mod token;

use std::cmp::Ordering;

use super::{Event, Value};
use crate::diagnostic::Diagnostic;

/// The longest filter, in characters.
pub const MAX_LENGTH: usize = 1_000;

/// A filter, ready to be asked of events.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(Condition);

impl Filter {
    /// Reads a filter; the empty one lets everything through. The error says where and what to write instead.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        parse::filter(text).map(Self)
    }

    /// Whether the event passes.
    pub fn matches(&self, event: &Event) -> bool {
        self.0.holds(event)
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Condition {
    /// Lower case.
    Anywhere(String),
    Compare {
        field: String,
        operator: Operator,
        with: Literal,
    },
    Not(Box<Condition>),
    /// All of none is true.
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
}

/// What a field is compared with: its text, and the number it may also be.
#[derive(Clone, Debug, PartialEq)]
struct Literal {
    text: String,
    lower: String,
    whole: Option<i64>,
    number: Option<f64>,
}

impl Literal {
    /// Text in quotes is never a number.
    fn new(text: String, quoted: bool) -> Self {
        let lower = text.to_lowercase();
        let whole = if quoted { None } else { text.parse().ok() };
        let number = if quoted { None } else { text.parse().ok() };
        Self { text, lower, whole, number }
    }
}

impl Condition {
    fn holds(&self, event: &Event) -> bool {
        match self {
            Self::Anywhere(word) => {
                event.kind.name.contains(&**word) || event.values.iter().any(|value| contains(value, word))
            }
            Self::Compare { field, operator, with } => {
                let value = event.get(field).unwrap_or_default();
                // As in rules: what is absent equals nothing, and is above and below nothing.
                if *operator == Operator::NotEqual {
                    !compare(&value, Operator::Equal, with)
                } else {
                    compare(&value, *operator, with)
                }
            }
            Self::Not(condition) => !condition.holds(event),
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(event)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(event)),
        }
    }
}

/// Whether the text of a value has `word`, which is in lower case, in it.
fn contains(value: &Value, word: &str) -> bool {
    match value {
        Value::Absent => false,
        Value::Text(text) if text.is_ascii() => {
            word.is_empty()
                || text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        }
        Value::Text(text) => text.to_lowercase().contains(word),
        Value::List(items) => items.iter().any(|item| contains(item, word)),
        Value::Map(entries) => entries.iter().any(|(_, value)| contains(value, word)),
        other => other.to_string().contains(word),
    }
}

/// For a list or a map: whether any value in it compares so.
fn compare(value: &Value, operator: Operator, with: &Literal) -> bool {
    if operator == Operator::Contains {
        return contains(value, &with.lower);
    }
    let order = match value {
        Value::Absent => None,
        Value::List(items) => return items.iter().any(|item| compare(item, operator, with)),
        Value::Map(entries) => return entries.iter().any(|(_, value)| compare(value, operator, with)),
        Value::Bool(truth) => with.text.parse().ok().map(|with: bool| truth.cmp(&with)),
        Value::Text(text) => Some((**text).cmp(with.text.as_str())),
        Value::Int(number) => match with.whole {
            Some(whole) => Some(number.cmp(&whole)),
            None => with.number.and_then(|with| (*number as f64).partial_cmp(&with)),
        },
        Value::Float(number) => with.number.and_then(|with| number.partial_cmp(&with)),
    };
    order.is_some_and(|order| match operator {
        Operator::Equal => order == Ordering::Equal,
        Operator::NotEqual => order != Ordering::Equal,
        Operator::Less => order == Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
        Operator::Greater => order == Ordering::Greater,
        Operator::GreaterOrEqual => order != Ordering::Less,
        Operator::Contains => false,
    })
}

#[cfg(test)]
mod tests;
