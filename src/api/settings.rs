//! The operator's own choices.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Millis;
use crate::{
    alert::Noise,
    event::Topic,
    sink::desktop::Sounds,
    store::{Retention, TopicUsage, Usage},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct Settings {
    /// Show desktop pop-ups at all.
    pub notifications: bool,
    /// Which of them sound.
    pub sounds: Sounds,
    pub theme: Theme,
    /// Size of the window's text, in percent: 100 to 200.
    pub text_size: u32,
    /// IANA name of the zone that `between` and `weekday` use; empty: the system's.
    pub zone: String,
    /// Quiet hours, maintenance windows, and how many pop-ups are too many.
    pub noise: Noise,
    /// How many days of what was heard are kept: 1 to 3,650.
    pub keep_days: u32,
    /// How large the database may get, in megabytes: 50 to 1,000,000. The oldest goes first.
    pub keep_megabytes: u32,
}

impl Settings {
    /// The IANA name of the zone: the system's, unless another is chosen.
    pub fn zone(&self) -> String {
        let system = || jiff::tz::TimeZone::system().iana_name().unwrap_or("UTC").to_owned();
        if self.zone.is_empty() { system() } else { self.zone.clone() }
    }

    /// How much of the log is kept.
    pub fn retention(&self) -> Retention {
        Retention {
            age: Duration::from_hours(24 * u64::from(self.keep_days)),
            size: u64::from(self.keep_megabytes) * 1_000_000,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            notifications: true,
            sounds: Sounds::default(),
            theme: Theme::System,
            text_size: 100,
            zone: String::new(),
            noise: Noise::default(),
            keep_days: 30,
            keep_megabytes: 2_000,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    System,
    Light,
    Dark,
}

/// What is kept of what was heard, and how large it is.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StorageUsed {
    /// Octets of the database.
    #[ts(type = "number")]
    pub used: u64,
    pub topics: Vec<TopicStored>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TopicStored {
    pub topic: Topic,
    /// Octets of its messages as they lie in the database.
    #[ts(type = "number")]
    pub size: u64,
    #[ts(type = "number")]
    pub messages: u64,
    /// When the oldest was received.
    pub since: Millis,
}

impl From<Usage> for StorageUsed {
    fn from(usage: Usage) -> Self {
        let topic = |one: TopicUsage| TopicStored {
            topic: one.topic,
            size: one.size,
            messages: one.frames,
            since: one.since.into(),
        };
        Self { used: usage.used, topics: usage.topics.into_iter().map(topic).collect() }
    }
}

/// What the desktop shell can and does do here.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ShellState {
    /// Whether there is a tray; without one, closing the window would hide Tocsin with no way back, so it quits.
    pub tray: bool,
    /// Why there is none; empty when there is.
    pub tray_note: String,
    pub start_at_login: bool,
}
