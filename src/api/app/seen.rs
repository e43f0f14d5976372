//! The values that a field had on this network, for whoever writes a rule.

use std::collections::HashMap;

use super::events::topics_of;
use crate::{
    api::{ApiError, SeenValue, SeenValues},
    decode,
    event::{Peek, Reading, Value},
    store::{Reader, RowBody},
};

/// How many frames of the log are looked through at most, the newest.
const FRAMES: usize = 20_000;
/// So many different values are counted; what is new after that is not.
const DIFFERENT: usize = 20_000;
/// So many are told, the most frequent.
const TOLD: usize = 100;
/// A longer text, in octets, is no word to choose from a list.
const LONGEST: usize = 200;

/// Looks through the latest events of these kinds or topics (none: all).
pub fn seen(reader: &Reader, on: &[String], field: &str) -> Result<SeenValues, ApiError> {
    let mut found = Found::default();
    let topic = match topics_of(on).as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let (mut before, mut looked) = (None, 0);
    while looked < FRAMES {
        let frames = reader.recent_frames(topic, before, 1_000)?;
        let Some(oldest) = frames.last() else { break };
        (before, looked) = (Some(oldest.seq), looked + frames.len());
        found.since = Some(oldest.received);
        for frame in &frames {
            let RowBody::Frame { topic, bytes } = &frame.body else { continue };
            let Ok(look) = decode::look(Some(*topic), frame.seq, frame.received, bytes) else { continue };
            for glance in look.glances() {
                let kind = glance.kind();
                let wanted = on.is_empty() || on.iter().any(|on| on == kind.name || on == kind.topic.name());
                let place = kind.fields.iter().position(|known| known.name == field).filter(|_| wanted);
                if let Some(place) = place {
                    found.events += 1;
                    found.take_in(&glance.peek(place));
                }
            }
        }
    }
    Ok(found.told())
}

#[derive(Default)]
struct Found {
    events: u32,
    since: Option<jiff::Timestamp>,
    /// By the value and whether it is a text.
    counts: HashMap<(String, bool), u32>,
}

impl Found {
    fn take_in(&mut self, value: &Peek) {
        match value {
            Peek::Absent => {}
            Peek::Bool(truth) => self.count(truth.to_string(), false),
            Peek::Int(number) => self.count(number.to_string(), false),
            Peek::Float(number) => self.count(number.to_string(), false),
            Peek::Text(words) if words.len() <= LONGEST => self.count(words.to_string(), true),
            Peek::Text(_) => {}
            Peek::Held(held) => {
                if let Value::List(items) = held.as_ref() {
                    for item in items.iter() {
                        self.take_in(&item.into());
                    }
                }
            }
        }
    }

    fn count(&mut self, value: String, text: bool) {
        let full = self.counts.len() >= DIFFERENT;
        match self.counts.get_mut(&(value.clone(), text)) {
            Some(count) => *count += 1,
            None if full => {}
            None => drop(self.counts.insert((value, text), 1)),
        }
    }

    fn told(self) -> SeenValues {
        let different = self.counts.len() as u32;
        let mut values: Vec<SeenValue> =
            self.counts.into_iter().map(|((value, text), count)| SeenValue { value, text, count }).collect();
        values.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.value.cmp(&other.value)));
        values.truncate(TOLD);
        SeenValues { values, different, events: self.events, since: self.since.map(Into::into) }
    }
}
