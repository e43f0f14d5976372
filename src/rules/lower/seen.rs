//! What was read of an event, so that many rules that ask for a field read it once.

use std::{borrow::Cow, cell::OnceCell};

use super::Place;
use crate::event::{Kind, Peek, Reading};

/// How many of a kind's first fields are kept; the others are read each time.
const KEPT: usize = 16;

/// An event under way.
pub(in crate::rules) struct Seen<'r, R> {
    pub reading: &'r R,
    fields: [OnceCell<Peek<'r>>; KEPT],
}

impl<'r, R: Reading> Seen<'r, R> {
    pub fn new(reading: &'r R) -> Self {
        Self { reading, fields: [const { OnceCell::new() }; KEPT] }
    }

    pub fn kind(&self) -> &'static Kind {
        self.reading.kind()
    }

    pub(super) fn peek(&self, place: Place) -> Cow<'_, Peek<'r>> {
        match place {
            Place::Field(place) => match self.fields.get(place) {
                Some(kept) => Cow::Borrowed(kept.get_or_init(|| self.reading.peek(place))),
                None => Cow::Owned(self.reading.peek(place)),
            },
            Place::Customer => Cow::Owned(Peek::Text(self.reading.customer_id())),
            Place::Msp => Cow::Owned(Peek::Text(self.reading.msp_id())),
            Place::Nowhere => Cow::Owned(Peek::Absent),
        }
    }
}
