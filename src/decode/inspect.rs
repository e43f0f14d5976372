//! Which octets of a frame hold which field: for whoever wants to see the bytes themselves.

use super::{
    fan_out, frame,
    layout::{self, Layout, Shape},
    location,
    reader::{Octets, Raw, Reader},
};
use crate::event::Topic;

/// Where a field stands in a frame. Octets count from 0; the end is exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldBytes {
    /// The record it belongs to, as in the event's id; `None` for a field that stands around the records.
    pub record: Option<u32>,
    /// Its protobuf name: the event's, or the envelope's (`subject`, `timestamp`, `customer_id`, `msp_id`).
    pub field: &'static str,
    /// Where its tag begins.
    pub start: usize,
    /// Where its value ends.
    pub end: usize,
}

/// Every known field of a frame, in the order of the bytes. Of a broken frame, those before the flaw.
pub fn inspect(connection: Option<Topic>, bytes: &[u8]) -> Vec<FieldBytes> {
    let mut found = Vec::new();
    let mut data = None;
    let mut reader = Reader::new(Octets::frame(bytes));
    while let Ok(Some(field)) = reader.field() {
        match (field.raw, frame::field_name(field.number)) {
            (Raw::Bytes(octets), Some("data")) => data = Some(octets),
            (_, Some(name)) => {
                found.push(FieldBytes { record: None, field: name, start: field.start, end: field.end });
            }
            _ => {}
        }
    }
    let topic = frame::Envelope::open(bytes).ok().and_then(|envelope| envelope.topic(connection).ok()).or(connection);
    if let (Some(topic), Some(data)) = (topic, data) {
        message(topic, data, &mut found);
    }
    found.sort_by_key(|field| (field.start, field.end));
    found
}

fn message(topic: Topic, data: Octets, found: &mut Vec<FieldBytes>) {
    let shape: &'static Shape = match topic {
        Topic::Security => &layout::SHAPE_SECURITY,
        Topic::Presence => &layout::SHAPE_PRESENCE,
        Topic::Apprf => &layout::SHAPE_APPRF,
        Topic::Monitoring => &layout::SHAPE_MONITORING,
        Topic::Audit => &layout::SHAPE_AUDIT,
        Topic::Location => {
            if let Ok((_, records)) = location::tell(data) {
                fields(records.layout, data, Some(0), found);
            }
            return;
        }
    };
    if let Some(around) = shape.around {
        fields(around, data, None, found);
    }
    let Ok(parts) = fan_out::parts(shape, data) else { return };
    for (place, (records, octets)) in (0..).zip(parts.records) {
        // An audit message is one record, whatever sub-messages it has.
        let record = if topic == Topic::Audit { 0 } else { place };
        fields(records.layout, octets, Some(record), found);
    }
}

fn fields(layout: &'static Layout, octets: Octets, record: Option<u32>, found: &mut Vec<FieldBytes>) {
    let mut reader = Reader::new(octets);
    while let Ok(Some(field)) = reader.field() {
        if let Some(place) = layout.place(field.number) {
            found.push(FieldBytes { record, field: layout.slots[place].name, start: field.start, end: field.end });
        }
    }
}
