//! Two rules with one title, which cannot be told apart in a pop-up.

use std::collections::HashMap;

use super::script;
use crate::diagnostic::{Diagnostic, Level};

/// The finding for each rule that has the title of another, with the rule's place. `rules` are names and texts.
pub(super) fn told_apart(rules: &[(String, &str)]) -> Vec<(usize, Diagnostic)> {
    let mut titled: HashMap<String, Vec<usize>> = HashMap::new();
    for (rule, (_, text)) in rules.iter().enumerate() {
        if let Some(title) = script::doc(text).0 {
            titled.entry(title).or_default().push(rule);
        }
    }
    let mut findings = Vec::new();
    for (title, same) in titled.into_iter().filter(|(_, same)| same.len() > 1) {
        for &rule in &same {
            let other = same.iter().find(|other| **other != rule).map_or("", |other| &*rules[*other].0);
            let Some(span) = script::place_of_title(rules[rule].1) else { continue };
            let finding = Diagnostic {
                code: "same-title".into(),
                severity: Level::Warning,
                message: format!("The rule {other} is called \"{title}\" too."),
                help: "Give each a title of its own, so that their alerts can be told apart.".into(),
                span,
                label: String::new(),
            };
            findings.push((rule, finding));
        }
    }
    findings.sort_by_key(|(rule, _)| *rule);
    findings
}
