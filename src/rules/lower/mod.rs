//! Rules without Rhai where that is provably the same: conditions as native tests, texts as templates.
//!
//! Plain Rhai is the truth. What is lowered here is total: for any event it gives the answer that Rhai would give, or
//! says that it is unclear, and then Rhai is asked. Being asked twice does no harm: within an event, what remembers answers
//! the same again and leaves no second entry.

mod columns;
mod compared;
mod condition;
mod inline;
mod left;
mod plan;
mod recall;
mod seen;
mod steps;
mod template;
mod tree;
mod turn;

pub(super) use left::{Left, LeftEvent};
pub(super) use plan::{Lowered, Plan, Verdict, lowering};
pub(super) use recall::Past;
pub(super) use seen::Seen;

use crate::event::Kind;

/// How much of a rule runs without Rhai.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Lowering {
    /// All of its condition.
    Whole,
    /// The clauses before this reason; from there on Rhai is asked.
    Part(String),
    /// Nothing, for this reason.
    None(String),
    /// The rule does not run.
    #[default]
    Unknown,
}

/// What a native test says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    /// Rhai is to be asked.
    Unclear,
}

impl Answer {
    const fn of(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

/// Where a value comes from, in an event of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// The kind's field at this place.
    Field(usize),
    Customer,
    Msp,
    /// No event of the kind has it.
    Nowhere,
}

/// A field of an event as a rule names it, for events of one kind.
enum Named {
    At(Place),
    /// The same for every event of the kind.
    Always(&'static str),
    /// Rhai is to read it.
    Other,
}

fn named(kind: &'static Kind, field: &str) -> Named {
    match field {
        "customer_id" => Named::At(Place::Customer),
        "msp_id" => Named::At(Place::Msp),
        _ => match (kind.field_index(field), field) {
            (Some(place), _) => Named::At(Place::Field(place)),
            (None, "kind") => Named::Always(kind.name),
            (None, "topic") => Named::Always(kind.topic.name()),
            (None, "id" | "time" | "received") => Named::Other,
            (None, _) => Named::At(Place::Nowhere),
        },
    }
}
