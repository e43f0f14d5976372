//! Patterns such as `LIB-*`.

use rhai::{Dynamic, Engine};

use super::{Example, Function, Gives};

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "glob",
    signature: "glob(pattern, text)",
    gives: Gives::Truth,
    says: "The whole text fits the pattern: * is any run of characters, ? any one, [a-z] one of those, [!0-9] none of those. Case counts.",
    unknown: "False for what is no text. A pattern has at most 256 characters.",
    example: Example::new(
        "monitoring.ap",
        r#"glob("LIB-*-AP??", event.name)"#,
        &[
            (r#"name = "LIB-2-AP03""#, true),
            (r#"name = "lib-2-AP03""#, false),
            (r#"name = "LIB-2-AP103""#, false),
            (r#"serial = "CN01""#, false),
        ],
    ),
}];

/// The longest pattern, in characters; a longer one fits nothing.
pub const LONGEST_PATTERN: usize = 256;

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("glob", |pattern: &str, text: Dynamic| {
        text.as_immutable_string_ref().is_ok_and(|text| fits(pattern, &text))
    });
}

/// One place of a pattern.
enum Part {
    Any,
    Run,
    One(char),
    Set { of: Vec<(char, char)>, not: bool },
}

/// Whether the whole text fits. At most the text's length times the pattern's in steps.
pub fn fits(pattern: &str, text: &str) -> bool {
    if pattern.chars().nth(LONGEST_PATTERN).is_some() {
        return false;
    }
    let parts = parts(pattern);
    let text: Vec<char> = text.chars().collect();
    let (mut part, mut at) = (0, 0);
    // Where to go on when what follows the last run does not fit: the run takes one more character.
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        match parts.get(part) {
            Some(Part::Run) => {
                retry = Some((part, at));
                part += 1;
            }
            Some(one) if one.takes(text[at]) => {
                part += 1;
                at += 1;
            }
            _ => {
                let Some((run, taken)) = retry else { return false };
                retry = Some((run, taken + 1));
                part = run + 1;
                at = taken + 1;
            }
        }
    }
    parts[part..].iter().all(|rest| matches!(rest, Part::Run))
}

impl Part {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::Any => true,
            Self::Run => false,
            Self::One(wanted) => *wanted == character,
            Self::Set { of, not } => of.iter().any(|(from, to)| (*from..=*to).contains(&character)) != *not,
        }
    }
}

fn parts(pattern: &str) -> Vec<Part> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        at += 1;
        parts.push(match character {
            '*' => Part::Run,
            '?' => Part::Any,
            '[' => match set(&characters[at..]) {
                Some((set, length)) => {
                    at += length;
                    set
                }
                None => Part::One('['),
            },
            other => Part::One(other),
        });
    }
    parts
}

/// What stands in a pattern as it is, and how a text that fits has it: it `starts_with` that, `ends_with` it or
/// `contains` it.
pub fn literals(pattern: &str) -> Vec<(&'static str, String)> {
    let parts = parts(pattern);
    let mut literals: Vec<(&'static str, String)> = Vec::new();
    let mut literal = String::new();
    let mut begins = true;
    for part in &parts {
        if let Part::One(character) = part {
            literal.push(*character);
        } else {
            literals.push((if begins { "starts_with" } else { "contains" }, std::mem::take(&mut literal)));
            begins = false;
        }
    }
    if begins {
        literals.push(("starts_with", literal.clone()));
    }
    literals.push(("ends_with", literal));
    literals.retain(|(_, literal)| !literal.is_empty());
    literals
}

/// What is wrong with a pattern, and what to do, if it cannot mean what it says.
pub fn wrong(pattern: &str) -> Option<(String, &'static str)> {
    if pattern.chars().nth(LONGEST_PATTERN).is_some() {
        return Some((format!("A pattern has at most {LONGEST_PATTERN} characters."), "Split it into several."));
    }
    let characters: Vec<char> = pattern.chars().collect();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        at += 1;
        if character != '[' {
            continue;
        }
        let Some((Part::Set { of, .. }, length)) = set(&characters[at..]) else {
            let help = "Close it with a ], or write [[] for a [ in the text.";
            return Some(("The [ in this pattern is never closed.".into(), help));
        };
        if let Some((from, to)) = of.into_iter().find(|(from, to)| from > to) {
            return Some((format!("Nothing is from {from} to {to}."), "Write the lesser one first, such as [a-z]."));
        }
        at += length;
    }
    None
}

/// A set without its opening bracket, and its length; `None` if it is not closed.
fn set(characters: &[char]) -> Option<(Part, usize)> {
    let not = characters.first() == Some(&'!');
    let start = usize::from(not);
    let length = characters.iter().skip(start + 1).position(|c| *c == ']')? + start + 1;
    let mut inside = &characters[start..length];
    let mut of = Vec::new();
    while let [first, rest @ ..] = inside {
        if let ['-', last, rest @ ..] = rest {
            of.push((*first, *last));
            inside = rest;
        } else {
            of.push((*first, *first));
            inside = rest;
        }
    }
    Some((Part::Set { of, not }, length + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_pattern_as_it_is_is_known() {
        let known =
            |pattern| literals(pattern).into_iter().map(|(how, part)| format!("{how} {part}")).collect::<Vec<_>>();
        assert_eq!(known("aa:*:f[0-9]b?c"), ["starts_with aa:", "contains :f", "contains b", "ends_with c"]);
        assert_eq!(known("aa"), ["starts_with aa", "ends_with aa"]);
        assert!(known("*").is_empty() && known("").is_empty());
    }

    #[test]
    fn patterns_fit_whole_texts() {
        for (pattern, text) in [
            ("LIB-*-AP??", "LIB-2-AP03"),
            ("*", ""),
            ("", ""),
            ("a*b*c", "aXbXbXc"),
            ("[a-c]?[!0-9]", "b1x"),
            ("[]]", "]"),
            ("[x", "[x"),
            ("caf?", "café"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("LIB-*", "lib-1"), ("?", ""), ("a", "ab"), ("[!0-9]", "7"), ("a*b", "aXc"), ("", "a")]
        {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn patterns_that_cannot_mean_what_they_say_are_told() {
        for pattern in ["[", "a[b", "[!", "[]", "[z-a]", "x[a-c][9-0]"] {
            assert!(wrong(pattern).is_some(), "{pattern}");
        }
        for pattern in ["", "*", "[a-c]?[!0-9]", "[]]", "[[]x", "a]", "[a-]", "[-a]", "[!]]"] {
            assert_eq!(wrong(pattern), None, "{pattern}");
        }
        assert!(wrong(&"a".repeat(LONGEST_PATTERN + 1)).is_some());
    }

    #[test]
    fn a_hostile_text_is_bounded() {
        assert!(!fits("*a*a*a*a*a*a*b", &"a".repeat(64 * 1024)));
        assert!(!fits(&"a".repeat(LONGEST_PATTERN + 1), &"a".repeat(LONGEST_PATTERN + 1)));
    }
}
