//! What the filter of the history can be asked of an alert.

use jiff::Timestamp;

use crate::{
    alert::{AlertRecord, Silence},
    api::{ApiError, app::alerts},
    diagnostic::Diagnostic,
    event::{
        Value,
        filter::{self, Filter, Filtered, Names},
    },
};

const NAMES: Names =
    Names { of: "alert", known, unordered: &["severity", "state", "rule", "kind", "topic", "verdict"] };

fn known() -> Vec<&'static str> {
    vec!["severity", "state", "rule", "key", "title", "body", "kind", "topic", "matches", "verdict"]
}

/// Reads a filter of alerts.
pub fn read(text: &str) -> Result<Filter, Diagnostic> {
    Filter::parse_for(text, &NAMES)
}

/// The same, refused in words.
pub fn filter(text: &str) -> Result<Filter, ApiError> {
    read(text).map_err(|finding| ApiError::new("bad-filter", &finding.message).help(&finding.help))
}

/// An alert as of a moment.
pub struct Looked<'a> {
    pub record: &'a AlertRecord,
    pub silences: &'a [Silence],
    pub now: Timestamp,
}

impl Filtered for Looked<'_> {
    fn field(&self, name: &str) -> Value {
        let record = self.record;
        match name {
            "severity" => record.severity.name().into(),
            "state" => alerts::state_of(record, self.silences, self.now).name().into(),
            "rule" => Value::Text(record.rule.clone()),
            "key" => Value::Text(record.key.clone()),
            "title" => Value::Text(record.title.clone()),
            "body" => Value::Text(record.body.clone()),
            "kind" => Value::Text(record.kind.clone()),
            "topic" => record.topic.map_or(Value::Absent, |topic| topic.name().into()),
            "matches" => Value::Int(i64::try_from(record.matches).unwrap_or(i64::MAX)),
            // Of what was not judged, too: `verdict != noise` means those as well.
            "verdict" => record.judged.map_or("none", |judged| judged.verdict.name()).into(),
            _ => Value::Absent,
        }
    }

    fn has(&self, word: &str) -> bool {
        let record = self.record;
        [&record.title, &record.key, &record.rule, &record.body]
            .into_iter()
            .any(|text| filter::contains(&Value::Text(text.clone()), word))
    }
}
