//! The filter of Live and of the alerts' history: `rogue ssid == "corp" and not (classification >= 3)`.
//!
//! A bare word is text anywhere in what is looked at, upper or lower case. `field == value` (or `=`), `!=`, `<`, `<=`, `>`, `>=`
//! and `contains` compare a field; `and` (which may be left out), `or`, `not` and parentheses combine.

mod parse;
mod token;

use std::cmp::Ordering;

pub use self::parse::Names;
use super::{Event, Value};
use crate::diagnostic::Diagnostic;

/// The longest filter, in characters.
pub const MAX_LENGTH: usize = 1_000;

/// A filter, ready to be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(Condition);

/// What a filter can be asked of: an event, an alert.
pub trait Filtered {
    /// What the field of that name holds; absent where there is none.
    fn field(&self, name: &str) -> Value;
    /// Whether this word, which is in lower case, is anywhere in it.
    fn has(&self, word: &str) -> bool;
}

impl Filtered for Event {
    fn field(&self, name: &str) -> Value {
        self.get(name).unwrap_or_default()
    }

    fn has(&self, word: &str) -> bool {
        self.kind.name.contains(word) || self.values.iter().any(|value| contains(value, word))
    }
}

impl Filter {
    /// Reads a filter of events; the empty one lets everything through. The error says where and what to write instead.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        Self::parse_for(text, &parse::EVENTS)
    }

    /// Reads a filter of what has these fields.
    pub fn parse_for(text: &str, names: &Names) -> Result<Self, Diagnostic> {
        parse::filter(text, names).map(Self)
    }

    /// Whether it passes.
    pub fn matches(&self, looked_at: &impl Filtered) -> bool {
        self.0.holds(looked_at)
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
    fn holds(&self, event: &impl Filtered) -> bool {
        match self {
            Self::Anywhere(word) => event.has(word),
            Self::Compare { field, operator, with } => {
                let value = event.field(field);
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
pub fn contains(value: &Value, word: &str) -> bool {
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
