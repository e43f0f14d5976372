//! Regular expressions, in linear time.

use std::{cell::RefCell, collections::HashMap};

use regex::{Regex, RegexBuilder};
use rhai::{Dynamic, Engine};

use super::{Example, Function, Gives};

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "regex",
    signature: "regex(pattern, text)",
    gives: Gives::Truth,
    says: "The pattern, a regular expression, fits somewhere in the text; ^ and $ are its ends. Case counts unless it begins with (?i). No look-around and no back-references: the time it takes grows with the text only.",
    unknown: "False for what is no text. A pattern is a text in quotes or a constant, of at most 256 characters.",
    example: Example::new(
        "monitoring.ap",
        r#"regex("^(LIB|LAB)-[0-9]+-AP", event.name)"#,
        &[(r#"name = "LAB-12-AP03""#, true), (r#"name = "LAB-x-AP03""#, false), (r#"serial = "CN01""#, false)],
    ),
}];

/// How large a compiled pattern may be, in bytes.
const SIZE: usize = 256 * 1024;

/// Compiles a pattern. The error is a sentence.
pub fn pattern(text: &str) -> Result<Regex, String> {
    if text.chars().nth(super::LONGEST_PATTERN).is_some() {
        return Err(format!("A pattern has at most {} characters.", super::LONGEST_PATTERN));
    }
    let compiled = RegexBuilder::new(text).size_limit(SIZE).dfa_size_limit(SIZE).build();
    compiled.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "This pattern stands for too much.".into(),
        other => {
            let said = other.to_string();
            let last = said.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            format!("This is no regular expression: {last}.")
        }
    })
}

/// How every text begins that a pattern fits, as far as that stands there letter by letter behind a `^`.
pub fn begins(pattern: &str) -> Option<String> {
    let rest = pattern.strip_prefix('^').filter(|rest| !rest.contains('|'))?;
    let is_letter = |c: &char| c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | ' ');
    let mut begins: String = rest.chars().take_while(is_letter).collect();
    // What is repeated may be there no time at all.
    if rest[begins.len()..].starts_with(['*', '?', '{']) {
        begins.pop();
    }
    (!begins.is_empty()).then_some(begins)
}

pub(super) fn register(engine: &mut Engine) {
    // Patterns are literals, so there are as many as the rules have.
    let known: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
    engine.register_fn("regex", move |wanted: &str, text: Dynamic| {
        let Ok(text) = text.as_immutable_string_ref() else { return false };
        if let Some(compiled) = known.borrow().get(wanted) {
            return compiled.as_ref().is_some_and(|compiled| compiled.is_match(&text));
        }
        let compiled = pattern(wanted).ok();
        let fits = compiled.as_ref().is_some_and(|compiled| compiled.is_match(&text));
        known.borrow_mut().insert(wanted.to_owned(), compiled);
        fits
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;

    #[test]
    fn patterns_are_bounded_and_explained() {
        assert!(pattern("^a+b$").unwrap().is_match("aab"));
        assert!(pattern("(").unwrap_err().contains("unclosed group"));
        assert!(pattern("(?=a)").unwrap_err().contains("look-around"));
        assert!(pattern("((a{99}){99}){99}").unwrap_err().contains("too much"));
        assert!(pattern(&"a".repeat(300)).is_err());
    }

    #[test]
    fn what_a_pattern_begins_with_is_known() {
        for (pattern, known) in [
            ("^AA:BB", Some("AA:BB")),
            ("^aa:b?b", Some("aa:")),
            ("^aa:b+", Some("aa:b")),
            ("^aa[bc]", Some("aa")),
            ("^aa|bb", None),
            ("^(?i)AA", None),
            ("AA", None),
            ("^é*", None),
            ("^", None),
        ] {
            assert_eq!(begins(pattern).as_deref(), known, "{pattern}");
        }
    }
}
