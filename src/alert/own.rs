//! Alerts of Tocsin's own.

use super::RuleMeta;
use crate::rules::{Policy, Severity};

/// A rule ran away and is paused; the key is the rule's name. A state: over when the rule runs again.
pub const RULE_PAUSED: &str = "tocsin/rule-paused";

/// Many alerts are told in one pop-up; the key says which. An occurrence.
pub const DIGEST: &str = "tocsin/digest";

/// The database was damaged and a new one is begun; the key is the name that the old one is kept under. An occurrence.
pub const DATABASE: &str = "tocsin/database";

/// The rules behind Tocsin's own alerts. The lifecycle always has them; no file can take them away.
pub fn own_rules() -> Vec<RuleMeta> {
    let own = |name: &str, policy| RuleMeta {
        name: name.into(),
        policy,
        topics: Vec::new(),
        enabled: true,
        expected: Vec::new(),
    };
    let paused = Policy { severity: Severity::Warning, resolve_after: None, state: true, ..Policy::default() };
    let database = Policy { severity: Severity::Critical, ..Policy::default() };
    vec![own(RULE_PAUSED, paused), own(DIGEST, Policy::default()), own(DATABASE, database)]
}
