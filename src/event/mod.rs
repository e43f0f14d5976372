//! What happened on the network: one [`Event`] per record of a message.

pub mod catalogue;
pub mod filter;
mod id;
mod peek;
mod reading;
mod topic;
mod value;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

pub use catalogue::{Field, FieldType, Kind};
pub use id::EventId;
pub use peek::{Peek, Short, Words};
pub use reading::{Alone, Asked, Reading, Readings};
pub use topic::Topic;
pub use value::Value;

/// What every event can be asked for beside its record's fields.
pub const EVENT_FIELDS: [&str; 7] = ["id", "kind", "topic", "time", "received", "customer_id", "msp_id"];

/// Something to know about a field's value: it is not quite what the wire said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The field's name, or `time`.
    pub field: &'static str,
    /// Why it is not quite what the wire said.
    pub kind: MarkKind,
}

/// Why a value is not quite what the wire said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// Too long or too large, and cut.
    Clipped,
    /// Octets that are not UTF-8 were replaced by U+FFFD.
    NotUtf8,
    /// The vendor calls the field required, and it is not there.
    Missing,
    /// An enum number the published definitions do not list; the value is that number.
    Unlisted,
    /// An address of a length that addresses do not have, written as hexadecimal octets.
    OddLength,
    /// A field that is not of the type that the published definitions say; left out.
    Unreadable,
    /// The sender's time is missing or more than a day from `received`: `time` reads as `received`.
    TimeIsReceived,
}

/// One record of a message.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: EventId,
    /// What kind of record, with its fields: see the catalogue.
    pub kind: &'static Kind,
    pub topic: Topic,
    /// When it happened by the sender's account (record, else message, else envelope).
    pub time: Timestamp,
    /// Engine time: when its row was appended.
    pub received: Timestamp,
    pub customer_id: Arc<str>,
    pub msp_id: Arc<str>,
    /// In the order of `kind.fields`, one each.
    pub values: Vec<Value>,
    pub marks: Vec<Mark>,
}

/// The fields of an event that are there, in the order of its kind, as one JSON object.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(&'a Event);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.present().map(|(field, value)| (field.name, value)))
    }
}

impl Event {
    /// The fields that are there, with their values.
    pub fn present(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        self.kind.fields.iter().zip(&self.values).filter(|(_, value)| !value.is_absent())
    }

    /// The record under its protobuf names, to serialise: absent fields are left out.
    pub fn fields(&self) -> Fields<'_> {
        Fields(self)
    }

    /// The record under its protobuf names, as a JSON object: absent fields are left out.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self.fields()).unwrap_or_default()
    }

    /// The value of a field of the record by its protobuf name, or of `id`, `kind`, `topic`, `time`, `received`,
    /// `customer_id`, `msp_id` (times as RFC 3339 text). `None`: this kind has no such field.
    pub fn get(&self, field: &str) -> Option<Value> {
        Some(match Asked::of(self.kind, field)? {
            // Shared, not copied.
            Asked::Field(place) => self.values.get(place)?.clone(),
            Asked::CustomerId => Value::Text(self.customer_id.clone()),
            Asked::MspId => Value::Text(self.msp_id.clone()),
            asked => self.ask(asked).to_value(),
        })
    }
}
