//! Alerts of Tocsin's own.

use super::RuleMeta;
use crate::rules::{Policy, Severity};

/// A rule ran away and is paused; the key is the rule's name. A state: over when the rule runs again.
pub const RULE_PAUSED: &str = "tocsin/rule-paused";

/// The rules behind Tocsin's own alerts. The lifecycle always has them; no file can take them away.
pub fn own_rules() -> Vec<RuleMeta> {
    vec![RuleMeta {
        name: RULE_PAUSED.into(),
        policy: Policy { severity: Severity::Warning, resolve_after: None, state: true, ..Policy::default() },
        topics: Vec::new(),
        enabled: true,
        expected: Vec::new(),
    }]
}
