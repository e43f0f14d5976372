//! What a call that remembers is given, whoever evaluates it.

use std::{borrow::Cow, fmt::Write as _, sync::Arc};

use rhai::{Array, Dynamic, ImmutableString};

use super::{
    item::{Item, LONGEST_TEXT, PARTS},
    total::Number,
};
use crate::event::{Peek, Value};

/// An argument as it was evaluated.
#[derive(Clone, Debug, PartialEq)]
pub enum Given<'a> {
    /// `()`: what the event lacks.
    Absent,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// Several values that stand for one.
    List(Vec<Given<'a>>),
    /// A list of so many that it cannot be remembered.
    Long(usize),
    /// What cannot be remembered: a map, a function.
    Other,
}

impl<'a> Given<'a> {
    /// As the memory keeps it. The error says why it cannot be kept: it is absent, too long, or no plain value.
    pub(super) fn item(&self) -> Result<Item, String> {
        Ok(match self {
            Self::Absent => return Err("a value that it needs is absent".into()),
            Self::Bool(truth) => Item::Bool(*truth),
            Self::Int(number) => Item::Int(*number),
            Self::Float(number) => Item::Float(*number),
            Self::Text(text) if text.len() > LONGEST_TEXT => {
                return Err(format!("a text of {} bytes is too long to remember", text.len()));
            }
            Self::Text(text) => Item::Text((&**text).into()),
            Self::List(parts) => Item::List(parts.iter().map(Self::item).collect::<Result<_, _>>()?),
            Self::Long(count) => return Err(format!("a list of {count} is too long to remember")),
            Self::Other => return Err("this kind of value cannot be remembered".into()),
        })
    }

    /// One text for each value: equal where `==` is, so that 5 and 5.0 are one, and "5" is another. Fails as
    /// [`Given::item`] does.
    pub(super) fn key(&self) -> Result<Arc<str>, String> {
        let mut key = String::new();
        self.write_key(&mut key)?;
        Ok(key.into())
    }

    /// Adds that text to `key`. Fails as [`Given::item`] does; what was written then is of no use.
    pub(super) fn write_key(&self, key: &mut String) -> Result<(), String> {
        match self {
            Self::Bool(truth) => key.push_str(if *truth { "b1" } else { "b0" }),
            // A text that can be written to never fails.
            Self::Int(number) => drop(write!(key, "n{number}")),
            Self::Float(number) => drop(write!(key, "n{}", if *number == 0.0 { 0.0 } else { *number })),
            Self::Text(text) if text.len() <= LONGEST_TEXT => {
                key.push('t');
                key.push_str(text);
            }
            Self::List(parts) => {
                key.push('l');
                for part in parts {
                    let part = part.key()?;
                    let _ = write!(key, "{}:{part}", part.len());
                }
            }
            _ => drop(self.item()?),
        }
        Ok(())
    }

    /// The number that is to be summed or compared.
    pub(super) fn number(&self) -> Result<Number, String> {
        /// The largest number that is summed: a hundred thousand of them are still a number.
        const LARGEST: f64 = 1e300;
        match self {
            Self::Int(number) => Ok(Number::Int(*number)),
            Self::Float(number) if number.abs() <= LARGEST => Ok(Number::Float(*number)),
            Self::Float(number) => Err(format!("{number} is no number to sum up or compare")),
            Self::Absent => Err("the number is absent".into()),
            _ => Err("this needs a number".into()),
        }
    }

    /// Several values that stand for one; too many cannot be remembered.
    pub fn list(count: usize, parts: impl Iterator<Item = Given<'a>>) -> Self {
        if count > PARTS { Self::Long(count) } else { Self::List(parts.collect()) }
    }
}

impl<'a> Given<'a> {
    /// What was read of a field, whoever holds it.
    pub fn of(peek: Cow<'a, Peek<'a>>) -> Self {
        match peek {
            Cow::Borrowed(peek) => Self::from(peek),
            Cow::Owned(peek) => Given::from(&peek).owned(),
        }
    }

    fn owned<'b>(self) -> Given<'b> {
        match self {
            Self::Absent => Given::Absent,
            Self::Bool(truth) => Given::Bool(truth),
            Self::Int(number) => Given::Int(number),
            Self::Float(number) => Given::Float(number),
            Self::Text(text) => Given::Text(Cow::Owned(text.into_owned())),
            Self::List(parts) => Given::List(parts.into_iter().map(Self::owned).collect()),
            Self::Long(count) => Given::Long(count),
            Self::Other => Given::Other,
        }
    }
}

impl From<&Dynamic> for Given<'_> {
    fn from(value: &Dynamic) -> Self {
        if value.is_unit() {
            return Self::Absent;
        }
        if let Ok(truth) = value.as_bool() {
            return Self::Bool(truth);
        }
        if let Ok(number) = value.as_int() {
            return Self::Int(number);
        }
        if let Ok(number) = value.as_float() {
            return Self::Float(number);
        }
        if let Ok(text) = value.as_immutable_string_ref() {
            return Self::Text(Cow::Owned(text.as_str().to_owned()));
        }
        value.read_lock::<Array>().map_or(Self::Other, |array| Self::list(array.len(), array.iter().map(Given::from)))
    }
}

impl<'a> From<&'a Value> for Given<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Absent => Self::Absent,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Int(number) => Self::Int(*number),
            Value::Float(number) => Self::Float(*number),
            Value::Text(text) => Self::Text(Cow::Borrowed(text)),
            Value::List(list) => Self::list(list.len(), list.iter().map(Given::from)),
            Value::Map(_) => Self::Other,
        }
    }
}

impl<'a> From<&'a Peek<'_>> for Given<'a> {
    fn from(peek: &'a Peek<'_>) -> Self {
        match peek {
            Peek::Absent => Self::Absent,
            Peek::Bool(truth) => Self::Bool(*truth),
            Peek::Int(number) => Self::Int(*number),
            Peek::Float(number) => Self::Float(*number),
            Peek::Text(words) => Self::Text(Cow::Borrowed(words)),
            Peek::Held(value) => Self::from(&**value),
        }
    }
}

impl From<Item> for Dynamic {
    fn from(item: Item) -> Self {
        match item {
            Item::Absent => Self::UNIT,
            Item::Bool(truth) => truth.into(),
            Item::Int(number) => number.into(),
            Item::Float(number) => number.into(),
            Item::Text(text) => ImmutableString::from(&*text).into(),
            Item::List(parts) => parts.into_iter().map(Into::into).collect::<Array>().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;

    #[test]
    fn equal_values_have_one_key() {
        let key = |value: Dynamic| Given::from(&value).key().unwrap();
        assert_eq!(key(5_i64.into()), key(5.0.into()));
        assert_eq!(key((-0.0).into()), key(0_i64.into()));
        assert_eq!(key(f64::NAN.into()), key((-f64::NAN).into()));
        assert_ne!(key(5_i64.into()), key("5".into()));
        assert_ne!(key(true.into()), key("1".into()));
        let list =
            |parts: &[&str]| key(parts.iter().map(|part| Dynamic::from((*part).to_owned())).collect::<Array>().into());
        assert_ne!(list(&["a", "b"]), list(&["ab"]));
        assert_ne!(list(&["a", "bc"]), list(&["ab", "c"]));
        assert_ne!(list(&["1:tb"]), list(&["", "b"]));
    }

    #[test]
    fn what_cannot_be_remembered_says_why() {
        let why = |value: Dynamic| Given::from(&value).key().unwrap_err();
        assert!(why(Dynamic::UNIT).contains("absent"));
        assert!(why("x".repeat(LONGEST_TEXT + 1).into()).contains("too long"));
        assert!(why(vec![Dynamic::from(1_i64); PARTS + 1].into()).contains("a list of 17"));
        assert!(why(vec![Dynamic::from(1_i64), Dynamic::UNIT].into()).contains("absent"));
        assert!(why(rhai::Map::new().into()).contains("kind of value"));
    }

    #[test]
    fn whoever_evaluates_it_it_is_the_same() {
        let (text, number) = (Value::Text("x".into()), Value::Float(0.5));
        let list = Value::List([text.clone(), number.clone()].into());
        let dynamic: Dynamic = vec![Dynamic::from("x"), Dynamic::from(0.5)].into();
        assert_eq!(Given::from(&list), Given::from(&dynamic));
        assert_eq!(Given::from(&Peek::from(&list)), Given::from(&dynamic));
        assert_eq!(Given::from(&Peek::from(&text)), Given::Text("x".into()));
        let kept: Dynamic = Given::from(&dynamic).item().unwrap().into();
        assert_eq!(kept.to_string(), dynamic.to_string());
    }
}
