//! An event as a rule sees it: `event.ssid` reads the field when it is asked for.

use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, ImmutableString, Map};

use crate::event::{Event, Value};

/// The longest text of a [`shortened`] event, in characters; an SSID is at most 32.
const SHORT: usize = 32;

/// The event, as Rhai holds it: cheap to clone.
#[derive(Clone)]
pub(super) struct Record(pub Rc<Event>);

/// Lets rules read events: by field, `()` for what is absent or unknown.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Record>("event");
    engine.register_indexer_get(|record: &mut Record, field: &str| {
        record.0.get(field).map_or(Dynamic::UNIT, |value| dynamic(&value))
    });
}

fn dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Absent => Dynamic::UNIT,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Text(text) => ImmutableString::from(&**text).into(),
        Value::List(list) => list.iter().map(dynamic).collect::<Array>().into(),
        Value::Map(map) => map.iter().map(|(name, value)| ((*name).into(), dynamic(value))).collect::<Map>().into(),
    }
}

/// The same event with nothing in it that takes long to go through: short texts and lists, small numbers.
/// A rule that runs away on this too does so by itself, not by what was sent.
pub(super) fn shortened(event: &Event) -> Event {
    let mut event = event.clone();
    for value in &mut event.values {
        *value = shorter(value);
    }
    event
}

fn shorter(value: &Value) -> Value {
    match value {
        Value::Int(number) => Value::Int((*number).clamp(-1000, 1000)),
        Value::Text(text) => match text.char_indices().nth(SHORT) {
            Some((end, _)) => Value::Text(text[..end].into()),
            None => value.clone(),
        },
        Value::List(list) => Value::List(list.iter().take(4).map(shorter).collect()),
        Value::Map(map) => Value::Map(map.iter().map(|(name, value)| (*name, shorter(value))).collect()),
        other => other.clone(),
    }
}

/// A value in words; empty when absent.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Absent => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::List(list) => list.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Map(map) => {
            map.iter().map(|(name, value)| format!("{name} {}", text(value))).collect::<Vec<_>>().join(", ")
        }
    }
}
