//! One record on the wire, read field by field as it is asked.

use std::borrow::Cow;

use jiff::Timestamp;

use super::{Found, Look, around};
use crate::{
    decode::{
        fan_out,
        layout::{Layout, Read, Slot},
        reader::{Octets, Raw, Reader},
        record, text, time,
    },
    event::{Event, EventId, Kind, MarkKind, Peek, Reading, Topic, Value, Words},
};

/// One record of a frame that was looked at. Cheap to copy; all it knows stands in the [`Look`].
#[derive(Clone, Copy)]
pub struct Glance<'l> {
    pub(super) look: &'l Look<'l>,
    pub(super) found: &'l Found,
    pub(super) place: u32,
}

impl<'l> Glance<'l> {
    /// What the field at this place of the kind's fields holds, for as long as the frame is there.
    pub fn field(&self, place: usize) -> Peek<'l> {
        let records = self.found.records;
        let own = records.layout.slots.len();
        let Some(beyond) = place.checked_sub(own) else {
            let value = self.own(place);
            let instead = records.instead.iter().find(|(_, here)| value.is_absent() && *here == place);
            return instead.map_or(value, |(there, _)| self.around(*there));
        };
        records.around.get(beyond).map_or(Peek::Absent, |there| self.around(*there))
    }

    fn own(&self, place: usize) -> Peek<'l> {
        field(self.found.records.layout, place, self.found.octets(self.look.frame), self.at(place))
    }

    /// Where in the frame the record's own field at this place stands.
    fn at(&self, place: usize) -> u32 {
        self.look.lists.places.get(self.found.first as usize + place).copied().unwrap_or(0)
    }

    fn around(&self, place: usize) -> Peek<'l> {
        let layout = around(self.look.shape);
        // Places beyond the layout's are the records'.
        let at = self.look.lists.places.get(place).copied().filter(|_| place < layout.slots.len());
        field(layout, place, self.look.message, at.unwrap_or(0))
    }

    /// What the record or the message says of when; `None` where it says nothing sound.
    fn said(&self) -> Option<Timestamp> {
        let instant = |value: Peek| if let Peek::Int(number) = value { time::instant(number) } else { None };
        let own = self.found.records.layout.time.and_then(|place| instant(self.own(place)));
        let message = || around(self.look.shape).time.and_then(|place| instant(self.around(place)));
        own.or_else(message).or_else(|| time::instant(self.look.envelope.timestamp))
    }

    /// The event that decoding gives.
    pub fn decode(&self) -> Event {
        let (around, values) = self.look.shared();
        let mut record = match fan_out::complete(self.found.records, self.found.octets(self.look.frame), values) {
            Ok(record) => record,
            // It was checked when it was looked at; whatever happens, an event has a value for each field.
            Err(_) => fan_out::Record::without_values(self.found.kind),
        };
        record.kind = self.found.kind;
        around.event(self.place, record)
    }
}

impl Reading for Glance<'_> {
    fn id(&self) -> EventId {
        EventId { seq: self.look.seq, record: self.place }
    }

    fn kind(&self) -> &'static Kind {
        self.found.kind
    }

    fn topic(&self) -> Topic {
        self.look.topic
    }

    fn time(&self) -> Timestamp {
        let said = self.said();
        let believed = |said: &Timestamp| self.look.received.is_none_or(|at| time::is_believable(*said, at));
        said.filter(believed).unwrap_or_else(|| self.received())
    }

    fn received(&self) -> Timestamp {
        let sent = || time::instant(self.look.envelope.timestamp);
        self.look.received.or_else(sent).or_else(|| self.said()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn customer_id(&self) -> Words<'_> {
        let envelope = self.look.envelope.customer_id();
        if envelope.is_empty() {
            let kind = self.found.kind;
            let own = kind.field_index("customer_id").or_else(|| kind.field_index("cust_id"));
            if let Some(Peek::Text(own)) = own.map(|place| self.field(place)) {
                return own;
            }
        }
        envelope
    }

    fn msp_id(&self) -> Words<'_> {
        self.look.envelope.msp_id()
    }

    fn peek(&self, place: usize) -> Peek<'_> {
        self.field(place)
    }

    fn event(&self) -> Cow<'_, Event> {
        Cow::Owned(self.decode())
    }
}

/// The value of the field at `place` of a message's layout, whose tag is at `at` in the frame; 0: there is none.
pub(super) fn field<'a>(layout: &'static Layout, place: usize, message: Octets<'a>, at: u32) -> Peek<'a> {
    let (Some(slot), Some(skip)) = (layout.slots.get(place), (at as usize).checked_sub(message.start)) else {
        return Peek::Absent;
    };
    if at == 0 {
        return Peek::Absent;
    }
    if slot.repeated {
        return held(record::list(layout, place, message).ok());
    }
    let rest = Octets { bytes: message.bytes.get(skip..).unwrap_or_default(), start: at as usize };
    if let Some(value) = plain(slot, rest.bytes) {
        return value;
    }
    match Reader::new(rest).field() {
        Ok(Some(field)) => value(slot, field.raw),
        _ => Peek::Absent,
    }
}

/// The value of the field that the octets begin with, if it is written as almost all are. Only a shortcut: what it declines,
/// the reader reads.
#[inline]
fn plain<'a>(slot: &'static Slot, octets: &'a [u8]) -> Option<Peek<'a>> {
    let octets = untagged(octets)?;
    match (&slot.read, octets) {
        (Read::Text, [length, text @ ..]) if *length < 0x80 => {
            Some(Peek::Text(text::words(text.get(..usize::from(*length))?, |_| {})))
        }
        (Read::Mac, [8, 0x0a, 6, text @ ..]) => Some(Peek::Text(text::mac(text.get(..6)?, |_| {}))),
        (Read::Bool | Read::Int32 | Read::Uint32 | Read::Uint64 | Read::Enum(_), octets) => {
            Some(value(slot, Raw::Varint(varint(octets, 10))))
        }
        _ => None,
    }
}

/// What stands behind a tag of one or two octets.
#[inline]
pub(super) fn untagged(octets: &[u8]) -> Option<&[u8]> {
    match octets {
        [one, value @ ..] if *one < 0x80 => Some(value),
        [_, two, value @ ..] if *two < 0x80 => Some(value),
        _ => None,
    }
}

/// The number that they begin with, which was checked before: what its first so many octets say.
#[inline]
fn varint(octets: &[u8], most: usize) -> u64 {
    let mut number = 0;
    for (place, octet) in octets.iter().take(most).enumerate() {
        number |= u64::from(octet & 0x7f) << (7 * place);
        if *octet < 0x80 {
            break;
        }
    }
    number
}

/// The low 32 bits of the number that they begin with, which was checked before.
#[inline]
pub(super) fn low(octets: &[u8]) -> u32 {
    // Five octets hold more than 32 bits.
    let Some(eight) = octets.first_chunk::<8>() else { return varint(octets, 5) as u32 };
    let word = u64::from_le_bytes(*eight);
    if word & 0x80 == 0 {
        return (word & 0x7f) as u32;
    }
    // All up to the first octet that says it is the last.
    let ends = !word & 0x8080_8080_8080_8080;
    let own = word & (ends ^ ends.wrapping_sub(1));
    let septet = |place: u32| (own >> (8 * place) & 0x7f) << (7 * place);
    (septet(0) | septet(1) | septet(2) | septet(3) | septet(4)) as u32
}

/// Who is told of a mark: here nobody.
type Mark = fn(MarkKind);

/// The octets of an address message.
fn inside(message: Octets<'_>, number: u32) -> Option<&[u8]> {
    record::octets(message, number).ok().flatten()
}

/// A raw value by the definition of its field: as `record::value` reads it, but nothing is copied.
fn value<'a>(slot: &'static Slot, raw: Raw<'a>) -> Peek<'a> {
    match (&slot.read, raw) {
        (Read::Bool, Raw::Varint(number)) => Peek::Bool(number != 0),
        (Read::Int32, Raw::Varint(number)) => Peek::Int(i64::from(number as i32)),
        (Read::Uint32, Raw::Varint(number)) => Peek::Int(i64::from(number as u32)),
        (Read::Uint64, Raw::Varint(number)) => Peek::Int(i64::try_from(number).unwrap_or(i64::MAX)),
        (Read::Float, Raw::Fixed32(bits)) => Peek::Float(record::widen(f32::from_bits(bits))),
        (Read::Double, Raw::Fixed64(bits)) => Peek::Float(f64::from_bits(bits)),
        (Read::Enum(names), Raw::Varint(number)) => {
            let number = number as i32;
            let name = names.iter().find(|(known, _)| *known == number);
            name.map_or(Peek::Int(i64::from(number)), |(_, name)| (*name).into())
        }
        (Read::Text, Raw::Bytes(octets)) => Peek::Text(text::words(octets.bytes, |_| {})),
        (Read::Mac, Raw::Bytes(message)) => address(inside(message, 1), text::mac),
        (Read::Address, Raw::Bytes(message)) => address(inside(message, 2), text::address),
        (Read::Message(_), raw) => held(record::value(slot, raw, &mut Vec::new()).ok().flatten()),
        _ => Peek::Absent,
    }
}

fn address<'a>(octets: Option<&[u8]>, words: fn(&[u8], Mark) -> Words<'static>) -> Peek<'a> {
    octets.map_or(Peek::Absent, |octets| Peek::Text(words(octets, |_| {})))
}

fn held<'a>(value: Option<Value>) -> Peek<'a> {
    match value {
        None | Some(Value::Absent) => Peek::Absent,
        Some(value) => Peek::Held(Cow::Owned(value)),
    }
}
