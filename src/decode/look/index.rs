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

/// Notes for each slot of the layout where its field stands; the places are zero before. Whether there is any. The message
/// is a stretch of the frame.
pub(super) fn index(
    layout: &'static Layout,
    frame: &[u8],
    message: Octets,
    places: &mut [u32],
) -> Result<bool, Broken> {
    let mut any = false;
    let (mut at, end) = (message.start, message.start + message.bytes.len());
    while at < end {
        if let Some(field) = plain(layout, frame, at).filter(|field| field.end <= end)
            && let Some(place) = places.get_mut(field.place)
        {
            // A frame is shorter than 2^32 octets.
            *place = at as u32;
            any = true;
            at = field.end;
            continue;
        }
        let rest = Octets { bytes: frame.get(at..end).unwrap_or_default(), start: at };
        let (known, after) = other(layout, rest, places)?;
        any |= known;
        at = after;
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

/// A field as almost all are: known, single, of its type, short and sound.
pub(super) struct Plain {
    pub quick: Quick,
    /// Its place among the layout's.
    pub place: usize,
    /// Where in the frame its value begins, and where it ends, which may be behind its message.
    pub value: usize,
    pub end: usize,
}

/// The field that begins there in the frame, if it is plain. Only a shortcut: what it declines, the reader reads.
#[inline]
pub(super) fn plain(layout: &'static Layout, frame: &[u8], at: usize) -> Option<Plain> {
    // As much as is looked at of any field: a tag of two octets, a number of ten. The last of a frame are declined.
    let head = frame.get(at..)?.first_chunk::<12>()?;
    let (tag, value, eight) = if head[0] < 0x80 {
        (usize::from(head[0]), 1, *head[1..].first_chunk()?)
    } else if head[1] < 0x80 {
        (usize::from(head[0] & 0x7f) | usize::from(head[1]) << 7, 2, *head[2..].first_chunk()?)
    } else {
        return None;
    };
    let word = u64::from_le_bytes(eight);
    let (quick, place) = *layout.quick.get(tag)?;
    let length = match quick {
        // By far the most, and what is foreseen need not be waited for.
        Quick::Varint if word & 0x80 == 0 => 1,
        Quick::Varint => match (!word & 0x8080_8080_8080_8080, [head[value + 8], head[value + 9]]) {
            (ends @ 1.., _) => ends.trailing_zeros() as usize / 8 + 1,
            (0, [ninth, _]) if ninth < 0x80 => 9,
            // As a negative number ends.
            (0, [_, 0 | 1]) => 10,
            _ => return None,
        },
        Quick::Text if word & 0x80 == 0 => 1 + (word & 0x7f) as usize,
        Quick::Mac if word & 0xff_ffff == 0x06_0a_08 => 9,
        Quick::Four => 4,
        Quick::Eight => 8,
        _ => return None,
    };
    Some(Plain { quick, place: usize::from(place), value: at + value, end: at + value + length })
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
