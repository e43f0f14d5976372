//! A rule to begin with, made of an event that was heard: it runs as it stands, and its condition is there to be widened.

use crate::event::{Event, Field, FieldType, Value};

/// How many fields the condition asks about at most.
const CLAUSES: usize = 3;
/// What a text field is called, at its end, that holds one of few words.
const FEW: [&str; 9] = ["type", "level", "state", "status", "service", "event", "category", "ssid", "action"];

/// A rule that is not saved yet.
#[derive(Clone, Debug)]
pub struct Begun {
    /// A name to begin with, such as `security/new-rogue`.
    pub name: String,
    pub text: String,
}

/// A rule that matches events like this one: of its kind, with its most telling words.
pub fn from_event(event: &Event) -> Begun {
    let kind = event.kind;
    let short = kind.name.rsplit('.').next().unwrap_or(kind.name);
    let asked = clauses(event);
    let condition = if asked.is_empty() { "true".to_owned() } else { asked.join("\n        && ") };
    let key = kind.identity.iter().find(|field| event.get(field).is_some_and(|value| !value.is_absent()));
    let key = key.map_or_else(String::new, |field| format!("\nfn key(event)   {{ event.{field} }}"));
    let about = kind.identity.first().map_or_else(String::new, |field| format!(" ${{event.{field} ?? \"\"}}"));
    let text = format!(
        "//! {}\n//!\n//! What it means.\n//! What to do about it.\n\nconst ON       = \"{}\";\nconst SEVERITY = \
         \"warning\";\n\nfn when(event) {{\n    {condition}\n}}\n{key}\nfn title(event) {{ `{}{about}` }}\n",
        title(event),
        kind.name,
        title(event),
    );
    Begun { name: format!("{}/new-{}", event.topic.name(), short.replace('_', "-")), text }
}

/// Comparisons with what the event holds, in fields that hold one of few values: not what names one device or moment.
fn clauses(event: &Event) -> Vec<String> {
    let fields = event.kind.fields.iter().zip(&event.values);
    fields.filter_map(|(field, value)| clause(field, value)).take(CLAUSES).collect()
}

fn clause(field: &Field, value: &Value) -> Option<String> {
    let name = field.name;
    match (field.ty, value) {
        (FieldType::Enum, Value::Text(text)) => Some(format!("event.{name} == \"{text}\"")),
        (FieldType::Text, Value::Text(text)) if FEW.iter().any(|few| name.ends_with(few)) && is_plain(text) => {
            Some(format!("event.{name} == \"{text}\""))
        }
        (FieldType::Bool, Value::Bool(truth)) => Some(format!("event.{name} == {truth}")),
        _ => None,
    }
}

/// A short text that means the same between quotes.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 60
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | ':' | '/'))
}

fn title(event: &Event) -> String {
    let kind = event.kind.name.replace(['.', '_'], " ");
    let mut letters = kind.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use jiff::tz::TimeZone;

    use super::*;
    use crate::{
        decode,
        event::Topic,
        functions::Lists,
        rules::{Outcome, RuleSet, RuleText, check},
    };

    #[test]
    fn a_rule_made_of_any_event_has_no_findings_and_matches_it() {
        let mut seen = 0;
        for line in include_str!("../../tests/wire/frames.jsonl").lines() {
            let sample: serde_json::Value = serde_json::from_str(line).unwrap();
            let topic: Topic = sample["topic"].as_str().unwrap().parse().unwrap();
            let bytes = STANDARD.decode(sample["frame"].as_str().unwrap()).unwrap();
            let now = "2026-01-05T12:00:00Z".parse().unwrap();
            for event in decode::frame(Some(topic), 7, now, &bytes).unwrap_or_default() {
                let Begun { name, text } = from_event(&event);
                assert_eq!(check(&text, &Lists::default(), None), [], "{text}");
                let rule = RuleText { name, text: text.clone(), enabled: true };
                let mut set = RuleSet::compile(&[rule], Lists::default(), TimeZone::UTC, None);
                let outcomes = set.evaluate(&event, now);
                assert!(matches!(outcomes.as_slice(), [Outcome::Match { .. }]), "{outcomes:?} of {text}");
                seen += 1;
            }
        }
        assert!(seen > 60, "{seen}");
    }
}
