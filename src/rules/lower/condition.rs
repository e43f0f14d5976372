//! Conditions as native tests.

use core::net::IpAddr; // addresses only: `core` has no sockets
use std::sync::Arc;

use regex::Regex;

use super::{Answer, Place, compared::Compared, recall::Recall, seen::Fields};
use crate::{
    event::Peek,
    functions::{List, Network, fits},
};

/// A constant that a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constant {
    Unit,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

/// How numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Order {
    /// The same, seen from the other side.
    pub const fn flipped(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::More => Self::Less,
            Self::AtLeast => Self::AtMost,
        }
    }

    fn holds<T: PartialOrd>(self, one: T, other: T) -> bool {
        match self {
            Self::Less => one < other,
            Self::AtMost => one <= other,
            Self::More => one > other,
            Self::AtLeast => one >= other,
        }
    }
}

/// A question about one field.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Equals(Constant),
    Differs(Constant),
    Order(Order, Constant),
    OneOf(Vec<Constant>),
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    Present,
    InList(Arc<List>),
    InNetwork(Network),
    Fits(String),
    Matches(Regex),
    /// The field itself, true or false. Where it is neither, Rhai is asked.
    Truth,
}

/// A condition, or a part of one.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    Always(bool),
    Test(Place, Test),
    /// Two fields, or what is reckoned of fields.
    Compared(Compared),
    /// A call that remembers.
    Recall(Recall),
    Not(Box<Condition>),
    /// Asked in order, until one says no.
    All(Vec<Condition>),
    /// Asked in order, until one says yes.
    Any(Vec<Condition>),
}

impl Condition {
    pub fn ask(&self, seen: &impl Fields) -> Answer {
        match self {
            Self::Always(truth) => Answer::of(*truth),
            Self::Test(place, test) => test.ask(&seen.peek(*place)),
            Self::Compared(compared) => compared.ask(seen),
            Self::Recall(recall) => seen.recall(recall),
            Self::Not(condition) => match condition.ask(seen) {
                Answer::Yes => Answer::No,
                Answer::No => Answer::Yes,
                Answer::Unclear => Answer::Unclear,
            },
            Self::All(conditions) => {
                let other = conditions.iter().map(|one| one.ask(seen)).find(|answer| *answer != Answer::Yes);
                other.unwrap_or(Answer::Yes)
            }
            Self::Any(conditions) => {
                let other = conditions.iter().map(|one| one.ask(seen)).find(|answer| *answer != Answer::No);
                other.unwrap_or(Answer::No)
            }
        }
    }

    /// Whether it holds where the one field that it asks for holds this.
    pub fn holds_of(&self, value: &Peek) -> bool {
        self.ask(value) == Answer::Yes
    }

    /// Whether it never is unclear and remembers nothing, so that it may be asked before what stands before it.
    pub fn is_total(&self) -> bool {
        match self {
            Self::Always(_) => true,
            Self::Compared(_) | Self::Recall(_) => false,
            Self::Test(_, test) => !matches!(test, Test::Truth),
            Self::Not(condition) => condition.is_total(),
            Self::All(conditions) | Self::Any(conditions) => conditions.iter().all(Self::is_total),
        }
    }
}

impl Test {
    /// Of a text that is known before any event; `None` where that needs Rhai.
    pub fn ask_text(&self, text: &str) -> Option<bool> {
        match self.ask(&Peek::from(text)) {
            Answer::Yes => Some(true),
            Answer::No => Some(false),
            Answer::Unclear => None,
        }
    }

    pub fn ask(&self, peek: &Peek) -> Answer {
        let text = |look: &dyn Fn(&str) -> bool| Answer::of(peek.as_text().is_some_and(look));
        match self {
            Self::Equals(constant) => Answer::of(equals(peek, constant)),
            Self::Differs(constant) => Answer::of(differs(peek, constant)),
            Self::Order(order, constant) => Answer::of(ordered(peek, *order, constant)),
            Self::OneOf(constants) => Answer::of(constants.iter().any(|constant| is_same(peek, constant))),
            Self::Contains(part) => text(&|text| text.contains(&**part)),
            Self::StartsWith(part) => text(&|text| text.starts_with(&**part)),
            Self::EndsWith(part) => text(&|text| text.ends_with(&**part)),
            Self::Present => match peek {
                Peek::Absent => Answer::No,
                Peek::Text(text) => Answer::of(!text.is_empty()),
                Peek::Held(_) => Answer::Unclear,
                _ => Answer::Yes,
            },
            Self::InList(list) => match peek {
                Peek::Int(number) => Answer::of(list.has(&number.to_string())),
                Peek::Float(_) | Peek::Held(_) => Answer::Unclear,
                _ => text(&|text| list.has(text)),
            },
            Self::InNetwork(network) => {
                text(&|text| text.parse::<IpAddr>().is_ok_and(|address| network.holds(address)))
            }
            Self::Fits(pattern) => text(&|text| fits(pattern, text)),
            Self::Matches(pattern) => text(&|text| pattern.is_match(text)),
            Self::Truth => match peek {
                Peek::Bool(truth) => Answer::of(*truth),
                _ => Answer::Unclear,
            },
        }
    }
}

/// What `==` says: different types are not equal, whole numbers and others may be.
fn equals(peek: &Peek, constant: &Constant) -> bool {
    match (peek, constant) {
        (Peek::Absent, Constant::Unit) => true,
        (Peek::Bool(one), Constant::Bool(other)) => one == other,
        (Peek::Int(one), Constant::Int(other)) => one == other,
        (Peek::Int(_) | Peek::Float(_), Constant::Int(_) | Constant::Float(_)) => {
            near(number(peek), constant.number(), true, |apart| apart.abs() <= f64::EPSILON)
        }
        (Peek::Text(text), Constant::Text(other)) => **text == **other,
        _ => false,
    }
}

/// What `!=` says: the opposite, but that of what is no number (NaN) both may be false.
fn differs(peek: &Peek, constant: &Constant) -> bool {
    match (peek, constant) {
        (Peek::Int(one), Constant::Int(other)) => one != other,
        (Peek::Int(_) | Peek::Float(_), Constant::Int(_) | Constant::Float(_)) => {
            near(number(peek), constant.number(), false, |apart| apart.abs() > f64::EPSILON)
        }
        _ => !equals(peek, constant),
    }
}

/// What an array's `contains` says, which is Tocsin's own and exact.
fn is_same(peek: &Peek, constant: &Constant) -> bool {
    match (peek, constant) {
        #[allow(clippy::float_cmp)] // as it does
        (Peek::Int(_), Constant::Float(_)) | (Peek::Float(_), Constant::Int(_) | Constant::Float(_)) => {
            number(peek) == constant.number()
        }
        _ => equals(peek, constant),
    }
}

fn ordered(peek: &Peek, order: Order, constant: &Constant) -> bool {
    let (one, other) = match (peek, constant) {
        (Peek::Int(one), Constant::Int(other)) => return order.holds(one, other),
        (Peek::Int(_) | Peek::Float(_), _) => (number(peek), constant.number()),
        _ => return false,
    };
    match order {
        Order::Less => near(one, other, false, |apart| -apart > f64::EPSILON),
        Order::AtMost => near(one, other, true, |apart| -apart > -f64::EPSILON),
        Order::More => near(one, other, false, |apart| apart > f64::EPSILON),
        Order::AtLeast => near(one, other, true, |apart| apart > -f64::EPSILON),
    }
}

/// How Rhai compares numbers of which one has a fraction: by their distance, as a part of the greater one. `zero` is the
/// answer where there is no greater one.
#[allow(clippy::float_cmp)] // as Rhai does
fn near(one: f64, other: f64, zero: bool, holds: impl FnOnce(f64) -> bool) -> bool {
    let most = if one * other == 0.0 { 1.0 } else { one.abs().max(other.abs()) };
    if most == 0.0 { zero } else { holds((one - other) / most) }
}

fn number(peek: &Peek) -> f64 {
    match peek {
        Peek::Int(number) => *number as f64,
        Peek::Float(number) => *number,
        _ => f64::NAN,
    }
}

impl Constant {
    /// As a number; what is none compares with nothing.
    pub fn number(&self) -> f64 {
        match self {
            Self::Int(number) => *number as f64,
            Self::Float(number) => *number,
            _ => f64::NAN,
        }
    }
}
