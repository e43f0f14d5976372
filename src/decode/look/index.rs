//! Where the fields of a message stand, and whether all of them can be read.

use crate::decode::{
    layout::{Layout, Quick, Read, Slot},
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

/// Notes for each slot of the layout where its field stands; the places are zero before. Whether there is any.
pub(super) fn index(layout: &'static Layout, octets: Octets, places: &mut [u32]) -> Result<bool, Broken> {
    let mut any = false;
    let mut rest = octets.bytes;
    while !rest.is_empty() {
        // Where in the frame the field begins: a frame is shorter than 2^32 octets.
        let start = octets.start + (octets.bytes.len() - rest.len());
        if let Some((place, after)) = plain(layout, rest)
            && let Some(place) = places.get_mut(place)
        {
            *place = start as u32;
            any = true;
            rest = after;
            continue;
        }
        let (known, end) = other(layout, Octets { bytes: rest, start }, places)?;
        any |= known;
        rest = rest.get(end - start..).unwrap_or_default();
    }
    Ok(any)
}

/// Notes a field that is written in another way. Whether the layout has it, and where in the frame it ends.
#[cold]
#[inline(never)]
fn other(layout: &'static Layout, rest: Octets, places: &mut [u32]) -> Result<(bool, usize), Broken> {
    match Reader::new(rest).field()? {
        Some(field) => Ok((note(layout, &field, places)?, field.end)),
        None => Ok((false, rest.start + rest.bytes.len())),
    }
}

/// The field that the octets begin with, if it is one as almost all are: known, single, of its type, short and sound. Its
/// place and what follows it. Only a shortcut: what it declines, the reader reads.
#[inline]
fn plain<'a>(layout: &'static Layout, octets: &'a [u8]) -> Option<(usize, &'a [u8])> {
    let (tag, value) = match octets {
        [one, value @ ..] if *one < 0x80 => (usize::from(*one), value),
        [one, two, value @ ..] if *two < 0x80 => (usize::from(*one & 0x7f) | usize::from(*two) << 7, value),
        _ => return None,
    };
    let (quick, place) = *layout.quick.get(tag)?;
    let length = match quick {
        Quick::Varint => varint(value)?,
        Quick::Text => match value {
            [length, ..] if *length < 0x80 => 1 + usize::from(*length),
            _ => return None,
        },
        Quick::Mac => match value {
            [8, 0x0a, 6, ..] => 9,
            _ => return None,
        },
        Quick::Four => 4,
        Quick::Eight => 8,
        Quick::No => return None,
    };
    Some((usize::from(place), value.get(length..)?))
}

/// How many octets the number has that they begin with; `None`: it is not sound, or they end before it does.
#[inline]
fn varint(octets: &[u8]) -> Option<usize> {
    // By far the most, and what is foreseen need not be waited for.
    if octets.first().is_some_and(|octet| *octet < 0x80) {
        return Some(1);
    }
    let Some(eight) = octets.first_chunk::<8>() else {
        return octets.iter().position(|octet| *octet < 0x80).map(|last| last + 1);
    };
    let ends = !u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080;
    match (ends, &octets[8..]) {
        (1.., _) => Some(ends.trailing_zeros() as usize / 8 + 1),
        (0, [ninth, ..]) if *ninth < 0x80 => Some(9),
        // As a negative number ends.
        (0, [_, 0 | 1, ..]) => Some(10),
        _ => None,
    }
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
