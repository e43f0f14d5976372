//! What the rule itself gave, and the words for what was not asked.

use super::{
    super::{Outcome, clause::Split},
    Came, ClauseExplained, Condition, Explanation, Told,
};

/// Notes what came of the rule.
pub(super) fn take(explanation: &mut Explanation, outcomes: Vec<Outcome>) {
    explanation.came = Came::NotMatched;
    for outcome in outcomes {
        let (came, why) = match outcome {
            Outcome::Match { key, title, body, .. } => {
                let [key, title, body] = [key, title, body].map(|text| Some(text.to_string()));
                (explanation.key, explanation.title, explanation.body) = (key, title, body);
                (Came::Matched, None)
            }
            Outcome::Resolved { key, .. } => {
                explanation.key = Some(key.to_string());
                (Came::Resolved, None)
            }
            Outcome::CannotTell { reason, .. } => (Came::CannotTell, Some(reason)),
            Outcome::Runaway { reason, .. } => (Came::RanAway, Some(reason)),
            Outcome::Failed { message, .. } => (Came::Failed, Some(message)),
        };
        // A match stands, even if its title could not tell; what could not is said beside it.
        explanation.came = came;
        if let Some(why) = why.filter(|_| explanation.why.is_empty()) {
            explanation.why = match split(&why) {
                (Some(function), reason) => format!("{function}: {reason}"),
                (None, _) => why,
            };
        }
    }
}

/// `first_seen cannot tell: REASON` as the function that cannot tell, and the reason.
pub(super) fn split(said: &str) -> (Option<&str>, &str) {
    match said.split_once(" cannot tell: ") {
        Some((function, reason)) if !function.contains(' ') => (Some(function), reason),
        _ => (None, said),
    }
}

/// A condition of which nothing was asked.
pub(super) fn skipped(function: &str, split: &Split, why: &str) -> Condition {
    let clauses = split.clauses.iter().map(|clause| ClauseExplained {
        text: clause.text.clone(),
        span: clause.span,
        joint: clause.joint,
        depth: clause.depth,
        opens: clause.opens.clone(),
        closes: clause.closes,
        calls: clause.calls,
        told: Told::NotReached,
        why: why.to_owned(),
        parts: Vec::new(),
    });
    Condition { function: function.to_owned(), told: Told::NotReached, clauses: clauses.collect() }
}
