//! Looking at a frame held to decoding it: for tests and fuzzing.

use jiff::Timestamp;

use super::{Look, open};
use crate::{
    decode,
    event::{Asked, EVENT_FIELDS, Event, Reading, Readings, Topic, Value},
};

/// Looks at a frame, decodes it, and says what differs: the error, the number of records, a field, an event. Nothing may
/// ever differ, whatever the octets are. Slow: for tests and fuzz targets. `received` as for [`decode::frame`]; without
/// it, as for [`decode::undated_frame`].
pub fn compare(connection: Option<Topic>, seq: u64, received: Option<Timestamp>, bytes: &[u8]) -> Result<(), String> {
    let (look, events) = match (open(connection, seq, received, bytes), decode::read(connection, seq, received, bytes))
    {
        (Ok(look), Ok(events)) => (look, events),
        (Err(one), Err(other)) => return same("the errors", &one, &other),
        (Ok(_), Err(error)) => return Err(format!("looking at it finds nothing of this: {error}")),
        (Err(error), Ok(_)) => return Err(format!("decoding it finds nothing of this: {error}")),
    };
    same("the number of records", &look.len(), &events.len())?;
    for (glance, event) in look.glances().zip(&events) {
        let id = event.id;
        same(&format!("the kind of {id}"), &glance.kind().name, &event.kind.name)?;
        let names = event.kind.fields.iter().map(|field| field.name).chain(EVENT_FIELDS);
        for name in names {
            let asked = Asked::of(event.kind, name);
            let read = asked.map(|asked| glance.ask(asked).to_value());
            same(&format!("{name} of {id}"), &read, &event.get(name))?;
        }
        for place in 0..=event.kind.fields.len() {
            let value = event.values.get(place).cloned().unwrap_or_default();
            same(&format!("field {place} of {id}"), &glance.peek(place).to_value(), &value)?;
        }
        same(&id.to_string(), &glance.decode(), event)?;
    }
    side_by_side(&look, &events)
}

/// The same records in runs.
fn side_by_side(look: &Look, events: &[Event]) -> Result<(), String> {
    let mut next = 0;
    for run in look.runs() {
        same("where a run begins", &(run.first() as usize), &next)?;
        for number in 0..run.count() {
            let Some(event) = events.get(next + number) else {
                return Err(format!("a run has a record {number} too many"));
            };
            let record = run.one(number);
            same("the record in a run", &(record.id(), record.kind().name), &(event.id, run.kind().name))?;
            for (place, value) in event.values.iter().enumerate() {
                let whole = run.wholes(place).and_then(|wholes| wholes(number));
                let whole = whole.map_or(value.clone(), Value::Int);
                same(&format!("number {place} of {}", event.id), &whole, value)?;
                let text = run.texts(place).and_then(|texts| texts(number));
                let text = text.map_or(value.clone(), |octets| Value::Text(String::from_utf8_lossy(octets).into()));
                same(&format!("text {place} of {}", event.id), &text, value)?;
            }
        }
        next += run.count();
    }
    same("the number of records in runs", &next, &events.len())
}

/// By their texts, in which every number that is none is the same.
fn same<T: std::fmt::Debug>(what: &str, looked: &T, decoded: &T) -> Result<(), String> {
    let (looked, decoded) = (format!("{looked:?}"), format!("{decoded:?}"));
    if looked == decoded { Ok(()) } else { Err(format!("{what}: looked at {looked}, decoded {decoded}")) }
}
