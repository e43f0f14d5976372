//! The operator's own choices.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::alert::Noise;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(default)]
pub struct Settings {
    /// Show desktop pop-ups at all.
    pub notifications: bool,
    pub theme: Theme,
    /// Size of the window's text, in percent: 100 to 200.
    pub text_size: u32,
    /// IANA name of the zone that `between` and `weekday` use; empty: the system's.
    pub zone: String,
    /// Quiet hours, maintenance windows, and how many pop-ups are too many.
    pub noise: Noise,
}

impl Default for Settings {
    fn default() -> Self {
        Self { notifications: true, theme: Theme::System, text_size: 100, zone: String::new(), noise: Noise::default() }
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
