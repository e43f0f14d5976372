//! A frame looked at: every record found and every octet checked, nothing decoded.
//!
//! One walk over the frame checks all that decoding would check, so that a frame is refused here exactly when
//! [`super::frame`] refuses it, with the same words, and notes where each field stands. A field is made into a value when
//! somebody asks for it, a record into an event likewise. Tests hold every answer to the decoder's.

mod compare;
mod glance;
mod index;

use std::cell::OnceCell;

use jiff::Timestamp;

pub use compare::compare;
pub use glance::Glance;

use self::index::index;
use super::{
    Around, DecodeError, audit, fan_out,
    fan_out::Fault,
    frame::Envelope,
    layout::{self, Layout, Records, Shape},
    location,
    reader::Octets,
    record::Values,
    time,
};
use crate::event::{Kind, Peek, Topic};

/// A frame that was looked at, and checked.
pub struct Look<'a> {
    envelope: Envelope<'a>,
    topic: Topic,
    seq: u64,
    received: Option<Timestamp>,
    shape: &'static Shape,
    /// The topic's message.
    message: Octets<'a>,
    records: Vec<Found<'a>>,
    /// Where the fields stand: first those around the records, then each record's. By their slots, each where in the frame
    /// its tag is, of several the last that counts; 0 where there is none.
    places: Vec<u32>,
    /// What decoded events share, once there are any.
    shared: OnceCell<(Around, Values)>,
}

/// A record as it was found.
struct Found<'a> {
    kind: &'static Kind,
    records: &'static Records,
    octets: Octets<'a>,
    /// Where its fields begin among the places.
    first: usize,
}

/// Looks at a frame: the same arguments and the same errors as [`super::frame`].
pub fn look(connection: Option<Topic>, seq: u64, received: Timestamp, bytes: &[u8]) -> Result<Look<'_>, DecodeError> {
    open(connection, seq, Some(received), bytes)
}

fn open(
    connection: Option<Topic>,
    seq: u64,
    received: Option<Timestamp>,
    bytes: &[u8],
) -> Result<Look<'_>, DecodeError> {
    let envelope = Envelope::open(bytes)?;
    let (topic, message) = envelope.message(connection)?;
    let found = match topic {
        Topic::Security => lists(&layout::SHAPE_SECURITY, message),
        Topic::Presence => lists(&layout::SHAPE_PRESENCE, message),
        Topic::Apprf => lists(&layout::SHAPE_APPRF, message),
        Topic::Monitoring => lists(&layout::SHAPE_MONITORING, message),
        Topic::Audit => audit(message),
        Topic::Location => location(message),
    };
    let found = found.map_err(|fault| fault.explain(&format!("{topic} message in the frame")))?;
    let Seen { shape, records, places } = found.ok_or_else(|| DecodeError::unrecognised(topic))?;
    Ok(Look { envelope, topic, seq, received, shape, message, records, places, shared: OnceCell::new() })
}

/// What the walk over a message found.
struct Seen<'a> {
    shape: &'static Shape,
    records: Vec<Found<'a>>,
    places: Vec<u32>,
}

fn around(shape: &'static Shape) -> &'static Layout {
    static NOTHING: Layout = Layout::NOTHING;
    shape.around.unwrap_or(&NOTHING)
}

/// Finds the records of a message and what stands around them; the records are not yet looked into.
fn parts<'a>(shape: &'static Shape, message: Octets<'a>) -> Result<(bool, Seen<'a>), Fault> {
    let layout = around(shape);
    let mut places = vec![0; layout.slots.len()];
    // Room for what a message of that length mostly holds.
    let mut records = Vec::with_capacity((message.bytes.len() / 24).clamp(1, 64));
    let mut any = false;
    let holds_records = fan_out::walk(
        shape,
        message,
        |field| {
            any |= index::note(layout, field, &mut places)?;
            Ok(())
        },
        |holder, octets| {
            records.push(Found { kind: holder.kind(), records: holder, octets, first: 0 });
            records.len()
        },
    )?;
    Ok((any | holds_records, Seen { shape, records, places }))
}

/// Topics whose records stand in lists.
fn lists<'a>(shape: &'static Shape, message: Octets<'a>) -> Result<Option<Seen<'a>>, Fault> {
    let (any, mut seen) = parts(shape, message)?;
    seen.places.reserve(seen.records.iter().map(|found| found.records.layout.slots.len()).sum());
    for found in &mut seen.records {
        found.first = seen.places.len();
        index(found.records.layout, found.octets, &mut seen.places)?;
    }
    Ok(any.then_some(seen))
}

/// The message is the record, flattened with one of its sub-messages.
fn audit(message: Octets<'_>) -> Result<Option<Seen<'_>>, Fault> {
    let shape = &layout::SHAPE_AUDIT;
    let (any, mut seen) = parts(shape, message)?;
    if !any {
        return Ok(None);
    }
    let service = audit::service().map_or(Peek::Absent, |place| {
        glance::field(around(shape), place, message, seen.places.get(place).copied().unwrap_or(0))
    });
    let sub_messages: Vec<_> = seen.records.iter().map(|found| (found.records, found.octets)).collect();
    let (kind, records, octets) = audit::record(&service, &sub_messages);
    let first = seen.places.len();
    index(records.layout, octets, &mut seen.places)?;
    seen.records = vec![Found { kind, records, octets, first }];
    Ok(Some(seen))
}

/// The message is the record, of one of two kinds.
fn location(message: Octets<'_>) -> Result<Option<Seen<'_>>, Fault> {
    let (shape, records) = location::tell(message)?;
    let mut places = Vec::new();
    let any = index(records.layout, message, &mut places)?;
    let found = Found { kind: records.kind(), records, octets: message, first: 0 };
    Ok(any.then(|| Seen { shape, records: vec![found], places }))
}

impl Look<'_> {
    /// The topic of the frame.
    pub fn topic(&self) -> Topic {
        self.topic
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// A message without records.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The records, in the order of the wire: the same events that [`super::frame`] gives.
    pub fn glances(&self) -> impl Iterator<Item = Glance<'_>> {
        self.records.iter().zip(0..).map(|(found, place)| Glance { look: self, found, place })
    }

    /// The record at that place.
    pub fn glance(&self, place: u32) -> Option<Glance<'_>> {
        self.records.get(place as usize).map(|found| Glance { look: self, found, place })
    }

    /// What the decoder makes events of, made once.
    fn shared(&self) -> &(Around, Values) {
        self.shared.get_or_init(|| {
            let around = Around {
                topic: self.topic,
                seq: self.seq,
                received: self.received,
                sent: time::instant(self.envelope.timestamp),
                customer_id: self.envelope.customer_id.clone().into(),
                msp_id: self.envelope.msp_id.clone().into(),
            };
            // Checked before: it cannot be broken.
            (around, fan_out::parts(self.shape, self.message).map(|parts| parts.around).unwrap_or_default())
        })
    }
}
