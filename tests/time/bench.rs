//! Rules, and rogues that they are told of at a time of day.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use tocsin::{
    event::{Event, EventId, Topic, Value, catalogue},
    functions::Lists,
    rules::{Outcome, RuleSet, RuleStatus, RuleText},
};

pub struct Bench(pub RuleSet);

/// That time of day, which may go over midnight: `25:00`.
pub fn at(time: &str) -> Timestamp {
    let parts: Vec<i64> = time.split(':').map(|part| part.parse().unwrap()).collect();
    let seconds = parts[0] * 3600 + parts[1] * 60 + parts.get(2).unwrap_or(&0);
    "2025-11-18T00:00:00Z".parse::<Timestamp>().unwrap() + seconds.seconds()
}

pub fn rogue(time: &str, fields: &[(&str, Value)]) -> Event {
    let kind = catalogue::kind("security.rogue").unwrap();
    let mut values = vec![Value::Absent; kind.fields.len()];
    for (name, value) in fields {
        values[kind.field_index(name).expect(name)] = value.clone();
    }
    Event {
        id: EventId { seq: 1, record: 0 },
        kind,
        topic: kind.topic,
        time: at(time),
        received: at(time),
        customer_id: Arc::from("c"),
        msp_id: Arc::from(""),
        values,
        marks: Vec::new(),
    }
}

pub fn text(text: &str) -> Value {
    Value::Text(text.into())
}

/// A rule on rogues with this condition.
pub fn when(condition: &str) -> String {
    format!("const ON = \"security.rogue\";\nfn when(event) {{ {condition} }}")
}

impl Bench {
    /// One rule with this condition.
    pub fn new(condition: &str) -> Self {
        Self::of(&[("a", &when(condition))])
    }

    pub fn of(rules: &[(&str, &str)]) -> Self {
        Self(compile(rules, None))
    }

    /// The same rules in another version.
    pub fn edit(&mut self, rules: &[(&str, &str)]) {
        self.0 = compile(rules, Some(&self.0));
    }

    pub fn hear(&mut self, heard: bool, time: &str) {
        self.0.hear(Topic::Security, heard, at(time));
    }

    pub fn outcomes(&mut self, time: &str, fields: &[(&str, Value)]) -> Vec<Outcome> {
        self.0.evaluate(&rogue(time, fields), at(time))
    }

    /// Whether the rules match when a rogue of that name comes: `None` if one cannot tell.
    pub fn tell(&mut self, time: &str, id: &str, fields: &[(&str, Value)]) -> Option<bool> {
        let fields: Vec<_> = [("rogue_id", text(id))].into_iter().chain(fields.iter().cloned()).collect();
        match &self.outcomes(time, &fields)[..] {
            [] => Some(false),
            [Outcome::Match { .. }] => Some(true),
            [Outcome::CannotTell { .. }] => None,
            other => panic!("{other:?}"),
        }
    }

    pub fn comes(&mut self, time: &str, id: &str) -> Option<bool> {
        self.tell(time, id, &[])
    }
}

fn compile(rules: &[(&str, &str)], previous: Option<&RuleSet>) -> RuleSet {
    let texts: Vec<RuleText> = rules
        .iter()
        .map(|(name, text)| RuleText { name: (*name).into(), text: (*text).into(), enabled: true })
        .collect();
    let set = RuleSet::compile(&texts, Lists::default(), TimeZone::UTC, previous);
    for rule in set.rules() {
        assert_eq!(rule.status, RuleStatus::Running, "{:?}", rule.diagnostics);
    }
    set
}
