//! How messages are laid out on the wire, generated from the descriptors in proto/.

include!(concat!(env!("OUT_DIR"), "/layouts.rs"));

use crate::event::{Kind, catalogue};

/// A message: its fields by number. Fields that hold records of their own are not among them.
#[derive(Debug)]
pub(super) struct Layout {
    /// Its protobuf name.
    #[allow(dead_code, reason = "for whoever debugs a table")]
    pub name: &'static str,
    pub slots: &'static [Slot],
    /// By field number, one more than the slot's place; 0 where there is no such field.
    pub places: &'static [u8],
    /// By tag, how a field with it is mostly written, and its place.
    pub quick: &'static [(Quick, u8)],
    /// The place of the field that says when.
    pub time: Option<usize>,
}

impl Layout {
    /// What stands around the records where nothing does.
    pub const NOTHING: Self = Self { name: "", slots: &[], places: &[], quick: &[], time: None };

    /// The place of the field with this number.
    pub fn place(&self, number: u32) -> Option<usize> {
        usize::from(*self.places.get(number as usize)?).checked_sub(1)
    }
}

/// How a single field is mostly written, so that it can be stepped over without being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quick {
    /// In no one way.
    No,
    /// A number that ends within ten octets.
    Varint,
    /// Four octets.
    Four,
    /// Eight octets.
    Eight,
    /// A text of less than 128 octets.
    Text,
    /// Six octets in their message.
    Mac,
}

/// A field of a message.
#[derive(Debug)]
pub(super) struct Slot {
    pub number: u32,
    pub name: &'static str,
    pub read: Read,
    pub repeated: bool,
    pub required: bool,
}

/// What a field's raw value means.
#[derive(Debug)]
pub(super) enum Read {
    Bool,
    Int32,
    Uint32,
    Uint64,
    Float,
    Double,
    /// `string` and `bytes` alike: the only `bytes` outside of addresses are names and URLs.
    Text,
    /// A message that only holds a hardware address.
    Mac,
    /// A message that holds an address and its family.
    Address,
    /// Numbers and their names.
    Enum(&'static [(i32, &'static str)]),
    Message(&'static Layout),
}

/// A topic's message: what stands around the records, and where the records are.
#[derive(Debug)]
pub(super) struct Shape {
    /// `None`: the message is itself the record.
    pub around: Option<&'static Layout>,
    pub records: &'static [Records],
}

/// Records of one kind in a topic's message.
#[derive(Debug)]
pub(super) struct Records {
    /// The field numbers from the message down to the records.
    pub path: &'static [u32],
    /// The kind's place in the catalogue.
    pub kind: usize,
    pub layout: &'static Layout,
    /// The places of the fields around that the record has no field for: they follow its own.
    pub around: &'static [usize],
    /// The places of the fields around whose names the record has too, with their places in the record: they stand in
    /// where the record is silent.
    pub instead: &'static [(usize, usize)],
}

impl Records {
    /// The kind that the layout says. A topic may know better.
    pub fn kind(&self) -> &'static Kind {
        &catalogue::kinds()[self.kind]
    }
}
