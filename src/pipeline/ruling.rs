//! The rules and all they depend on, as one row of the log has them.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::view::Seen;
use crate::{
    functions::Lists,
    rules::{RuleSet, RuleStatus, RuleText},
    store::Control,
};

/// A set of rules as it stands in the folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ruling {
    pub rules: Vec<RuleText>,
    pub lists: Lists,
    /// Of rules whose text has errors, the last text that had none, by name.
    pub good: BTreeMap<String, String>,
}

impl Ruling {
    /// The same rules, with those that do not compile in their last good version.
    pub fn last_good(&self) -> Vec<RuleText> {
        let good = |rule: &RuleText| RuleText {
            text: self.good.get(&rule.name).unwrap_or(&rule.text).clone(),
            ..rule.clone()
        };
        self.rules.iter().map(good).collect()
    }

    /// As a row, with what is known of the last good version of each rule in `running`.
    pub fn control(mut self, running: &RuleSet) -> Control {
        self.good = running
            .rules()
            .iter()
            .filter(|info| info.status != RuleStatus::Broken)
            .filter_map(|info| Some((info.name.clone(), running.running_text(&info.name)?.to_owned())))
            .filter(|(name, text)| self.rules.iter().any(|rule| rule.name == *name && rule.text != *text))
            .collect();
        Control::RuleSet { rules: self.rules, lists: self.lists, last_good: self.good }
    }

    /// The rules as they would run, where there is no pipeline to run them.
    pub fn seen(&self) -> Seen {
        let rules = RuleSet::compile(&self.rules, self.lists.clone(), TimeZone::UTC, None);
        Seen { rules: rules.rules().to_vec(), lists: self.lists.clone() }
    }

    /// Whether the folder says something else than this ruling does.
    pub fn differs(&self, folder: &Self) -> bool {
        self.rules != folder.rules || self.lists != folder.lists
    }
}
