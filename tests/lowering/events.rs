//! Events as they should not be: anything where anything may stand.

use std::sync::Arc;

use fastrand::Rng;
use jiff::Timestamp;
use tocsin::event::{Event, EventId, FieldType, Kind, Value, catalogue};

/// Kinds of all topics, with fields of every type.
const KINDS: [&str; 9] = [
    "security.rogue",
    "security.wids",
    "presence.rssi",
    "presence.proximity",
    "audit.configuration",
    "apprf.session",
    "location.position",
    "monitoring.ap",
    "monitoring.interface",
];

/// Texts that rules ask for, and others.
pub const TEXTS: [&str; 12] = [
    "",
    "a",
    "Campus",
    "campus",
    "aa:bb:cc:dd:ee:01",
    "AA-BB-CC-DD-EE-01",
    "10.20.3.4",
    "192.0.2.1",
    "2001:db8::1",
    "7",
    "é\u{202e}\0",
    "deauth flood",
];

pub const NUMBERS: [i64; 9] = [0, 1, -1, 7, 60, -60, 1 << 53, i64::MAX, i64::MIN];

pub const FRACTIONS: [f64; 8] = [0.0, -0.0, 1.0, 7.0, 0.5, -60.25, 1e300, f64::NAN];

pub fn kind(chance: &mut Rng) -> &'static Kind {
    catalogue::kind(KINDS[chance.usize(..KINDS.len())]).unwrap()
}

pub fn event(kind: &'static Kind, seq: u64, now: Timestamp, chance: &mut Rng) -> Event {
    let values = kind.fields.iter().map(|field| {
        // Mostly as the definitions say, sometimes not.
        let ty = if chance.u8(0..12) == 0 { any(chance) } else { field.ty };
        match (chance.u8(0..5), ty) {
            (0, _) => Value::Absent,
            (_, FieldType::Bool) => Value::Bool(chance.bool()),
            (_, FieldType::Int) => Value::Int(NUMBERS[chance.usize(..NUMBERS.len())]),
            (_, FieldType::Float) => Value::Float(FRACTIONS[chance.usize(..FRACTIONS.len())]),
            (_, FieldType::Enum) if !field.values.is_empty() && chance.u8(0..6) > 0 => {
                Value::Text(field.values[chance.usize(..field.values.len())].into())
            }
            (_, FieldType::Enum) => Value::Int(chance.i64(0..9)),
            (_, FieldType::Text | FieldType::Mac | FieldType::Address) => text(chance),
            (_, FieldType::List) => Value::List(Arc::from([Value::Int(1), text(chance)])),
            (_, FieldType::Map) => Value::Map(Arc::from([("a", Value::Int(1))])),
        }
    });
    let values = values.collect();
    let (customer_id, msp_id) = (Arc::from("c"), Arc::from(TEXTS[chance.usize(..2)]));
    let (topic, id) = (kind.topic, EventId { seq, record: 0 });
    Event { id, kind, topic, time: now, received: now, customer_id, msp_id, values, marks: Vec::new() }
}

/// A type whose values are never lists: what is one by its definition stays one, and nothing else becomes one.
fn any(chance: &mut Rng) -> FieldType {
    [FieldType::Bool, FieldType::Int, FieldType::Float, FieldType::Text][chance.usize(..4)]
}

fn text(chance: &mut Rng) -> Value {
    if chance.u8(0..40) == 0 {
        return Value::Text("x".repeat(64 << 10).into());
    }
    Value::Text(TEXTS[chance.usize(..TEXTS.len())].into())
}
