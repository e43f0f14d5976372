//! From a frame's bytes to events. The only place that sees prost types.
//!
//! The envelope is opened, the topic's message taken apart into records (`fan_out`, by the layouts that build.rs
//! generates), and each record read into the values of one event (`record`). Audit and location are the topics whose
//! records do not stand in lists. `look` finds the same records and leaves them on the wire until somebody asks. Whatever the bytes are, the answer is events or a [`DecodeError`], in memory bounded
//! by the limits below; tests hold the readers to prost.

mod audit;
mod error;
mod fan_out;
mod frame;
mod inspect;
#[allow(clippy::unreadable_literal)] // generated numbers, as the definitions have them
mod layout;
mod location;
mod look;
mod mask;
mod reader;
mod record;
mod text;
mod time;
pub mod wire;

use std::sync::Arc;

use jiff::Timestamp;

pub use error::DecodeError;
pub use inspect::{FieldBytes, inspect};
pub use look::{Glance, Look, Run, compare, look};
pub use mask::Mask;
pub use text::MAX_TEXT;

use self::{fan_out::Record, frame::Envelope};
use crate::event::{Event, EventId, MarkKind, Topic, Value};

/// The longest frame that is read, in octets.
pub const MAX_FRAME: usize = 16 << 20;

/// The most records of one message. Real ones have hundreds at most.
pub const MAX_RECORDS: usize = 50_000;

/// The events of a frame: one per record, none for a message without records.
///
/// `connection` is the topic of the connection the frame came on; without one (or where it agrees) the envelope's
/// subject tells. `seq` and `received` are the row's. A time of the sender that is missing or more than a day from
/// `received` reads as `received` and is marked.
pub fn frame(
    connection: Option<Topic>,
    seq: u64,
    received: Timestamp,
    bytes: &[u8],
) -> Result<Vec<Event>, DecodeError> {
    read(connection, seq, Some(received), bytes)
}

/// The topic of a frame, by what its envelope says.
///
/// # Errors
/// The bytes are no envelope, or it names no topic.
pub fn topic(bytes: &[u8]) -> Result<Topic, DecodeError> {
    Envelope::open(bytes)?.topic(None)
}

/// The events of a frame of which nobody knows when it came: `received` is the envelope's own time, and every time the
/// sender says is taken at its word. Without any time at all, both are the epoch and `time` is marked.
pub fn undated_frame(connection: Option<Topic>, seq: u64, bytes: &[u8]) -> Result<Vec<Event>, DecodeError> {
    read(connection, seq, None, bytes)
}

fn read(
    connection: Option<Topic>,
    seq: u64,
    received: Option<Timestamp>,
    bytes: &[u8],
) -> Result<Vec<Event>, DecodeError> {
    let envelope = Envelope::open(bytes)?;
    let (topic, data) = envelope.message(connection)?;
    let records = match topic {
        Topic::Security => fan_out::lists(&layout::SHAPE_SECURITY, data),
        Topic::Presence => fan_out::lists(&layout::SHAPE_PRESENCE, data),
        Topic::Apprf => fan_out::lists(&layout::SHAPE_APPRF, data),
        Topic::Monitoring => fan_out::lists(&layout::SHAPE_MONITORING, data),
        Topic::Audit => audit::records(data),
        Topic::Location => location::records(data),
    };
    let records = records.map_err(|fault| fault.explain(&format!("{topic} message in the frame")))?;
    let records = records.ok_or_else(|| DecodeError::unrecognised(topic))?;
    let sent = time::instant(envelope.timestamp);
    let around = Around {
        topic,
        seq,
        received,
        sent,
        customer_id: envelope.customer_id().into(),
        msp_id: envelope.msp_id().into(),
    };
    Ok((0..).zip(records).map(|(place, record)| around.event(place, record)).collect())
}

/// What the events of one frame share.
struct Around {
    topic: Topic,
    seq: u64,
    received: Option<Timestamp>,
    sent: Option<Timestamp>,
    customer_id: Arc<str>,
    msp_id: Arc<str>,
}

impl Around {
    fn event(&self, place: u32, record: Record) -> Event {
        let Record { kind, mut read } = record;
        let field = |name| kind.field_index(name).and_then(|index| read.values.get(index));
        let said = read.time.or(self.sent);
        let received = self.received.or(self.sent).or(said).unwrap_or(Timestamp::UNIX_EPOCH);
        let believed = said.filter(|said| self.received.is_none_or(|received| time::is_believable(*said, received)));
        // The envelope says whose account it is; a message of an account that its envelope does not name says it itself.
        let customer_id = match field("customer_id").or_else(|| field("cust_id")) {
            Some(Value::Text(own)) if self.customer_id.is_empty() => own.clone(),
            _ => self.customer_id.clone(),
        };
        if believed.is_none() {
            record::mark(&mut read.marks, "time", MarkKind::TimeIsReceived);
        }
        Event {
            id: EventId { seq: self.seq, record: place },
            kind,
            topic: self.topic,
            time: believed.unwrap_or(received),
            received,
            customer_id,
            msp_id: self.msp_id.clone(),
            values: read.values,
            marks: read.marks,
        }
    }
}
