//! What of the log bears on one rule.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{
    event::Topic,
    pipeline::Ruling,
    rules::{RuleInfo, RuleSet, stands_in},
};

/// So long before a stretch it is looked whether a state had begun. One that had, has not fired in the stretch.
const STATE: Duration = Duration::from_hours(24);

/// What has to be read for a rule.
#[derive(Default)]
pub struct Scope {
    /// Those of the rule and of the rules whose marks it may see.
    pub topics: Vec<Topic>,
    /// Those of the rule itself.
    pub own: Vec<Topic>,
    /// How long before a moment it begins to matter.
    pub look_back: Duration,
}

impl Scope {
    /// What bears on either of two.
    pub fn and(mut self, other: Self) -> Self {
        self.topics = of(self.topics.into_iter().chain(other.topics));
        self.own = of(self.own.into_iter().chain(other.own));
        self.look_back = self.look_back.max(other.look_back);
        self
    }
}

/// The rule switched on and, if it asks for marks, the rules of its folder, which may set them.
pub fn alone(ruling: &Ruling, rule: &str) -> (Ruling, Scope) {
    let text = ruling.rules.iter().find(|known| known.name == rule).map_or("", |known| &known.text);
    let (asks, beside) = (text.contains("marked"), stands_in(rule));
    let mut rules = ruling.rules.clone();
    rules.retain(|known| {
        known.name == rule || asks && known.enabled && stands_in(&known.name) == beside && known.text.contains("mark")
    });
    for known in rules.iter_mut().filter(|known| known.name == rule) {
        known.enabled = true;
    }
    let ruling = Ruling { rules, ..ruling.clone() };
    let set = RuleSet::compile(&ruling.last_good(), ruling.lists.clone(), jiff::tz::TimeZone::UTC, None);
    let lasts = |info: &RuleInfo| {
        let policy = &info.policy;
        let reminds = policy.remind.iter().max().copied().unwrap_or_default();
        let lasts: Duration = [policy.hold, policy.resolve_after, policy.silent_for].into_iter().flatten().sum();
        lasts + reminds + if policy.state { STATE } else { Duration::ZERO }
    };
    let listens = |infos: &mut dyn Iterator<Item = &RuleInfo>| {
        of(infos.flat_map(|info| info.kinds.iter().map(|kind| kind.topic)))
    };
    let topics = listens(&mut set.rules().iter());
    let own = listens(&mut set.rules().iter().filter(|info| info.name == rule));
    let look_back = set.memory_span() + set.rules().iter().map(lasts).max().unwrap_or_default();
    (ruling, Scope { topics, own, look_back })
}

fn of(topics: impl Iterator<Item = Topic>) -> Vec<Topic> {
    let mut topics: Vec<Topic> = topics.collect();
    topics.sort();
    topics.dedup();
    topics
}

/// So long before.
pub fn back(from: Timestamp, span: Duration) -> Timestamp {
    let span = SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
    from.saturating_sub(span).unwrap_or(Timestamp::MIN)
}
