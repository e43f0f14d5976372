//! A value as it is remembered.

use serde::{Deserialize, Serialize};

/// The longest text that is remembered, in bytes, and the most parts of a list.
pub const LONGEST_TEXT: usize = 512;
pub(super) const PARTS: usize = 16;

/// A value of a rule that outlives its event, and what a call that remembers answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Item {
    /// `()`: there is none.
    Absent,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Text(Box<str>),
    /// Several values that stand for one.
    List(Box<[Item]>),
}

impl Item {
    /// Whether `==` holds between them, but for what is no number, which equals itself.
    #[allow(clippy::float_cmp, reason = "exactly equal is what is asked")]
    pub(super) fn equals(&self, other: &Self) -> bool {
        let mixed = |whole: i64, float: f64| float == whole as f64 && float as i128 == i128::from(whole);
        match (self, other) {
            (Self::Float(one), Self::Float(other)) => one == other || one.is_nan() && other.is_nan(),
            (Self::Int(whole), Self::Float(float)) | (Self::Float(float), Self::Int(whole)) => mixed(*whole, *float),
            (Self::List(one), Self::List(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.equals(other))
            }
            _ => self == other,
        }
    }

    /// Roughly how much memory it takes beside itself, in bytes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::List(parts) => parts.iter().map(|part| size_of::<Self>() + part.bytes()).sum(),
            _ => 0,
        }
    }
}
