//! What an alert is called.

use std::{fmt, fmt::Write as _, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::event::EventId;

/// Names one alert, from its first match to its end: the event that began it, and a digest of rule and key, as in
/// `18452.3-9f2c51d07be4a610`. The same log and rules give the same names, live or replayed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlertId(Arc<str>);

impl AlertId {
    /// The name of the alert of `rule` under `key` that `event` begins.
    pub fn new(rule: &str, key: &str, event: EventId) -> Self {
        let mut digest = Sha256::new();
        digest.update(rule.as_bytes());
        digest.update([0]);
        digest.update(key.as_bytes());
        let mut text = format!("{}.{}-", event.seq, event.record);
        for octet in digest.finalize().iter().take(8) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{octet:02x}");
        }
        Self(text.into())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for AlertId {
    /// Any text names an alert, though perhaps none that exists.
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl FromStr for AlertId {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.into())
    }
}
