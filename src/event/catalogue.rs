//! Which kinds of event there are and what fields they have, generated from the descriptors.

use super::{Event, Topic, Value};

/// A kind of event, such as `security.rogue`.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    pub topic: Topic,
    pub fields: &'static [Field],
    /// The fields that say what an event of this kind is about: the key of an alert unless the rule has its own.
    pub identity: &'static [&'static str],
    /// The fields that tell most, for a body the rule does not write.
    pub telling: &'static [&'static str],
}

/// A field of a kind.
#[derive(Debug)]
pub struct Field {
    /// Its protobuf name.
    pub name: &'static str,
    pub ty: FieldType,
    /// For an enum, its names.
    pub values: &'static [&'static str],
    /// The vendor's definitions call it required.
    pub required: bool,
}

/// What type of value a field has when it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    Bool,
    Int,
    Float,
    Text,
    Mac,
    Address,
    Enum,
    List,
    Map,
}

/// See [`Event::get`].
pub(super) fn read(event: &Event, field: &str) -> Option<Value> {
    let index = event.kind.fields.iter().position(|known| known.name == field)?;
    event.values.get(index).cloned()
}
