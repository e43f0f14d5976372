//! One message's bytes to values, by its layout.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    layout::{Layout, Read, Slot},
    reader::{Broken, Field, Flaw, Octets, Raw, Reader},
    text, time,
};
use crate::event::{Mark, MarkKind, Value};

/// The most items of one list; what is more is cut and marked.
pub(super) const MAX_ITEMS: usize = 10_000;

/// What was read of one message.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_field_names, reason = "the values are its values")]
pub(super) struct Values {
    /// In the order of the layout's slots, one each.
    pub values: Vec<Value>,
    pub marks: Vec<Mark>,
    /// Whether any field of the layout was there.
    pub any: bool,
    /// When it happened, by the message's own account.
    pub time: Option<Timestamp>,
}

/// Reads a message. Unknown fields are skipped; a known one that is not of its type is left out and marked.
pub(super) fn read(layout: &'static Layout, octets: Octets) -> Result<Values, Broken> {
    let mut building = Building::new(layout);
    let mut reader = Reader::new(octets);
    while let Some(field) = reader.field()? {
        building.take(&field)?;
    }
    Ok(building.finish())
}

/// A message being read: fields may come in any order, lists in pieces, the last of a single field counts.
pub(super) struct Building {
    layout: &'static Layout,
    read: Values,
    lists: Vec<Vec<Value>>,
}

impl Building {
    pub fn new(layout: &'static Layout) -> Self {
        let values = vec![Value::Absent; layout.slots.len()];
        Self { layout, read: Values { values, ..Values::default() }, lists: Vec::new() }
    }

    /// Takes one field; one that the layout does not have is skipped.
    pub fn take(&mut self, field: &Field) -> Result<(), Broken> {
        let Some(place) = self.layout.place(field.number) else { return Ok(()) };
        let slot = &self.layout.slots[place];
        self.read.any = true;
        if slot.repeated {
            return self.take_item(place, slot, field);
        }
        match value(slot, field.raw, &mut self.read.marks)? {
            Some(Value::Absent) => {}
            Some(value) => self.read.values[place] = value,
            None => mark(&mut self.read.marks, slot.name, MarkKind::Unreadable),
        }
        Ok(())
    }

    fn take_item(&mut self, place: usize, slot: &'static Slot, field: &Field) -> Result<(), Broken> {
        if self.lists.len() <= place {
            self.lists.resize(place + 1, Vec::new());
        }
        let (list, marks) = (&mut self.lists[place], &mut self.read.marks);
        let mut push = |item: Option<Value>, marks: &mut Vec<Mark>| match item {
            Some(_) if list.len() >= MAX_ITEMS => mark(marks, slot.name, MarkKind::Clipped),
            Some(item) => list.push(item),
            None => mark(marks, slot.name, MarkKind::Unreadable),
        };
        match (field.raw, &slot.read) {
            // A list of numbers may be packed or not, whatever its definition says.
            (Raw::Bytes(packed), Read::Bool | Read::Int32 | Read::Uint32 | Read::Uint64 | Read::Enum(_)) => {
                let mut reader = Reader::new(packed);
                while let Some(number) = reader.packed_varint()? {
                    let item = value(slot, Raw::Varint(number), marks)?;
                    push(item, marks);
                }
            }
            (raw, _) => {
                let item = value(slot, raw, marks)?;
                push(item, marks);
            }
        }
        Ok(())
    }

    /// What was read; what the definitions require and is not there is marked.
    pub fn finish(mut self) -> Values {
        for (place, list) in self.lists.into_iter().enumerate() {
            if self.layout.slots[place].repeated && !list.is_empty() {
                self.read.values[place] = Value::List(list.into());
            }
        }
        self.read.time = self.layout.time.and_then(|place| time::of_value(self.read.values.get(place)?));
        for (slot, value) in self.layout.slots.iter().zip(&self.read.values) {
            if slot.required && matches!(value, Value::Absent) {
                mark(&mut self.read.marks, slot.name, MarkKind::Missing);
            }
        }
        self.read
    }
}

/// Adds a mark once.
pub(super) fn mark(marks: &mut Vec<Mark>, field: &'static str, kind: MarkKind) {
    let mark = Mark { field, kind };
    if !marks.contains(&mark) {
        marks.push(mark);
    }
}

/// The list at a place of the layout, alone; absent where nothing of it is there.
pub(super) fn list(layout: &'static Layout, place: usize, octets: Octets) -> Result<Value, Broken> {
    let slot = &layout.slots[place];
    let mut building = Building::new(layout);
    let mut reader = Reader::new(octets);
    while let Some(field) = reader.field()? {
        if field.number == slot.number {
            building.take(&field)?;
        }
    }
    Ok(building.finish().values.swap_remove(place))
}

/// A raw value by the definition of its field; `None` where its wire type is not the field's.
pub(super) fn value(slot: &'static Slot, raw: Raw, marks: &mut Vec<Mark>) -> Result<Option<Value>, Broken> {
    let mut note = |kind| mark(marks, slot.name, kind);
    Ok(Some(match (&slot.read, raw) {
        (Read::Bool, Raw::Varint(number)) => Value::Bool(number != 0),
        (Read::Int32, Raw::Varint(number)) => Value::Int(i64::from(number as i32)),
        (Read::Uint32, Raw::Varint(number)) => Value::Int(i64::from(number as u32)),
        (Read::Uint64, Raw::Varint(number)) => Value::Int(i64::try_from(number).unwrap_or_else(|_| {
            note(MarkKind::Clipped);
            i64::MAX
        })),
        (Read::Float, Raw::Fixed32(bits)) => Value::Float(widen(f32::from_bits(bits))),
        (Read::Double, Raw::Fixed64(bits)) => Value::Float(f64::from_bits(bits)),
        (Read::Enum(names), Raw::Varint(number)) => {
            let number = number as i32;
            if let Some((_, name)) = names.iter().find(|(known, _)| *known == number) {
                Value::Text((*name).into())
            } else {
                note(MarkKind::Unlisted);
                Value::Int(i64::from(number))
            }
        }
        (Read::Text, Raw::Bytes(octets)) => Value::Text(text::words(octets.bytes, note).into()),
        (Read::Mac, Raw::Bytes(message)) => {
            octets(message, 1)?.map_or(Value::Absent, |it| Value::Text(text::mac(it, note).into()))
        }
        (Read::Address, Raw::Bytes(message)) => {
            octets(message, 2)?.map_or(Value::Absent, |it| Value::Text(text::address(it, note).into()))
        }
        (Read::Message(layout), Raw::Bytes(message)) => {
            let nested = read(layout, message)?;
            for inner in nested.marks {
                note(inner.kind);
            }
            let there = layout.slots.iter().zip(nested.values).filter(|(_, value)| !matches!(value, Value::Absent));
            Value::Map(there.map(|(slot, value)| (slot.name, value)).collect::<Arc<[_]>>())
        }
        _ => return Ok(None),
    }))
}

/// The octets of the field `number` of an address message. The whole message must be well formed.
pub(super) fn octets(message: Octets<'_>, number: u32) -> Result<Option<&[u8]>, Broken> {
    if let Some(only) = message.held(number).filter(|it| it.bytes.len() + 2 == message.bytes.len()) {
        return Ok(Some(only.bytes));
    }
    let mut found = None;
    let mut reader = Reader::new(message);
    while let Some(field) = reader.field()? {
        match field.raw {
            Raw::Bytes(octets) if field.number == number => found = Some(octets.bytes),
            _ if field.number == number => return Err(Broken { what: Flaw::Type, at: field.start }),
            _ => {}
        }
    }
    Ok(found)
}

/// By the shortest decimal text: the f32 nearest 47.15384 becomes the f64 nearest 47.15384.
pub(super) fn widen(number: f32) -> f64 {
    /// Up to here, the shortest text of a whole number is that number.
    const EXACT: f32 = 16_777_216.0;
    let plain = !number.is_finite() || (number.trunc().to_bits() == number.to_bits() && number.abs() < EXACT);
    if plain { f64::from(number) } else { number.to_string().parse().unwrap_or(f64::from(number)) }
}
