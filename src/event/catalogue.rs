//! Which kinds of event there are and what fields they have, generated from the descriptors in proto/.

use std::sync::{Arc, LazyLock};

use super::Topic;

#[allow(clippy::unreadable_literal)] // generated numbers, as the definitions have them
mod table {
    use super::{Field, FieldType, Kind, Topic};

    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}
use table::KINDS;

/// A kind of event, such as `security.rogue`.
#[derive(Debug)]
pub struct Kind {
    /// Topic and kind, with a dot between.
    pub name: &'static str,
    /// The topic whose messages hold records of this kind.
    pub topic: Topic,
    /// The record's fields by number, then those of the message around it that the record does not have.
    pub fields: &'static [Field],
    /// The fields that say what an event of this kind is about: the key of an alert unless the rule has its own.
    pub identity: &'static [&'static str],
    /// The fields that tell most, for a body the rule does not write.
    pub telling: &'static [&'static str],
}

impl Kind {
    /// The place of a field among `fields`, which is also its value's place in an event.
    pub fn field_index(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// A field by its name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A kind is one entry of the catalogue: the same name is the same kind.
impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Kind {}

/// A field of a kind.
#[derive(Debug)]
pub struct Field {
    /// Its protobuf name.
    pub name: &'static str,
    /// What its value is, when it is there.
    pub ty: FieldType,
    /// For a list, what its items are.
    pub item: Option<FieldType>,
    /// For an enum (or a list of them), its names.
    pub values: &'static [&'static str],
    /// The numbers of those names on the wire, in the same order.
    pub numbers: &'static [i32],
    /// For a whole number (or an enum, by number), the least that its type on the wire can hold.
    pub least: i64,
    /// And the greatest.
    pub most: i64,
    /// For a map (or a list of them), what it holds.
    pub fields: &'static [Field],
    /// The vendor's definitions call it required. It may be missing all the same.
    pub required: bool,
    /// It stands in the message around the record and belongs to each of its records.
    pub around: bool,
}

/// What type of value a field has when it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Float,
    /// Text as it was sent, with octets that are not UTF-8 replaced.
    Text,
    /// Text: a hardware address, `aa:bb:cc:dd:ee:ff`.
    Mac,
    /// Text: an IPv4 or IPv6 address.
    Address,
    /// Text: one of the field's `values`, or a whole number that the definitions do not list.
    Enum,
    /// Several values of one type.
    List,
    /// Named values.
    Map,
}

/// All kinds, in the order of their topics.
pub fn kinds() -> &'static [Kind] {
    &KINDS
}

/// The place of a kind among [`kinds`], which it is one of.
pub fn number(kind: &'static Kind) -> usize {
    // Told by where it lies: nothing is compared.
    let beyond = std::ptr::from_ref(kind).addr().wrapping_sub(KINDS.as_ptr().addr());
    beyond / size_of::<Kind>()
}

/// The name of a kind, as one text that all have together.
pub fn shared_name(kind: &'static Kind) -> Arc<str> {
    static NAMES: LazyLock<Vec<Arc<str>>> = LazyLock::new(|| KINDS.iter().map(|kind| kind.name.into()).collect());
    NAMES.get(number(kind)).map_or_else(|| kind.name.into(), Arc::clone)
}

/// A kind by its name, such as `security.rogue`.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// The kinds of a topic.
pub fn of_topic(topic: Topic) -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().filter(move |kind| kind.topic == topic)
}
