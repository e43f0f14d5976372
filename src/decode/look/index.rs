//! Where the fields of a message stand, and whether all of them can be read.

use crate::decode::{
    layout::{Layout, Read, Slot},
    reader::{Broken, Field, Octets, Raw, Reader},
    record,
};

/// What a field is worth to its slot.
enum Fit {
    /// A value.
    Holds,
    /// Nothing: an address message without an address.
    Silent,
    /// It is not of its type, and is left out.
    Unfit,
}

/// Adds a place for each slot of the layout and notes where its field stands. Whether there is any.
pub(super) fn index(layout: &'static Layout, octets: Octets, places: &mut Vec<u32>) -> Result<bool, Broken> {
    let first = places.len();
    places.resize(first + layout.slots.len(), 0);
    let places = &mut places[first..];
    let mut any = false;
    let mut rest = octets;
    while !rest.bytes.is_empty() {
        if let Some((place, length)) = plain(layout, rest.bytes) {
            places[place] = rest.start as u32;
            any = true;
            rest = rest.after(length);
            continue;
        }
        let mut reader = Reader::new(rest);
        if let Some(field) = reader.field()? {
            any |= note(layout, &field, places)?;
            rest = rest.after(field.end - rest.start);
        }
    }
    Ok(any)
}

/// The field that the octets begin with, if it is one as almost all are: known, single, of its type, short and sound. Its
/// place and how many octets it has. Only a shortcut: what it declines, the reader reads.
#[inline]
fn plain(layout: &'static Layout, octets: &[u8]) -> Option<(usize, usize)> {
    let (key, tag) = match *octets {
        [one, ..] if one < 0x80 => (usize::from(one), 1),
        [one, two, ..] if two < 0x80 => (usize::from(one & 0x7f) | usize::from(two) << 7, 2),
        _ => return None,
    };
    let place = usize::from(*layout.places.get(key >> 3)?).checked_sub(1)?;
    let slot = layout.slots.get(place)?;
    if slot.repeated {
        return None;
    }
    let value = &octets[tag..];
    let length = match (&slot.read, key & 7) {
        (Read::Bool | Read::Int32 | Read::Uint32 | Read::Uint64 | Read::Enum(_), 0) => {
            // Nine octets of a number are never too many.
            value.iter().take(9).position(|octet| *octet < 0x80)? + 1
        }
        (Read::Float, 5) => 4,
        (Read::Double, 1) => 8,
        (Read::Text, 2) => 1 + short(value)?,
        (Read::Mac, 2) => match *value {
            // Six octets in their message.
            [8, 0x0a, 6, ..] => 9,
            _ => return None,
        },
        _ => return None,
    };
    (length <= value.len()).then_some((place, tag + length))
}

/// A length of one octet.
fn short(value: &[u8]) -> Option<usize> {
    value.first().filter(|length| **length < 0x80).map(|length| usize::from(*length))
}

/// Notes one field; one that the layout does not have is skipped. Whether it has it.
#[inline]
pub(super) fn note(layout: &'static Layout, field: &Field, places: &mut [u32]) -> Result<bool, Broken> {
    let Some(place) = layout.place(field.number) else { return Ok(false) };
    let slot = &layout.slots[place];
    // In a list, an address without octets is an item too.
    if matches!((check(slot, field.raw)?, slot.repeated), (Fit::Holds, _) | (Fit::Silent, true)) {
        // A frame is shorter than 2^32 octets.
        places[place] = field.start as u32;
    }
    Ok(true)
}

/// Checks whatever decoding the value would check.
fn check(slot: &Slot, raw: Raw) -> Result<Fit, Broken> {
    let address = |message, number| Ok(record::octets(message, number)?.map_or(Fit::Silent, |_| Fit::Holds));
    match (&slot.read, raw) {
        (Read::Bool | Read::Int32 | Read::Uint32 | Read::Uint64 | Read::Enum(_), Raw::Varint(_))
        | (Read::Float, Raw::Fixed32(_))
        | (Read::Double, Raw::Fixed64(_))
        | (Read::Text, Raw::Bytes(_)) => Ok(Fit::Holds),
        (Read::Mac, Raw::Bytes(message)) => address(message, 1),
        (Read::Address, Raw::Bytes(message)) => address(message, 2),
        (Read::Message(layout), Raw::Bytes(message)) => check_all(layout, message).map(|()| Fit::Holds),
        (Read::Bool | Read::Int32 | Read::Uint32 | Read::Uint64 | Read::Enum(_), Raw::Bytes(packed))
            if slot.repeated =>
        {
            let mut reader = Reader::new(packed);
            while reader.packed_varint()?.is_some() {}
            Ok(Fit::Holds)
        }
        _ => Ok(Fit::Unfit),
    }
}

/// Checks a nested message. Layouts do not nest in themselves, so neither does this without end.
fn check_all(layout: &'static Layout, octets: Octets) -> Result<(), Broken> {
    let mut reader = Reader::new(octets);
    while let Some(field) = reader.field()? {
        if let Some(place) = layout.place(field.number) {
            check(&layout.slots[place], field.raw)?;
        }
    }
    Ok(())
}
