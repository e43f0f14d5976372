//! What an absent value, `()`, answers, so that a field that is not there never raises an error.

use rhai::{Dynamic, Engine, ImmutableString};

/// Questions about a text: of anything that is no text, the answer is no.
const QUESTIONS: [&str; 3] = ["contains", "starts_with", "ends_with"];

/// `().contains(x)`, `x in ()` and `!()` are false, `().to_lower()` and `().part` and `()[0]` are `()` again, `().len()` is 0.
pub(super) fn register(engine: &mut Engine) {
    for question in QUESTIONS {
        engine.register_fn(question, |(): (), _: Dynamic| false);
        engine.register_fn(question, |_: ImmutableString, (): ()| false);
    }
    engine.register_fn("!", |(): ()| false);
    engine.register_indexer_get(|(): &mut (), _: &str| ());
    engine.register_indexer_get(|(): &mut (), _: i64| ());
    // A place behind the end of a list is as absent as a part that is not there.
    #[allow(deprecated)] // Rhai marks what may change so; its version is pinned
    engine.on_invalid_array_index(|_, _, _| Ok(Dynamic::UNIT.into()));
    engine.register_fn("is_empty", |(): ()| true);
    engine.register_get("is_empty", |(): &mut ()| true);
    engine.register_fn("len", |(): ()| 0_i64);
    engine.register_get("len", |(): &mut ()| 0_i64);
    for change in ["to_lower", "to_upper", "to_int", "to_float", "parse_int", "parse_float"] {
        engine.register_fn(change, |(): ()| ());
    }
    for part in ["sub_string", "split", "index_of"] {
        engine.register_fn(part, |(): (), _: Dynamic| ());
        engine.register_fn(part, |(): (), _: Dynamic, _: Dynamic| ());
    }
    // An enum number that is not in the definitions stands where a text is expected.
    #[allow(deprecated)] // Rhai marks what may change so; its version is pinned
    engine.on_missing_function(|name, arguments, _, _| {
        Ok((arguments.len() == 2 && QUESTIONS.contains(&name)).then_some(Dynamic::FALSE))
    });
}
