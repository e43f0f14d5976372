//! What happens on the campus: a story of five minutes, over and over, among the noise of every day.
//!
//! Times are seconds of the simulator's clock since it started, within each lap of 300 s; N is the lap, from 0. Each lap
//! has another intruder, so that it raises alerts of its own.
//!
//! | at | kind | what |
//! | --- | --- | --- |
//! | 4, 14, 24, 34 | `security.rogue` | [`rogue`]: an access point that is not ours offers "eduroam": `rogue_id` d8:07:b6:5e:1c:(40+N), no `lan_mac` |
//! | 9, 15 | `security.wids` | [`attack`]: `detect_ap_spoofing` by the same radio, level high |
//! | 12, 14 | `audit.configuration` | [`configuration`]: "Admin login failed", mira@campus.example from 203.0.113.77 |
//! | 18 | `audit.configuration` | "Admin login", mira@campus.example from 203.0.113.77 instead of 10.20.0.11 |
//! | 22 to 100, every 13 | `presence.rssi`, `presence.proximity` | [`watched`]: the device 02:de:70:c5:1a:01 comes near (−82 to −41 dBm) and leaves |
//! | 38 to 98, every 10 | `security.rogue` | the rogue is on the wire: `lan_mac` d8:07:b6:5e:1c:(80+N), `port` 1/1/(7+N mod 24) |
//! | 50, 54, 58 | `audit.firmware` | [`firmware`]: "Firmware upgrade started" outside the announced window of 02:00–04:00 |
//! | 64, 79 | `presence.client_state` | [`lingering`]: in the area of label 104 somebody is engaged, who only passed by before |
//! | 70 to 130 | `security.wids` | `detect_deauth_broadcast`, level high: from one in 6 s to three a second, and fading |
//! | 102 | `audit.configuration` | "WLAN deleted": campus-staff in group library, by mira@campus.example from 203.0.113.77 |
//! | 120 | `monitoring.ap`, `monitoring.notification`, `audit.device_mgmt` | [`outage`]: an access point is DOWN; AP_DISCONNECTED opens; "Device disconnected" |
//! | 140 | `security.rogue` | the rogue is contained |
//! | 150 | `security.wids` | `detect_hotspotter_attack`, level medium |
//! | 160 | `audit.device_mgmt` | "Device removed": the spare, by mira@campus.example from 203.0.113.77 |
//! | 170 | `security.wids` | `detect_valid_client_misassociation`, level high |
//! | 185 | `monitoring.ap`, `monitoring.notification`, `audit.device_mgmt` | the access point is UP; the notification closes; "Device joined" |
//! | 200 | `audit.configuration` | "Admin added": backup-admin@campus.example |
//! | 210 | `audit.configuration` | "WLAN created": campus-staff is back, by jonas@campus.example |
//! | 220 | `security.wids` | `detect_client_flood`, level medium |
//! | 240 | `audit.configuration` | "WLAN changed": campus-guest is open, was wpa3 |
//!
//! The noise: neighbours' networks every 7 s, routine changes every 8 s, each access point's stations once a minute, states
//! of labels, positions, geofences, sessions of applications, statistics. None of it should ring.

mod attack;
mod audit;
mod configuration;
mod firmware;
mod lingering;
mod movement;
mod neighbours;
mod outage;
mod presence;
pub(super) mod record;
mod rogue;
mod second;
mod sessions;
mod statistics;
mod watched;

use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;
use jiff::{Timestamp, tz::TimeZone};

use crate::event::Topic;

use super::campus::Campus;
use second::Second;

/// How long the story takes before it begins anew, in seconds.
pub const LAP: u64 = 300;

/// A message and when it is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// Since the start of the simulator, by its clock.
    pub at: Duration,
    pub topic: Topic,
    /// The whole WebSocket message.
    pub frame: Bytes,
}

/// The endless story, message by message, in the order they are due. The same seed, start and zone give the same octets.
#[derive(Debug)]
pub struct Script {
    campus: Campus,
    seed: u64,
    start: Timestamp,
    zone: TimeZone,
    next: u64,
    due: VecDeque<Cue>,
}

impl Script {
    /// The story of a campus. `start` is the time of its beginning, `zone` that of the announced firmware window.
    pub fn new(seed: u64, start: Timestamp, zone: TimeZone) -> Self {
        Self { campus: Campus::new(seed), seed, start, zone, next: 0, due: VecDeque::new() }
    }

    /// The campus it happens on.
    pub fn campus(&self) -> &Campus {
        &self.campus
    }

    fn second(&self, number: u64) -> Vec<Cue> {
        let mut second = Second::new(&self.campus, self.seed, number, self.start, &self.zone);
        for act in [
            rogue::play,
            attack::play,
            configuration::play,
            firmware::play,
            watched::play,
            lingering::play,
            outage::play,
            neighbours::play,
            presence::play,
            movement::play,
            sessions::play,
            statistics::play,
        ] {
            act(&mut second);
        }
        second.into_cues()
    }
}

impl Iterator for Script {
    type Item = Cue;

    fn next(&mut self) -> Option<Cue> {
        while self.due.is_empty() {
            self.due.extend(self.second(self.next));
            self.next += 1;
        }
        self.due.pop_front()
    }
}

#[cfg(test)]
mod tests;
