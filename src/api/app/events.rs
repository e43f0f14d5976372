//! Events in the window's words.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    api::{ApiError, EventDetail, EventRow, FieldRow},
    decode,
    event::{Event, EventId, FieldType, MarkKind, Topic, Value, filter::Filter},
    inert,
    store::{Reader, RowBody},
};

/// The longest summary of an event, in characters.
const SUMMARY: usize = 160;
/// How many frames of the log one question looks through at most.
const FRAMES: usize = 20_000;

/// One line of the list.
pub fn row(event: &Event, alert: Option<String>) -> EventRow {
    EventRow {
        id: event.id.to_string(),
        topic: event.topic,
        kind: event.kind.name.to_owned(),
        time: event.time.into(),
        received: event.received.into(),
        summary: summary(event),
        alert,
    }
}

/// The values that tell most, in one line that does nothing but be read.
fn summary(event: &Event) -> String {
    let telling = event.kind.telling.iter().chain(event.kind.identity);
    let mut parts: Vec<String> = Vec::new();
    for field in telling {
        let text = match event.get(field) {
            None | Some(Value::Absent) => continue,
            // "associated" says more than "true".
            Some(Value::Bool(holds)) => {
                let name = field.strip_prefix("is_").unwrap_or(field).replace('_', " ");
                if holds { name } else { format!("not {name}") }
            }
            Some(value) => value.to_string(),
        };
        if !text.is_empty() && !parts.contains(&text) {
            parts.push(text);
        }
    }
    inert::short(&parts.join(", "), SUMMARY)
}

/// An event of the log.
pub fn find(reader: &Reader, id: &str) -> Result<Event, ApiError> {
    let gone = || ApiError::new("no-event", "This event is no longer in the log.");
    let id: EventId = id.parse().map_err(|_| gone())?;
    let row = reader.row(id.seq)?.ok_or_else(gone)?;
    let RowBody::Frame { topic, bytes } = row.body else { return Err(gone()) };
    let events = decode::frame(Some(topic), row.seq, row.received, &bytes).map_err(|_| gone())?;
    events.into_iter().find(|event| event.id == id).ok_or_else(gone)
}

/// Events of the log that pass a filter and are of one of these kinds or topics (none: all), newest first, before one of
/// them (none: the latest); each with the alert it raised.
pub fn past(
    reader: &Reader,
    on: &[String],
    filter: Option<&Filter>,
    before: Option<EventId>,
    limit: usize,
) -> Result<Vec<EventRow>, ApiError> {
    let wanted = |event: &Event| {
        (on.is_empty() || on.iter().any(|on| on == event.kind.name || on == event.topic.name()))
            && filter.is_none_or(|filter| filter.matches(event))
    };
    let topic = if let [only] = topics_of(on).as_slice() { Some(*only) } else { None };
    let mut found: Vec<Event> = Vec::new();
    // The row of the event itself may hold others before it.
    let mut seq = before.map(|id| id.seq.saturating_add(1));
    let mut looked = 0;
    while found.len() < limit && looked < FRAMES {
        let frames = reader.recent_frames(topic, seq, 500)?;
        let Some(oldest) = frames.last() else { break };
        (seq, looked) = (Some(oldest.seq), looked + frames.len());
        for frame in &frames {
            let RowBody::Frame { topic, bytes } = &frame.body else { continue };
            let Ok(events) = decode::frame(Some(*topic), frame.seq, frame.received, bytes) else { continue };
            let earlier = |event: &Event| before.is_none_or(|before| event.id < before);
            found.extend(events.into_iter().rev().filter(|event| earlier(event) && wanted(event)));
            if found.len() >= limit {
                break;
            }
        }
    }
    found.truncate(limit);
    let Some(oldest) = found.last() else { return Ok(Vec::new()) };
    let raised = reader.raised(oldest.id.seq)?;
    Ok(found.iter().map(|event| row(event, raised.get(&event.id).map(ToString::to_string))).collect())
}

/// The topics that kinds and topics stand for, each once.
pub fn topics_of(on: &[String]) -> Vec<Topic> {
    let mut topics: Vec<Topic> = on.iter().filter_map(|on| on.split('.').next()?.parse().ok()).collect();
    topics.sort();
    topics.dedup();
    topics
}

/// An event with all its fields and the frame it came in.
pub fn detail(reader: &Reader, id: EventId, alert: Option<String>) -> Result<Option<EventDetail>, ApiError> {
    let Some(stored) = reader.row(id.seq)? else { return Ok(None) };
    let RowBody::Frame { topic, bytes } = stored.body else { return Ok(None) };
    let Ok(events) = decode::frame(Some(topic), stored.seq, stored.received, &bytes) else { return Ok(None) };
    let Some(event) = events.iter().find(|event| event.id == id) else { return Ok(None) };
    let places = decode::inspect(Some(topic), &bytes);
    let fields = event.kind.fields.iter().zip(&event.values).map(|(field, value)| {
        let place = places.iter().find(|place| place.record == Some(id.record) && place.field == field.name);
        FieldRow {
            name: field.name.to_owned(),
            ty: type_name(field.ty).to_owned(),
            value: written(value),
            absent: value.is_absent(),
            note: note(event, field.name),
            bytes: place.map(|place| (place.start as u32, place.end as u32)),
        }
    });
    Ok(Some(EventDetail {
        row: row(event, alert),
        customer_id: event.customer_id.to_string(),
        fields: fields.collect(),
        frame: STANDARD.encode(&bytes),
    }))
}

/// A value as a rule would write it.
fn written(value: &Value) -> String {
    match value {
        Value::Absent => "()".to_owned(),
        Value::Text(text) => serde_json::to_string(text.as_ref()).unwrap_or_default(),
        other => other.to_json().to_string(),
    }
}

/// The type's name as the window shows it.
pub fn type_name(ty: FieldType) -> &'static str {
    match ty {
        FieldType::Bool => "bool",
        FieldType::Int => "int",
        FieldType::Float => "float",
        FieldType::Text => "text",
        FieldType::Mac => "mac",
        FieldType::Address => "address",
        FieldType::Enum => "enum",
        FieldType::List => "list",
        FieldType::Map => "map",
    }
}

fn note(event: &Event, field: &str) -> String {
    let marks = event.marks.iter().filter(|mark| mark.field == field);
    let words: Vec<&str> = marks.map(|mark| mark_words(mark.kind)).collect();
    words.join("; ")
}

fn mark_words(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Clipped => "cut: too long or too large",
        MarkKind::NotUtf8 => "holds octets that are not UTF-8, shown as \u{FFFD}",
        MarkKind::Missing => "missing, though the vendor calls it required",
        MarkKind::Unlisted => "a number that the published definitions do not name",
        MarkKind::OddLength => "not as long as an address is",
        MarkKind::Unreadable => "not of the published type; left out",
        MarkKind::TimeIsReceived => "missing or far off: the time of receipt is used",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use jiff::{Timestamp, tz::TimeZone};

    use super::*;
    use crate::simulator::story::Script;

    #[test]
    fn a_line_tells_what_is_true_by_its_name() {
        let now = Timestamp::from_second(1_764_000_000).unwrap();
        let lines: Vec<String> = Script::new(1, now, TimeZone::UTC)
            .filter(|cue| cue.topic == Topic::Presence)
            .take(200)
            .flat_map(|cue| decode::frame(Some(Topic::Presence), 1, now, &cue.frame).unwrap())
            .filter(|event| ["presence.rssi", "presence.client_state"].contains(&event.kind.name))
            .map(|event| row(&event, None).summary)
            .collect();
        let ends = |words: &str| lines.iter().filter(|line| line.ends_with(words)).count();
        assert!(ends(", associated") > 0 && ends(", not associated") > 0, "{lines:?}");
        assert_eq!(ends(", associated") + ends(", not associated"), lines.len(), "{lines:?}");
    }
}
