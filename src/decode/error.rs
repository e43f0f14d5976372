//! Why a frame gives no events.

use std::fmt;

use super::{
    MAX_FRAME,
    reader::{Broken, Flaw},
};
use crate::{event::Topic, inert};

/// Why a frame gives no events, in words for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DecodeError {
    /// Stable and short: one of [`DecodeError::CODES`].
    pub code: &'static str,
    /// What is wrong, as one or two plain sentences. Text of the frame is escaped in it.
    pub message: String,
}

impl DecodeError {
    /// All codes.
    pub const CODES: [&'static str; 9] = [
        "empty",
        "too-large",
        "truncated",
        "malformed",
        "no-data",
        "unknown-topic",
        "wrong-topic",
        "unrecognised",
        "too-many-records",
    ];

    fn new(code: &'static str, message: impl fmt::Display) -> Self {
        Self { code, message: message.to_string() }
    }

    pub(super) fn empty() -> Self {
        Self::new("empty", "The frame is empty.")
    }

    /// For a frame above the limit, whose length may not be known because nobody read it to its end.
    pub fn too_large() -> Self {
        Self::new("too-large", format!("The frame is longer than {} MiB, the limit. It was not read.", MAX_FRAME >> 20))
    }

    pub(super) fn no_data() -> Self {
        Self::new("no-data", "The frame is an envelope with nothing in it: its data field is missing.")
    }

    pub(super) fn unknown_topic(subject: &str) -> Self {
        if subject.is_empty() {
            return Self::new("unknown-topic", "The frame does not say which topic it belongs to.");
        }
        let subject: String = subject.chars().take(40).collect();
        Self::new(
            "unknown-topic",
            format!("The frame belongs to \"{}\", which is no topic known here.", inert::terminal(&subject)),
        )
    }

    pub(super) fn wrong_topic(subject: Topic, connection: Topic) -> Self {
        Self::new("wrong-topic", format!("The frame belongs to {subject} but came on the connection for {connection}."))
    }

    pub(super) fn unrecognised(topic: Topic) -> Self {
        Self::new("unrecognised", format!("The frame holds no field that a message of {topic} has."))
    }

    pub(super) fn too_many_records(limit: usize) -> Self {
        Self::new("too-many-records", format!("The message holds more than {limit} records, the limit."))
    }

    /// `part` is what was being read: the frame, or a message in it.
    pub(super) fn broken(part: &str, broken: Broken) -> Self {
        let Broken { what, at } = broken;
        let (code, what) = match what {
            Flaw::Truncated => ("truncated", format!("it ends inside the field at octet {at}")),
            Flaw::Varint => ("malformed", format!("the number at octet {at} does not end")),
            Flaw::Tag => ("malformed", format!("there is no valid field at octet {at}")),
            Flaw::Group => ("malformed", format!("the group at octet {at} does not end as it should")),
            Flaw::Type => ("malformed", format!("the field at octet {at} is not of the published type")),
        };
        Self::new(code, format!("The {part} cannot be read: {what}."))
    }
}
