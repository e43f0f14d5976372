//! An event from the fields that matter; the others are absent.

use std::{net::IpAddr, sync::Arc};

use jiff::Timestamp;
use toml::de::{DeTable, DeValue};

use super::{
    parse::{is_reserved, time},
    table::{self, Source},
};
use crate::{
    decode::MAX_TEXT,
    event::{Event, EventId, Field, FieldType, Kind, Value},
    functions::fold,
    rules::words,
};

/// The words that an event may have beside its fields. No kind has a field of such a name.
pub(super) const RESERVED: [&str; 6] = ["at", "advance", "kind", "time", "times", "every"];

/// The customer of every event that names none.
const CUSTOMER: &str = "case";

pub(super) fn read(source: &mut Source<'_>, table: &DeTable<'_>, kind: &'static Kind, start: Timestamp) -> Event {
    let mut event = Event {
        id: EventId { seq: 0, record: 0 },
        kind,
        topic: kind.topic,
        time: start,
        received: start,
        customer_id: CUSTOMER.into(),
        msp_id: "".into(),
        values: vec![Value::Absent; kind.fields.len()],
        marks: Vec::new(),
    };
    // What is not said is beyond belief, and reads as `received` when the case runs.
    event.time = table.get("time").and_then(|value| time(source, value)).unwrap_or(Timestamp::MIN);
    for (key, given) in table {
        let name = key.get_ref().as_ref();
        if is_reserved(name) {
            continue;
        }
        let mut known = false;
        for (own, slot) in [("customer_id", &mut event.customer_id), ("msp_id", &mut event.msp_id)] {
            if name == own {
                known = true;
                if let Some(text) = source.text(given, "") {
                    *slot = text.into();
                }
            }
        }
        match kind.field_index(name) {
            Some(index) => match value(kind.fields[index].ty, &kind.fields[index], given.get_ref()) {
                Ok(value) => event.values[index] = value,
                Err(message) => source.error("bad-value", given.span(), format!("{name} {message}."), ""),
            },
            None if known => {}
            None => {
                let fields = kind.fields.iter().map(|field| field.name);
                let near = words::nearest(name, fields.chain(RESERVED));
                let message = format!("{} has no field \"{}\".", kind.name, name.escape_debug());
                source.error(
                    "unknown-field",
                    key.span(),
                    message,
                    words::suggest(near, "All fields are in docs/fields.md."),
                );
            }
        }
    }
    event
}

/// The value of a field of that type. The error goes on after the field's name.
fn value(ty: FieldType, field: &Field, given: &DeValue<'_>) -> Result<Value, String> {
    let wrong = |wanted: &str| Err(format!("is {wanted}, not {}", table::kind_of(given)));
    match (ty, given) {
        (FieldType::Bool, DeValue::Boolean(truth)) => Ok(Value::Bool(*truth)),
        (FieldType::Bool, _) => wrong("true or false"),
        (FieldType::Int | FieldType::Enum, DeValue::Integer(number)) => whole(number.as_str(), number.radix()),
        (FieldType::Int, _) => wrong("a whole number"),
        (FieldType::Float, DeValue::Integer(number)) => {
            whole(number.as_str(), number.radix()).map(|number| number.as_float().map_or(Value::Absent, Value::Float))
        }
        (FieldType::Float, DeValue::Float(number)) => number
            .as_str()
            .parse::<f64>()
            .map(Value::Float)
            .map_err(|_| "is a number that can be written in 64 bits".to_owned()),
        (FieldType::Float, _) => wrong("a number"),
        (FieldType::Text, DeValue::String(text)) if text.len() > MAX_TEXT => {
            Err(format!("is at most {} KiB long", MAX_TEXT >> 10))
        }
        (FieldType::Text, DeValue::String(text)) => Ok(Value::Text(text.as_ref().into())),
        (FieldType::Text, _) => wrong("a text"),
        (FieldType::Mac, DeValue::String(text)) => {
            let mac = fold(text);
            let is_mac = mac.len() == 17
                && mac.bytes().enumerate().all(|(place, octet)| match place % 3 {
                    2 => octet == b':',
                    _ => octet.is_ascii_hexdigit(),
                });
            if is_mac { Ok(Value::Text(mac.into())) } else { Err("is a MAC such as d8:07:b6:5e:1c:40".into()) }
        }
        (FieldType::Mac, _) => wrong("a MAC, as text"),
        (FieldType::Address, DeValue::String(text)) => match text.parse::<IpAddr>() {
            Ok(address) => Ok(Value::Text(address.to_string().into())),
            Err(_) => Err("is an address such as 10.20.0.11".into()),
        },
        (FieldType::Address, _) => wrong("an address, as text"),
        (FieldType::Enum, DeValue::String(text)) if field.values.contains(&text.as_ref()) => {
            Ok(Value::Text(text.as_ref().into()))
        }
        (FieldType::Enum, DeValue::String(text)) => {
            let near =
                words::nearest(text, field.values.iter().copied()).map(|near| format!(" (did you mean {near}?)"));
            Err(format!("is one of {}{}", field.values.join(", "), near.unwrap_or_default()))
        }
        (FieldType::Enum, _) => wrong("a name, or a number that is not listed"),
        (FieldType::List, DeValue::Array(items)) => {
            let Some(item) = field.item else { return wrong("a list") };
            let items: Result<Vec<Value>, String> = items.iter().map(|one| value(item, field, one.get_ref())).collect();
            // A list without items is not on the wire.
            items.map(|items| if items.is_empty() { Value::Absent } else { Value::List(items.into()) })
        }
        (FieldType::List, _) => wrong("a list"),
        (FieldType::Map, DeValue::Table(table)) => map(field, table),
        (FieldType::Map, _) => wrong("a table"),
    }
}

fn whole(digits: &str, radix: u32) -> Result<Value, String> {
    i64::from_str_radix(digits, radix).map(Value::Int).map_err(|_| "is a whole number of 64 bits".to_owned())
}

fn map(field: &Field, table: &DeTable<'_>) -> Result<Value, String> {
    for (key, _) in table {
        let name = key.get_ref().as_ref();
        if !field.fields.iter().any(|part| part.name == name) {
            let known: Vec<&str> = field.fields.iter().map(|part| part.name).collect();
            return Err(format!("has no part \"{}\"; it has {}", name.escape_debug(), known.join(", ")));
        }
    }
    let mut parts: Vec<(&'static str, Value)> = Vec::new();
    for part in field.fields {
        if let Some(given) = table.get(part.name) {
            let value = value(part.ty, part, given.get_ref()).map_err(|error| format!(".{} {error}", part.name))?;
            if !value.is_absent() {
                parts.push((part.name, value));
            }
        }
    }
    Ok(Value::Map(Arc::from(parts)))
}
