//! What the tray shows for a status: the worst state as a face, all states in words. No tray in here.

use tocsin::{
    api::{Status, TopicPhase, TopicStatus},
    inert,
    rules::Severity,
};

/// The tray's picture. Ordered: what is later here wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// Nothing fires, all wanted topics are heard.
    Quiet,
    /// Info at worst.
    Info,
    Warning,
    /// A wanted topic is not heard.
    Deaf,
    Critical,
}

impl Face {
    /// The face of a status.
    pub fn of(status: &Status) -> Self {
        let firing = &status.firing;
        if firing.critical > 0 {
            Self::Critical
        } else if deaf(status).next().is_some() {
            Self::Deaf
        } else if firing.warning > 0 {
            Self::Warning
        } else if firing.info > 0 {
            Self::Info
        } else {
            Self::Quiet
        }
    }
}

/// All states in one line: `Tocsin: 2 critical, 1 warning, not listening to audit`. Of several accounts, whose they are
/// stands before them: `Tocsin, Branch: 2 critical`.
pub fn words(status: &Status, account: Option<&str>) -> String {
    let mut parts: Vec<String> = Severity::ALL.iter().rev().filter_map(|severity| count(status, *severity)).collect();
    let wanted = status.topics.iter().filter(|topic| topic.phase != TopicPhase::Off).count();
    let lost: Vec<&str> = deaf(status).map(|topic| topic.topic.name()).collect();
    let quiet = parts.is_empty() && lost.is_empty();
    if wanted == 0 {
        parts = vec!["listening to nothing yet".to_owned()];
    } else if !lost.is_empty() && lost.len() == wanted {
        parts.push("not listening".to_owned());
    } else if !lost.is_empty() {
        parts.push(format!("not listening to {}", lost.join(", ")));
    } else if quiet {
        let heard = status.topics.iter().filter(|topic| topic.phase == TopicPhase::Listening).count();
        parts = vec![match heard {
            0 => "connecting".to_owned(),
            1 => "quiet, listening to 1 topic".to_owned(),
            _ => format!("quiet, listening to {heard} topics"),
        }];
    }
    if status.snoozed_until.is_some() {
        parts.push("pop-ups snoozed".to_owned());
    }
    let whose = account.map(|name| format!(", {}", inert::title(name))).unwrap_or_default();
    format!("Tocsin{whose}: {}", parts.join(", "))
}

fn count(status: &Status, severity: Severity) -> Option<String> {
    let (number, one, many) = match severity {
        Severity::Critical => (status.firing.critical, "critical", "critical"),
        Severity::Warning => (status.firing.warning, "warning", "warnings"),
        Severity::Info => (status.firing.info, "info", "info"),
    };
    (number > 0).then(|| format!("{number} {}", if number == 1 { one } else { many }))
}

/// The wanted topics that are not heard. One that is just being connected for the first time is not deaf yet.
fn deaf(status: &Status) -> impl Iterator<Item = &TopicStatus> {
    status.topics.iter().filter(|topic| matches!(topic.phase, TopicPhase::Reconnecting | TopicPhase::Refused))
}

#[cfg(test)]
mod tests {
    use tocsin::{
        api::{Counts, Millis},
        event::Topic,
    };

    use super::*;

    fn status(firing: (u32, u32, u32), phases: &[(Topic, TopicPhase)]) -> Status {
        let topic = |(topic, phase): &(Topic, TopicPhase)| TopicStatus {
            topic: *topic,
            phase: *phase,
            since: Millis(0),
            retry_at: None,
            tries: 0,
            problem: None,
            last_event: None,
            rate: 0.0,
            minutes: Vec::new(),
            begun: None,
            gaps: Vec::new(),
        };
        Status {
            topics: phases.iter().map(topic).collect(),
            key: None,
            firing: Counts { critical: firing.0, warning: firing.1, info: firing.2 },
            acknowledged: 0,
            events_per_minute: 0.0,
            rejected: 0,
            let_go: 0,
            not_drawn: 0,
            snoozed_until: None,
            popups: None,
            storage: None,
            rules_paused: 0,
            rules_broken: 0,
            rules_on: 0,
        }
    }

    #[test]
    fn the_worst_state_is_the_face_and_the_words_name_all() {
        use Topic::{Audit, Presence, Security};
        use TopicPhase::{Connecting, Listening, Off, Reconnecting, Refused};
        let heard = [(Security, Listening), (Audit, Listening), (Presence, Off)];
        let half = [(Security, Listening), (Audit, Refused), (Presence, Off)];
        let none = [(Security, Reconnecting), (Audit, Refused)];
        for (firing, phases, face, words) in [
            ((0, 0, 0), &heard[..], Face::Quiet, "Tocsin: quiet, listening to 2 topics"),
            ((0, 0, 2), &heard, Face::Info, "Tocsin: 2 info"),
            ((0, 2, 1), &heard, Face::Warning, "Tocsin: 2 warnings, 1 info"),
            ((2, 1, 0), &heard, Face::Critical, "Tocsin: 2 critical, 1 warning"),
            ((0, 1, 0), &half, Face::Deaf, "Tocsin: 1 warning, not listening to audit"),
            ((1, 0, 0), &half, Face::Critical, "Tocsin: 1 critical, not listening to audit"),
            ((0, 0, 0), &none, Face::Deaf, "Tocsin: not listening"),
            ((0, 0, 0), &[(Security, Connecting)], Face::Quiet, "Tocsin: connecting"),
            (
                (0, 0, 0),
                &[(Security, Listening), (Audit, Connecting)],
                Face::Quiet,
                "Tocsin: quiet, listening to 1 topic",
            ),
            ((0, 0, 0), &[], Face::Quiet, "Tocsin: listening to nothing yet"),
        ] {
            let status = status(firing, phases);
            assert_eq!((Face::of(&status), super::words(&status, None)), (face, words.to_owned()));
        }
        let of_several = super::words(&status((2, 0, 0), &heard), Some("Branch\u{202e}"));
        assert!(of_several.starts_with("Tocsin, Branch") && of_several.ends_with(": 2 critical"), "{of_several}");
        assert!(!of_several.contains('\u{202e}'), "{of_several}");
    }
}
