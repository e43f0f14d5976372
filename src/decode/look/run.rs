//! Records of one kind that follow one another: what is asked of all of them is prepared once.

use super::{
    Found, Glance, Look,
    glance::{low, untagged},
};
use crate::{
    decode::layout::Read,
    event::{Kind, Readings},
};

/// Records of one kind and one list, in the order of the wire. There is at least one.
#[derive(Clone, Copy)]
pub struct Run<'l> {
    look: &'l Look<'l>,
    found: &'l [Found],
    /// The place of the first among the frame's records.
    from: u32,
    kind: &'static Kind,
}

impl Look<'_> {
    /// All records, those together that are of one kind and one list.
    pub fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        let alike =
            |one: &Found, next: &Found| std::ptr::eq(one.records, next.records) && std::ptr::eq(one.kind, next.kind);
        let mut next = 0;
        self.lists.records.chunk_by(alike).filter_map(move |found| {
            let from = next;
            next += found.len() as u32;
            Some(Run { look: self, found, from, kind: found.first()?.kind })
        })
    }
}

impl Run<'_> {
    /// What the record's own field at this place holds, if it holds one value.
    fn single(&self, place: usize) -> Option<&'static Read> {
        let slot = self.found.first()?.records.layout.slots.get(place)?;
        (!slot.repeated).then_some(&slot.read)
    }

    /// What stands behind the field's tag.
    #[inline]
    fn value(&self, number: usize, place: usize) -> Option<&[u8]> {
        let first = self.found.get(number)?.first as usize;
        let at = self.look.lists.places.get(first + place).filter(|at| **at != 0)?;
        untagged(self.look.frame.get(*at as usize..)?)
    }
}

impl Readings for Run<'_> {
    type One<'r>
        = Glance<'r>
    where
        Self: 'r;

    fn kind(&self) -> &'static Kind {
        self.kind
    }

    fn first(&self) -> u32 {
        self.from
    }

    fn count(&self) -> usize {
        self.found.len()
    }

    fn one(&self, number: usize) -> Glance<'_> {
        Glance { look: self.look, found: &self.found[number], place: self.from + number as u32 }
    }

    fn wholes(&self, place: usize) -> Option<impl Fn(usize) -> Option<i64>> {
        let signed = match self.single(place)? {
            Read::Int32 => true,
            Read::Uint32 => false,
            _ => return None,
        };
        Some(move |number: usize| {
            let low = low(self.value(number, place)?);
            Some(if signed { i64::from(low as i32) } else { i64::from(low) })
        })
    }

    fn texts<'r>(&'r self, place: usize) -> Option<impl Fn(usize) -> Option<&'r [u8]>> {
        matches!(self.single(place)?, Read::Text).then_some(move |number: usize| match self.value(number, place)? {
            [length, text @ ..] if *length < 0x80 => text.get(..usize::from(*length)),
            _ => None,
        })
    }
}
