//! What a rule with `SILENT_FOR` waits for without ever having heard it: `fn expected()`, asked when the rule is loaded.

use std::sync::Arc;

use rhai::{Array, Dynamic};

use super::{
    engine::Host,
    evaluate::{bounded_body, bounded_key, bounded_title, call},
    script::Script,
    trouble::{Trouble, value},
    words::EXPECTED,
};

/// A key that is to be heard, and what is said while it never was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    pub key: Arc<str>,
    pub title: Arc<str>,
    pub body: Arc<str>,
}

/// The keys of a rule, or why there are none. `tag` is the rule's index, `title` what it is called by.
pub(super) fn ask(host: &Host, script: &Script, tag: usize, title: &str) -> Result<Vec<Expected>, String> {
    if script.settings.policy.silent_for.is_none() || !script.has(EXPECTED) {
        return Ok(Vec::new());
    }
    let answer = call(host, script, tag, EXPECTED, ()).map_err(|trouble| words(&trouble))?;
    let kind = value(answer.type_name()).to_owned();
    let keys: Array = answer.into_array().map_err(|_| format!("fn expected gives {kind}, not a list."))?;
    // Of a key that was never heard there is no event, so all of them say the same.
    let said = |function: &str| {
        let answer = script.has(function).then(|| call(host, script, tag, function, (Dynamic::UNIT,)).ok()).flatten();
        answer.map(|answer| answer.to_string()).filter(|text| !text.trim().is_empty())
    };
    let (title, body) = (bounded_title(said("title").as_deref().unwrap_or(title)), said("body"));
    let mut keys: Vec<String> = keys.iter().map(ToString::to_string).filter(|key| !key.trim().is_empty()).collect();
    keys.sort();
    keys.dedup();
    let expected = |key: String| {
        let body = body.clone().unwrap_or_else(|| format!("{key} was never heard."));
        Expected { title: title.clone(), body: bounded_body(&body), key: bounded_key(&key) }
    };
    Ok(keys.into_iter().map(expected).collect())
}

fn words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::CannotTell(why) | Trouble::Runaway(why) | Trouble::Failed { message: why, .. } => {
            format!("fn expected gives no answer: {}.", why.trim_end_matches('.'))
        }
    }
}
