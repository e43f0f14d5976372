//! Comparisons of two fields with each other, and of what is reckoned of fields: `event.noise_floor + event.rssi_val > 44`.
//! Where Rhai would do more than reckon with numbers or compare what is alike, it is asked.

use super::{
    Answer, Place,
    condition::{Constant, Order, Test},
    seen::Fields,
};
use crate::event::Peek;

/// A comparison of two values that are not known before the event.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    pub one: Side,
    pub with: Comparison,
    pub other: Side,
}

/// What stands on one side of a comparison.
#[derive(Clone, Debug)]
pub(super) enum Side {
    Field(Place),
    Constant(Constant),
    Reckoned(Box<Reckoned>),
}

/// Two numbers, and what is made of them.
#[derive(Clone, Debug)]
pub(super) struct Reckoned {
    pub one: Side,
    pub with: Operation,
    pub other: Side,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Plus,
    Minus,
    Times,
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equals,
    Differs,
    Order(Order),
}

#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Float(f64),
}

impl Compared {
    pub fn ask(&self, seen: &impl Fields) -> Answer {
        let (one, other) = (self.one.number(seen), self.other.number(seen));
        if let (Some(one), Some(other)) = (one, other) {
            let constant = match other {
                Number::Int(number) => Constant::Int(number),
                Number::Float(number) => Constant::Float(number),
            };
            return self.with.test(constant).map_or(Answer::Unclear, |test| test.ask(&one.peek()));
        }
        // Not two numbers: only texts of two fields are compared here.
        match (&self.one, &self.other) {
            (Side::Field(one), Side::Field(other)) => {
                let (one, other) = (seen.peek(*one), seen.peek(*other));
                let (Some(one), Some(other)) = (one.as_text(), other.as_text()) else { return Answer::Unclear };
                match self.with {
                    Comparison::Equals => Answer::of(one == other),
                    Comparison::Differs => Answer::of(one != other),
                    Comparison::Order(_) => Answer::Unclear,
                }
            }
            _ => Answer::Unclear,
        }
    }
}

impl Comparison {
    /// The same, seen from the other side.
    pub const fn flipped(self) -> Self {
        match self {
            Self::Order(order) => Self::Order(order.flipped()),
            other => other,
        }
    }

    /// As a question about one value. `None`: Rhai is to be asked, for only numbers are ordered here.
    pub fn test(self, constant: Constant) -> Option<Test> {
        match self {
            Self::Equals => Some(Test::Equals(constant)),
            Self::Differs => Some(Test::Differs(constant)),
            Self::Order(order) => {
                matches!(constant, Constant::Int(_) | Constant::Float(_)).then_some(Test::Order(order, constant))
            }
        }
    }
}

impl Side {
    /// Its number; `None`: it is none, or Rhai would make an error of it.
    fn number(&self, seen: &impl Fields) -> Option<Number> {
        match self {
            Self::Field(place) => match &*seen.peek(*place) {
                Peek::Int(number) => Some(Number::Int(*number)),
                Peek::Float(number) => Some(Number::Float(*number)),
                _ => None,
            },
            Self::Constant(Constant::Int(number)) => Some(Number::Int(*number)),
            Self::Constant(Constant::Float(number)) => Some(Number::Float(*number)),
            Self::Constant(_) => None,
            Self::Reckoned(reckoned) => reckoned.number(seen),
        }
    }
}

impl Reckoned {
    fn number(&self, seen: &impl Fields) -> Option<Number> {
        Some(match (self.one.number(seen)?, self.other.number(seen)?) {
            // What does not fit into a whole number is an error of the rule's.
            (Number::Int(one), Number::Int(other)) => Number::Int(match self.with {
                Operation::Plus => one.checked_add(other),
                Operation::Minus => one.checked_sub(other),
                Operation::Times => one.checked_mul(other),
                Operation::Over => one.checked_div(other),
            }?),
            (one, other) => {
                let (one, other) = (one.float(), other.float());
                Number::Float(match self.with {
                    Operation::Plus => one + other,
                    Operation::Minus => one - other,
                    Operation::Times => one * other,
                    Operation::Over => one / other,
                })
            }
        })
    }
}

impl Number {
    fn float(self) -> f64 {
        match self {
            Self::Int(number) => number as f64,
            Self::Float(number) => number,
        }
    }

    fn peek(self) -> Peek<'static> {
        match self {
            Self::Int(number) => Peek::Int(number),
            Self::Float(number) => Peek::Float(number),
        }
    }
}
