//! Records laid out as the last one was: mostly all of a list, since one sender writes them. Whether one is, is told by
//! comparing at once all octets that say what others mean (tags, lengths, where numbers end); then its fields stand where
//! they stood in the other, and the walk is saved. Only a shortcut: what is laid out otherwise is walked through.

use std::cell::Cell;

use super::index::plain;
use crate::decode::{
    layout::{Layout, Quick},
    reader::Octets,
};

/// The longest record that is compared, in octets.
const LONGEST: usize = 1024;
/// After a record that no other was like, so many pass before the next is tried, twice as many each time, up to this.
const MOST_PASSED: u32 = 1023;

/// How the last record of a message was laid out, message by message.
#[derive(Default)]
pub(super) struct Last {
    known: Vec<Alike>,
}

/// How a record was laid out.
struct Alike {
    layout: &'static Layout,
    /// How long it is, in octets.
    length: usize,
    /// What its octets are, and which of their bits must be so: sixteen by sixteen, the rest nothing.
    parts: Vec<(u128, u128)>,
    /// By slot, how far from its beginning the field stands, and one more; 0: it has none.
    places: Vec<u32>,
    /// Another was laid out like it.
    hit: bool,
    /// So many are to pass before another is looked at, and how many pass after that.
    pass: u32,
    next: u32,
}

thread_local! {
    static SPARE: Cell<Option<Last>> = const { Cell::new(None) };
}

impl Last {
    /// What is known from earlier frames on this thread.
    pub fn take() -> Self {
        SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default()
    }

    /// Keeps it for the next frame.
    pub fn keep(self) {
        // A thread that ends has no use for it.
        let _ = SPARE.try_with(|spare| spare.set(Some(self)));
    }

    /// Notes where the fields of a record stand, if it is laid out as the last was. The places are zero before.
    #[inline]
    pub fn note(&mut self, layout: &'static Layout, frame: &[u8], record: Octets, places: &mut [u32]) -> bool {
        let Some(last) = self.of(layout) else { return false };
        if last.length != record.bytes.len() || !last.is_at(frame, record.start) {
            return false;
        }
        last.hit = true;
        for (place, known) in places.iter_mut().zip(&last.places) {
            // A frame is shorter than 2^32 octets.
            *place = if *known == 0 { 0 } else { record.start as u32 + known - 1 };
        }
        true
    }

    /// A record was not, and was walked through.
    #[inline(never)]
    pub fn learn(&mut self, layout: &'static Layout, frame: &[u8], record: Octets) {
        let Some(last) = self.of(layout) else {
            return self.known.extend(Alike::of(layout, frame, record));
        };
        if last.pass > 0 {
            last.pass -= 1;
            return;
        }
        let next = if last.hit { 0 } else { (2 * last.next + 1).min(MOST_PASSED) };
        if let Some(alike) = Alike::of(layout, frame, record) {
            *last = alike;
        }
        (last.pass, last.next) = (next, next);
    }

    #[inline]
    fn of(&mut self, layout: &'static Layout) -> Option<&mut Alike> {
        self.known.iter_mut().find(|alike| std::ptr::eq(alike.layout, layout))
    }
}

impl Alike {
    /// `None`: something in it is written in another way than almost all is, or it is the last of its frame.
    fn of(layout: &'static Layout, frame: &[u8], record: Octets) -> Option<Self> {
        let (start, length) = (record.start, record.bytes.len());
        if length == 0 || length > LONGEST {
            return None;
        }
        let mut mask = vec![0_u8; length.next_multiple_of(16)];
        let mut places = vec![0; layout.slots.len()];
        let mut at = start;
        while at < start + length {
            let field = plain(layout, frame, at).filter(|field| field.end <= start + length)?;
            let (from, value, end) = (at - start, field.value - start, field.end - start);
            mask[from..value].fill(0xff);
            match field.quick {
                Quick::Varint => mask[value..end].fill(0x80),
                Quick::Text => mask[value] = 0xff,
                Quick::Mac => mask[value..value + 3].fill(0xff),
                Quick::Four | Quick::Eight => {}
                Quick::No => return None,
            }
            if field.quick == Quick::Varint && end - value == 10 {
                // The tenth octet may hold one bit.
                mask[end - 1] = 0xfe;
            }
            *places.get_mut(field.place)? = from as u32 + 1;
            at = field.end;
        }
        let octets = frame.get(start..start + mask.len())?;
        let sixteen = |octets: &[u8]| octets.try_into().map_or(0, u128::from_le_bytes);
        let parts = octets.chunks_exact(16).zip(mask.chunks_exact(16));
        let parts = parts.map(|(octets, mask)| (sixteen(octets), sixteen(mask))).collect();
        Some(Self { layout, length, parts, places, hit: false, pass: 0, next: 0 })
    }

    /// Whether what begins there in the frame is laid out like it.
    #[inline]
    fn is_at(&self, frame: &[u8], start: usize) -> bool {
        let Some(octets) = frame.get(start..start + 16 * self.parts.len()) else { return false };
        let parts = octets.as_chunks().0.iter().zip(&self.parts);
        parts.fold(0, |differ, (octets, (last, mask))| differ | (u128::from_le_bytes(*octets) ^ last) & mask) == 0
    }
}
