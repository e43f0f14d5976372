//! The envelope: whose message it is, of which topic, when it was sent.

use super::{
    DecodeError, MAX_FRAME,
    reader::{Broken, Flaw, Octets, Raw, Reader},
    text,
};
use crate::event::{Topic, Words};

/// The name of an envelope's field.
pub(super) fn field_name(number: u32) -> Option<&'static str> {
    Some(match number {
        2 => "subject",
        3 => "data",
        4 => "timestamp",
        5 => "customer_id",
        6 => "msp_id",
        _ => return None,
    })
}

/// An envelope, opened. Its bytes are those of the frame.
#[derive(Debug)]
pub(super) struct Envelope<'a> {
    subject: Words<'a>,
    pub data: Option<Octets<'a>>,
    /// Nanoseconds in the published sample.
    pub timestamp: i64,
    pub customer_id: Words<'a>,
    pub msp_id: Words<'a>,
}

impl<'a> Envelope<'a> {
    /// Opens a frame. Unknown fields are skipped; a known one of another type makes it no envelope.
    pub fn open(frame: &'a [u8]) -> Result<Self, DecodeError> {
        if frame.is_empty() {
            return Err(DecodeError::empty());
        }
        if frame.len() > MAX_FRAME {
            return Err(DecodeError::too_large());
        }
        Self::read(frame).map_err(|broken| DecodeError::broken("frame", broken))
    }

    fn read(frame: &'a [u8]) -> Result<Self, Broken> {
        const NONE: Words = Words::Held("");
        let mut envelope = Self { subject: NONE, data: None, timestamp: 0, customer_id: NONE, msp_id: NONE };
        let words = |octets: Octets<'a>| text::words(octets.bytes, |_| {});
        let mut reader = Reader::new(Octets::frame(frame));
        while let Some(field) = reader.field()? {
            match (field.number, field.raw) {
                (2, Raw::Bytes(octets)) => envelope.subject = words(octets),
                (3, Raw::Bytes(octets)) => envelope.data = Some(octets),
                (4, Raw::Varint(number)) => envelope.timestamp = number as i64,
                (5, Raw::Bytes(octets)) => envelope.customer_id = words(octets),
                (6, Raw::Bytes(octets)) => envelope.msp_id = words(octets),
                (2..=6, _) => return Err(Broken { what: Flaw::Type, at: field.start }),
                _ => {}
            }
        }
        Ok(envelope)
    }

    /// The topic and its message.
    pub fn message(&self, connection: Option<Topic>) -> Result<(Topic, Octets<'a>), DecodeError> {
        // An empty message and a missing one are written alike; every message of a topic has fields it must have.
        let data = self.data.filter(|data| !data.bytes.is_empty()).ok_or_else(DecodeError::no_data)?;
        Ok((self.topic(connection)?, data))
    }

    /// The topic by the subject; where that says nothing known, the topic of the connection it came on.
    pub fn topic(&self, connection: Option<Topic>) -> Result<Topic, DecodeError> {
        let subject = self.subject.trim();
        let subject = Topic::ALL.into_iter().find(|topic| topic.name().eq_ignore_ascii_case(subject));
        match (subject, connection) {
            (Some(subject), Some(connection)) if subject != connection => {
                Err(DecodeError::wrong_topic(subject, connection))
            }
            (Some(topic), _) | (None, Some(topic)) => Ok(topic),
            (None, None) => Err(DecodeError::unknown_topic(&self.subject)),
        }
    }
}
