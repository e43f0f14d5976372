//! JSON inside of a field.

use rhai::{Array, Dynamic, Engine, ImmutableString, Map};
use serde_json::Value;

use super::{Example, Function, Gives};

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "parse_json",
    signature: "parse_json(text)",
    gives: Gives::Any,
    says: "What a field that holds JSON says, to be read like an event. Several such reads may stand in one condition.",
    unknown: "() for what is no JSON, is nested deeper than 16 or has more than 2,000 values; a part that is not there is () too.",
    example: Example::new(
        "audit.configuration",
        r#"parse_json(event.detailed_data).security == "open""#,
        &[
            (r#"detailed_data = '{"wlan": "campus-guest", "security": "open"}'"#, true),
            (r#"detailed_data = '{"wlan": "campus-guest"}'"#, false),
            (r#"detailed_data = "security: open""#, false),
            (r#"target = "campus-guest""#, false),
        ],
    ),
}];

/// How deep a JSON text may be nested, and how many values it may have; one that has more is none.
const DEPTH: usize = 16;
const VALUES: usize = 2_000;

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("parse_json", |text: Dynamic| {
        let parsed = text.as_immutable_string_ref().ok().and_then(|text| serde_json::from_str(&text).ok());
        let mut left = VALUES;
        parsed.and_then(|value| dynamic(value, DEPTH, &mut left)).unwrap_or(Dynamic::UNIT)
    });
}

fn dynamic(value: Value, depth: usize, left: &mut usize) -> Option<Dynamic> {
    *left = left.checked_sub(1)?;
    let inside = |depth: usize| depth.checked_sub(1);
    Some(match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(truth) => truth.into(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_f64()?.into(),
        },
        Value::String(text) => ImmutableString::from(text).into(),
        Value::Array(values) => {
            let depth = inside(depth)?;
            values.into_iter().map(|value| dynamic(value, depth, left)).collect::<Option<Array>>()?.into()
        }
        Value::Object(fields) => {
            let depth = inside(depth)?;
            let fields = fields.into_iter().map(|(name, value)| Some((name.into(), dynamic(value, depth, left)?)));
            fields.collect::<Option<Map>>()?.into()
        }
    })
}
