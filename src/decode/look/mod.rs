//! A frame looked at: every record found and every octet checked, nothing decoded.
//!
//! One walk over the frame checks all that decoding would check, so that a frame is refused here exactly when
//! [`super::frame`] refuses it, with the same words, and notes where each field stands. A field is made into a value when
//! somebody asks for it, a record into an event likewise. Tests hold every answer to the decoder's.

mod alike;
mod compare;
mod glance;
mod index;
mod run;
mod scratch;

use std::{cell::OnceCell, hint::black_box};

use jiff::Timestamp;

pub use compare::compare;
pub use glance::Glance;
pub use run::Run;

use self::{alike::Last, index::index, scratch::Lists};
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
    frame: &'a [u8],
    /// The topic's message.
    message: Octets<'a>,
    /// The records, and where the fields stand: first those around the records, then each record's. By their slots, each
    /// where in the frame its tag is, of several the last that counts; 0 where there is none.
    lists: Lists,
    /// What decoded events share, once there are any.
    shared: OnceCell<(Around, Values)>,
}

/// A record as it was found.
struct Found {
    kind: &'static Kind,
    records: &'static Records,
    /// Where in the frame it begins and how long it is: a frame is shorter than 2^32 octets.
    start: u32,
    length: u32,
    /// Where its fields begin among the places.
    first: u32,
}

impl Found {
    fn new(kind: &'static Kind, records: &'static Records, octets: Octets, first: usize) -> Self {
        Self { kind, records, start: octets.start as u32, length: octets.bytes.len() as u32, first: first as u32 }
    }

    fn octets<'a>(&self, frame: &'a [u8]) -> Octets<'a> {
        let start = self.start as usize;
        Octets { bytes: frame.get(start..start + self.length as usize).unwrap_or_default(), start }
    }
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
    fetch(bytes);
    let envelope = Envelope::open(bytes)?;
    let (topic, message) = envelope.message(connection)?;
    let found = match topic {
        Topic::Security => lists(&layout::SHAPE_SECURITY, bytes, message),
        Topic::Presence => lists(&layout::SHAPE_PRESENCE, bytes, message),
        Topic::Apprf => lists(&layout::SHAPE_APPRF, bytes, message),
        Topic::Monitoring => lists(&layout::SHAPE_MONITORING, bytes, message),
        Topic::Audit => audit(bytes, message),
        Topic::Location => location(bytes, message),
    };
    let found = found.map_err(|fault| fault.explain(&format!("{topic} message in the frame")))?;
    let (shape, lists) = found.ok_or_else(|| DecodeError::unrecognised(topic))?;
    Ok(Look { envelope, topic, seq, received, shape, frame: bytes, message, lists, shared: OnceCell::new() })
}

/// Asks the memory for all of a frame at once. The walk asks for one octet after the other, since each says where the next
/// one is, and would wait for each line of memory by itself.
fn fetch(bytes: &[u8]) {
    const LINE: usize = 64;
    /// What is longer comes line by line, as the walk goes.
    const MOST: usize = 16 << 10;
    let ahead = &bytes[..bytes.len().min(MOST)];
    black_box(ahead.iter().step_by(LINE).fold(0, |all, octet| all ^ octet));
}

/// What the walk over a message found.
type Seen = (&'static Shape, Lists);

fn around(shape: &'static Shape) -> &'static Layout {
    static NOTHING: Layout = Layout::NOTHING;
    shape.around.unwrap_or(&NOTHING)
}

/// Finds the records of a message and what stands around them; the records are not yet looked into. Whether there is any.
fn parts(shape: &'static Shape, message: Octets) -> Result<(bool, Lists), Fault> {
    let layout = around(shape);
    let Lists { records, places } = &mut scratch::take();
    places.resize(layout.slots.len(), 0);
    let mut any = false;
    let holds_records = fan_out::walk(
        shape,
        message,
        |field| {
            any |= index::note(layout, field, places)?;
            Ok(())
        },
        |holder, octets| {
            records.push(Found::new(holder.kind(), holder, octets, 0));
            records.len()
        },
    )?;
    let lists = Lists { records: std::mem::take(records), places: std::mem::take(places) };
    Ok((any | holds_records, lists))
}

/// Topics whose records stand in lists.
fn lists(shape: &'static Shape, frame: &[u8], message: Octets) -> Result<Option<Seen>, Fault> {
    let (any, mut lists) = parts(shape, message)?;
    let Lists { records, places } = &mut lists;
    let mut first = places.len();
    let slots: usize = records.iter().map(|found| found.records.layout.slots.len()).sum();
    places.resize(first + slots, 0);
    let mut last = Last::take();
    let mut whole = Ok(());
    for found in records {
        let (layout, record) = (found.records.layout, found.octets(frame));
        found.first = first as u32;
        let after = first + layout.slots.len();
        let places = &mut places[first..after];
        first = after;
        if last.note(layout, frame, record, places) {
            continue;
        }
        if let Err(broken) = index(layout, frame, record, places) {
            whole = Err(broken);
            break;
        }
        last.learn(layout, frame, record);
    }
    last.keep();
    whole?;
    Ok(any.then_some((shape, lists)))
}

/// The message is the record, flattened with one of its sub-messages.
fn audit(frame: &[u8], message: Octets) -> Result<Option<Seen>, Fault> {
    let shape = &layout::SHAPE_AUDIT;
    let (any, mut lists) = parts(shape, message)?;
    if !any {
        return Ok(None);
    }
    let Lists { records, places } = &mut lists;
    let service = audit::service().map_or(Peek::Absent, |place| {
        glance::field(around(shape), place, message, places.get(place).copied().unwrap_or(0))
    });
    let sub_messages: Vec<_> = records.iter().map(|found| (found.records, found.octets(frame))).collect();
    let (kind, of, octets) = audit::record(&service, &sub_messages);
    records.clear();
    let first = places.len();
    records.push(Found::new(kind, of, octets, first));
    places.resize(first + of.layout.slots.len(), 0);
    index(of.layout, frame, octets, &mut places[first..])?;
    Ok(Some((shape, lists)))
}

/// The message is the record, of one of two kinds.
fn location(frame: &[u8], message: Octets) -> Result<Option<Seen>, Fault> {
    let (shape, of) = location::tell(message)?;
    let mut lists = scratch::take();
    lists.records.push(Found::new(of.kind(), of, message, 0));
    lists.places.resize(of.layout.slots.len(), 0);
    let any = index(of.layout, frame, message, &mut lists.places)?;
    Ok(any.then_some((shape, lists)))
}

impl Look<'_> {
    /// The topic of the frame.
    pub fn topic(&self) -> Topic {
        self.topic
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.lists.records.len()
    }

    /// A message without records.
    pub fn is_empty(&self) -> bool {
        self.lists.records.is_empty()
    }

    /// The records, in the order of the wire: the same events that [`super::frame`] gives.
    pub fn glances(&self) -> impl Iterator<Item = Glance<'_>> {
        self.lists.records.iter().zip(0..).map(|(found, place)| Glance { look: self, found, place })
    }

    /// The record at that place.
    pub fn glance(&self, place: u32) -> Option<Glance<'_>> {
        self.lists.records.get(place as usize).map(|found| Glance { look: self, found, place })
    }

    /// What the decoder makes events of, made once.
    fn shared(&self) -> &(Around, Values) {
        self.shared.get_or_init(|| {
            let around = Around {
                topic: self.topic,
                seq: self.seq,
                received: self.received,
                sent: time::instant(self.envelope.timestamp),
                customer_id: self.envelope.customer_id().into(),
                msp_id: self.envelope.msp_id().into(),
            };
            // Checked before: it cannot be broken.
            (around, fan_out::parts(self.shape, self.message).map(|parts| parts.around).unwrap_or_default())
        })
    }
}
