//! What was read of an event, so that many rules that ask for a field read it once.

use std::{borrow::Cow, cell::OnceCell, sync::Arc};

use super::{
    Answer, Place,
    recall::{Past, Recall},
};
use crate::event::{Kind, Peek, Reading};

/// How many of a kind's first fields are kept; the others are read each time.
const KEPT: usize = 16;

/// An event under way.
pub(in crate::rules) struct Seen<'r, R> {
    pub reading: &'r R,
    pub(super) past: &'r Past<'r>,
    fields: [OnceCell<Peek<'r>>; KEPT],
    /// What alerts have as their key and body whose rules say nothing; `None`: the whole event is to be looked at.
    pub(super) key: OnceCell<Option<Arc<str>>>,
    pub(super) body: OnceCell<Option<Arc<str>>>,
}

impl<'r, R: Reading> Seen<'r, R> {
    pub fn new(reading: &'r R, past: &'r Past<'r>) -> Self {
        let fields = [const { OnceCell::new() }; KEPT];
        Self { reading, past, fields, key: OnceCell::new(), body: OnceCell::new() }
    }

    pub fn kind(&self) -> &'static Kind {
        self.reading.kind()
    }
}

/// What conditions are asked about.
pub(super) trait Fields {
    fn peek(&self, place: Place) -> Cow<'_, Peek<'_>>;
    fn recall(&self, recall: &Recall) -> Answer;
}

impl<R: Reading> Fields for Seen<'_, R> {
    fn peek(&self, place: Place) -> Cow<'_, Peek<'_>> {
        match place {
            Place::Field(number) => match self.fields.get(number) {
                Some(kept) => Cow::Borrowed(kept.get_or_init(|| self.reading.peek(number))),
                None => Cow::Owned(peek(self.reading, place)),
            },
            _ => Cow::Owned(peek(self.reading, place)),
        }
    }

    fn recall(&self, recall: &Recall) -> Answer {
        recall.ask(self)
    }
}

/// One value, for conditions that ask for one field.
impl Fields for Peek<'_> {
    fn peek(&self, _: Place) -> Cow<'_, Peek<'_>> {
        Cow::Borrowed(self)
    }

    /// One value remembers nothing.
    fn recall(&self, _: &Recall) -> Answer {
        Answer::Unclear
    }
}

/// Reads one field of an event.
#[inline]
pub(super) fn peek<R: Reading>(reading: &R, place: Place) -> Peek<'_> {
    match place {
        Place::Field(place) => reading.peek(place),
        Place::Customer => Peek::Text(reading.customer_id()),
        Place::Msp => Peek::Text(reading.msp_id()),
        Place::Nowhere => Peek::Absent,
    }
}
