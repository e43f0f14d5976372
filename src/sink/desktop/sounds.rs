//! Which pop-ups are heard.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::rules::Severity;

/// Whether pop-ups of a severity sound. None does unless the operator says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct Sounds {
    pub critical: bool,
    pub warning: bool,
    pub info: bool,
}

impl Sounds {
    /// Whether a pop-up of that severity sounds.
    pub fn of(self, severity: Severity) -> bool {
        match severity {
            Severity::Critical => self.critical,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }
}

/// The choice as of now, shared between those who change it and those who ask.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen(Arc<AtomicU8>);

impl Chosen {
    pub fn set(&self, sounds: Sounds) {
        let bits = Severity::ALL.map(|severity| u8::from(sounds.of(severity)) << severity as u8);
        self.0.store(bits.into_iter().sum(), Ordering::Relaxed);
    }

    pub fn of(&self, severity: Severity) -> bool {
        self.0.load(Ordering::Relaxed) & (1 << severity as u8) != 0
    }
}

/// The sound's name by the freedesktop's naming, which every sound theme has.
pub(super) const fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "dialog-error",
        Severity::Warning => "dialog-warning",
        Severity::Info => "dialog-information",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_what_sounds() {
        let chosen = Chosen::default();
        assert!(Severity::ALL.into_iter().all(|severity| !chosen.of(severity)), "off unless chosen");
        for critical in [false, true] {
            for warning in [false, true] {
                for info in [false, true] {
                    let sounds = Sounds { critical, warning, info };
                    chosen.set(sounds);
                    assert_eq!(Severity::ALL.map(|severity| chosen.of(severity)), [info, warning, critical]);
                }
            }
        }
    }
}
