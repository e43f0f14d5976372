//! JSON inside of a field.

use rhai::{Array, Dynamic, Engine, ImmutableString, Map};
use serde_json::Value;

use super::{Example, Function, Gives};

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "parse_json",
    signature: "parse_json(text)",
    gives: Gives::Any,
    says: "What a field that holds JSON says, to be read like an event: parse_json(text).ports[0].name is the name of the first port. Several such reads may stand in one condition.",
    unknown: "() for what is no JSON, is nested deeper than 16 or has more than 2,000 values; a part that is not there, or a place behind the end of a list, is () too. Of a part of a value that has none, such as a number, the rule cannot tell.",
    example: Example::new(
        "audit.configuration",
        r#"parse_json(event.detailed_data).wlans[0].security == "open""#,
        &[
            (r#"detailed_data = '{"wlans": [{"ssid": "campus-guest", "security": "open"}]}'"#, true),
            (r#"detailed_data = '{"wlans": [{"ssid": "campus-guest"}]}'"#, false),
            (r#"detailed_data = '{"wlans": []}'"#, false),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;

    fn read(text: impl Into<Dynamic>) -> Dynamic {
        let mut engine = Engine::new_raw();
        register(&mut engine);
        let mut scope = rhai::Scope::new();
        scope.push_dynamic("text", text.into());
        engine.eval_with_scope(&mut scope, "parse_json(text)").unwrap()
    }

    #[test]
    fn json_reads_as_values() {
        let map = read(r#"{"a": [1, 2.5, null, true], "a b": "c"}"#).cast::<Map>();
        assert_eq!(map["a b"].clone().into_string().unwrap(), "c");
        let list = map["a"].clone().into_array().unwrap();
        assert_eq!((list[0].as_int(), list[1].as_float(), list[2].is_unit()), (Ok(1), Ok(2.5), true));
        // A number that no whole number of ours holds.
        assert_eq!(read("18446744073709551615").as_float(), Ok(18_446_744_073_709_551_615.0));
    }

    #[test]
    fn parts_of_parts_are_read_and_what_is_not_there_is_absent() {
        let mut engine = Engine::new_raw();
        register(&mut engine);
        super::super::absent::register(&mut engine);
        let mut scope = rhai::Scope::new();
        scope.push("text", r#"{"a": [7, {"b": ["c"]}], "d": 5}"#.to_owned());
        let mut asked = |part: &str| {
            engine
                .eval_with_scope::<Dynamic>(&mut scope, &format!("parse_json(text){part}"))
                .map(|value| value.to_string())
        };
        for (part, wanted) in [(".a[0]", "7"), (".a[1].b[0]", "c"), ("[\"a\"][-1][\"b\"][0]", "c")] {
            assert_eq!(asked(part).unwrap(), wanted, "{part}");
        }
        for part in [".a[2]", ".a[-3]", ".a[2].b", ".x[0]", ".x[0].y[1]", ".a[1].b[1]"] {
            assert_eq!(asked(part).unwrap(), "", "{part}");
        }
        assert!(asked(".d.e").is_err());
    }

    #[test]
    fn what_is_none_or_too_much_is_absent() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let many = |values: usize| format!("[{}]", vec!["1"; values].join(","));
        assert!(read(deep(DEPTH)).is_array() && read(many(VALUES - 1)).is_array());
        for text in ["", "{", "{'a': 1}", "[1] 2", "1e999", "nul", &deep(DEPTH + 1), &deep(100_000), &many(VALUES)] {
            assert!(read(text.to_owned()).is_unit(), "{text:.20}");
        }
        assert!(read(Dynamic::UNIT).is_unit() && read(7_i64).is_unit());
    }
}
