//! What others may see of the rules without asking the pipeline's thread.

use std::sync::Arc;

use arc_swap::ArcSwap;

use super::engine::Engine;
use crate::{functions::Lists, rules::RuleInfo};

/// The rules as of the last row, for anybody to read.
pub type RulesView = Arc<ArcSwap<Seen>>;

/// One moment of the rules.
#[derive(Clone, Default)]
pub struct Seen {
    pub rules: Vec<RuleInfo>,
    pub lists: Lists,
}

pub(super) fn publish(view: &RulesView, engine: &Engine) {
    let rules = engine.rules().rules().iter();
    let rules = rules.enumerate().map(|(index, rule)| RuleInfo {
        forgotten: engine.forgotten(rule),
        learns_until: engine.rules().learns_until(index),
        ..rule.clone()
    });
    let rules = rules.collect();
    let seen = Seen { rules, lists: engine.rules().lists().clone() };
    view.store(Arc::new(seen));
}
