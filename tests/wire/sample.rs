//! The samples: frames of all six topics with what was encoded in them.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::{Map, Value};
use tocsin::event::Topic;

/// One line of `frames.jsonl`.
pub struct Sample {
    pub name: String,
    pub topic: Topic,
    pub frame: Vec<u8>,
    pub envelope: Map<String, Value>,
    pub message: Map<String, Value>,
}

impl Sample {
    /// The envelope's time.
    pub fn sent(&self) -> Timestamp {
        let nanos = self.envelope["timestamp"].as_i64().unwrap();
        Timestamp::from_nanosecond(i128::from(nanos)).unwrap()
    }
}

/// All samples.
pub fn all() -> &'static [Sample] {
    static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
        let lines = include_str!("frames.jsonl").lines();
        lines.map(|line| one(&serde_json::from_str(line).unwrap())).collect()
    });
    assert_eq!(SAMPLES.len(), 90);
    &SAMPLES
}

fn one(line: &Value) -> Sample {
    Sample {
        name: line["name"].as_str().unwrap().into(),
        topic: line["topic"].as_str().unwrap().parse().unwrap(),
        frame: octets(&line["frame"]),
        envelope: line["envelope"].as_object().unwrap().clone(),
        message: line["message"].as_object().unwrap().clone(),
    }
}

/// What base64 text holds.
pub fn octets(text: &Value) -> Vec<u8> {
    STANDARD.decode(text.as_str().unwrap()).unwrap()
}

/// The first sample of a topic whose message has `field`.
pub fn with(topic: Topic, field: &str) -> &'static Sample {
    all().iter().find(|sample| sample.topic == topic && sample.message.contains_key(field)).unwrap()
}
