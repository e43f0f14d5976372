//! The six topics of the Streaming API.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A topic: one connection each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    Security,
    Audit,
    Presence,
    Location,
    Monitoring,
    Apprf,
}

impl Topic {
    /// All topics, in the order they are shown.
    pub const ALL: [Self; 6] =
        [Self::Security, Self::Audit, Self::Presence, Self::Location, Self::Monitoring, Self::Apprf];

    /// The name on the wire (the `Topic` header and the envelope's `subject`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Audit => "audit",
            Self::Presence => "presence",
            Self::Location => "location",
            Self::Monitoring => "monitoring",
            Self::Apprf => "apprf",
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Topic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|topic| topic.name() == text).ok_or_else(|| {
            format!("\"{text}\" is not a topic. Topics: security, audit, presence, location, monitoring, apprf.")
        })
    }
}
