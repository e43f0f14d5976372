//! Calls that remember, without Rhai: their arguments are read as they lie, their answer is held against a constant.
//!
//! [`Memory::answer`] is the same door that Rhai goes through, so both remember the same; and asked again within an event
//! it answers the same, so Rhai may still be asked afterwards.

use std::cell::{Cell, RefCell};

use jiff::Timestamp;

use super::{
    Answer, Place, Seen,
    condition::{Constant, Test},
    seen::Fields,
    template::Template,
};
use crate::{
    event::{Peek, Reading},
    functions::remember::{Caller, Given, Item, Memory},
};

/// A call that remembers, and what is asked of its answer.
#[derive(Clone, Debug)]
pub(super) struct Recall {
    pub caller: Caller,
    /// What it is given beside its durations and a mark's name.
    pub given: Vec<Argument>,
    pub test: Test,
}

/// What a call that remembers is given.
#[derive(Clone, Debug)]
pub(super) enum Argument {
    Constant(Constant),
    Field(Place),
    Text(Template),
    List(Vec<Argument>),
}

/// What the rules remember, for the event under way: it is begun when the first of them asks.
pub(in crate::rules) struct Past<'m> {
    memory: &'m RefCell<Memory>,
    now: Timestamp,
    begun: Cell<bool>,
    /// Where texts are put together: kept for its room.
    scratch: &'m RefCell<String>,
}

impl<'m> Past<'m> {
    pub fn new(memory: &'m RefCell<Memory>, now: Timestamp, scratch: &'m RefCell<String>) -> Self {
        Self { memory, now, begun: Cell::new(false), scratch }
    }

    /// Makes something of a text that is put together. `None`: Rhai is to be asked.
    pub(super) fn of_text<T>(
        &self,
        write: impl FnOnce(&mut String) -> Option<()>,
        make: impl FnOnce(&str) -> T,
    ) -> Option<T> {
        let mut text = self.scratch.borrow_mut();
        text.clear();
        write(&mut text)?;
        Some(make(&text))
    }

    /// Somebody is about to ask.
    pub fn begin(&self) {
        if !self.begun.replace(true) {
            self.memory.borrow_mut().begin(self.now);
        }
    }

    /// The event is over.
    pub fn end(self) {
        if self.begun.get() {
            self.memory.borrow_mut().end();
        }
    }
}

impl Recall {
    /// Asks. Where the call cannot tell, Rhai says why.
    pub fn ask<R: Reading>(&self, seen: &Seen<R>) -> Answer {
        // No call is given more than two.
        let answer = match &self.given[..] {
            [one] => one.read(seen).map(|one| self.answer(seen, &[one])),
            [one, other] => one.read(seen).zip(other.read(seen)).map(|(one, other)| self.answer(seen, &[one, other])),
            _ => None,
        };
        answer.unwrap_or(Answer::Unclear)
    }

    fn answer<R: Reading>(&self, seen: &Seen<R>, given: &[Given]) -> Answer {
        seen.past.begin();
        match seen.past.memory.borrow_mut().answer(self.caller, given) {
            Ok(item) => said(&item).map_or(Answer::Unclear, |peek| self.test.ask(&peek)),
            Err(_) => Answer::Unclear,
        }
    }
}

impl Argument {
    /// `None`: it is not for here.
    fn read<'s, R: Reading>(&'s self, seen: &'s Seen<R>) -> Option<Given<'s>> {
        Some(match self {
            Self::Constant(Constant::Unit) => Given::Absent,
            Self::Constant(Constant::Bool(truth)) => Given::Bool(*truth),
            Self::Constant(Constant::Int(number)) => Given::Int(*number),
            Self::Constant(Constant::Float(number)) => Given::Float(*number),
            Self::Constant(Constant::Text(text)) => Given::Text(text.into()),
            Self::Field(place) => Given::of(seen.peek(*place)),
            Self::Text(template) => {
                let mut text = String::new();
                template.write(seen, "", &mut text)?;
                Given::Text(text.into())
            }
            Self::List(parts) => {
                let parts: Vec<Given> = parts.iter().map(|part| part.read(seen)).collect::<Option<_>>()?;
                Given::list(parts.len(), parts.into_iter())
            }
        })
    }
}

/// An answer as the tests of fields take it.
fn said(item: &Item) -> Option<Peek<'_>> {
    Some(match item {
        Item::Absent => Peek::Absent,
        Item::Bool(truth) => Peek::Bool(*truth),
        Item::Int(number) => Peek::Int(*number),
        Item::Float(number) => Peek::Float(*number),
        Item::Text(text) => Peek::from(&**text),
        Item::List(_) => return None,
    })
}
