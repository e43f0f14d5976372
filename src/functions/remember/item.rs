//! A value as it is remembered.

use rhai::{Array, Dynamic, ImmutableString};
use serde::{Deserialize, Serialize};

/// The longest text that is remembered, in bytes, and the most parts of a list.
pub const LONGEST_TEXT: usize = 512;
const PARTS: usize = 16;

/// A value of a rule that outlives its event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Item {
    Absent,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Box<str>),
    List(Vec<Item>),
}

impl Item {
    /// What is to be remembered of a value of an event. The error says why it cannot be: it is absent, too long, or no
    /// plain value.
    pub fn of(value: &Dynamic) -> Result<Self, String> {
        if value.is_unit() {
            return Err("the value it counts by is absent".into());
        }
        Self::part(value)
    }

    fn part(value: &Dynamic) -> Result<Self, String> {
        if value.is_unit() {
            return Ok(Self::Absent);
        }
        if let Ok(truth) = value.as_bool() {
            return Ok(Self::Bool(truth));
        }
        if let Ok(number) = value.as_int() {
            return Ok(Self::Int(number));
        }
        if let Ok(number) = value.as_float() {
            return Ok(Self::Float(number));
        }
        if let Ok(text) = value.as_immutable_string_ref() {
            let fits = text.len() <= LONGEST_TEXT;
            return if fits {
                Ok(Self::Text(text.as_str().into()))
            } else {
                Err(format!("a text of {} bytes is too long to remember", text.len()))
            };
        }
        match value.read_lock::<Array>() {
            Some(array) if array.len() > PARTS => Err(format!("a list of {} is too long to remember", array.len())),
            Some(array) => Ok(Self::List(array.iter().map(Self::part).collect::<Result<_, _>>()?)),
            None => Err("this kind of value cannot be remembered".into()),
        }
    }

    /// As rules hold it.
    pub fn dynamic(&self) -> Dynamic {
        match self {
            Self::Absent => Dynamic::UNIT,
            Self::Bool(truth) => (*truth).into(),
            Self::Int(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Text(text) => ImmutableString::from(&**text).into(),
            Self::List(parts) => parts.iter().map(Self::dynamic).collect::<Array>().into(),
        }
    }

    /// One text for each value: equal where `==` is, so that 5 and 5.0 are one, and "5" is another.
    pub fn key(&self) -> String {
        match self {
            Self::Absent => "-".into(),
            Self::Bool(truth) => format!("b{truth}"),
            Self::Int(number) => format!("n{number}"),
            Self::Float(number) => format!("n{}", if *number == 0.0 { 0.0 } else { *number }),
            Self::Text(text) => format!("t{text}"),
            Self::List(parts) => parts.iter().fold("l".into(), |key, part| {
                let part = part.key();
                format!("{key}{}:{part}", part.len())
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;

    #[test]
    fn equal_values_have_one_key() {
        let key = |value: Dynamic| Item::of(&value).unwrap().key();
        assert_eq!(key(5_i64.into()), key(5.0.into()));
        assert_eq!(key((-0.0).into()), key(0_i64.into()));
        assert_ne!(key(5_i64.into()), key("5".into()));
        let list =
            |parts: &[&str]| key(parts.iter().map(|part| Dynamic::from((*part).to_owned())).collect::<Array>().into());
        assert_ne!(list(&["a", "b"]), list(&["ab"]));
        assert_ne!(list(&["a", "bc"]), list(&["ab", "c"]));
        assert!(Item::of(&Dynamic::UNIT).is_err());
        assert!(Item::of(&"x".repeat(LONGEST_TEXT + 1).into()).is_err());
    }
}
