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
    subject: &'a [u8],
    pub data: Option<Octets<'a>>,
    /// Nanoseconds in the published sample.
    pub timestamp: i64,
    customer_id: &'a [u8],
    msp_id: &'a [u8],
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
        let mut envelope = Self { subject: &[], data: None, timestamp: 0, customer_id: &[], msp_id: &[] };
        let mut reader = Reader::new(Octets::frame(frame));
        while let Some(field) = reader.field()? {
            match (field.number, field.raw) {
                (2, Raw::Bytes(octets)) => envelope.subject = octets.bytes,
                (3, Raw::Bytes(octets)) => envelope.data = Some(octets),
                (4, Raw::Varint(number)) => envelope.timestamp = number as i64,
                (5, Raw::Bytes(octets)) => envelope.customer_id = octets.bytes,
                (6, Raw::Bytes(octets)) => envelope.msp_id = octets.bytes,
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

    /// Whose account it is.
    pub fn customer_id(&self) -> Words<'a> {
        words(self.customer_id)
    }

    /// The managed service provider of the account.
    pub fn msp_id(&self) -> Words<'a> {
        words(self.msp_id)
    }

    /// The topic by the subject; where that says nothing known, the topic of the connection it came on.
    pub fn topic(&self, connection: Option<Topic>) -> Result<Topic, DecodeError> {
        let name = words(self.subject);
        let subject = Topic::ALL.into_iter().find(|topic| topic.name().eq_ignore_ascii_case(name.trim()));
        match (subject, connection) {
            (Some(subject), Some(connection)) if subject != connection => {
                Err(DecodeError::wrong_topic(subject, connection))
            }
            (Some(topic), _) | (None, Some(topic)) => Ok(topic),
            (None, None) => Err(DecodeError::unknown_topic(&name)),
        }
    }
}

fn words(octets: &[u8]) -> Words<'_> {
    text::words(octets, |_| {})
}
