//! A device that somebody watches for comes into range, stays a minute and goes.

use crate::simulator::campus::WATCHED;

use super::{presence, second::Second};

/// The access points it passes, and how loud it is there (dBm).
const PATH: [(usize, i32); 7] = [(32, -82), (33, -74), (33, -66), (34, -53), (34, -41), (35, -58), (36, -79)];

pub(super) fn play(second: &mut Second<'_>) {
    if !second.is_every(13, 22, 100) {
        return;
    }
    let step = (second.of_lap() - 22) as usize / 13;
    let (ap, rssi) = PATH[step % PATH.len()];
    let ap = second.campus.ap(ap);
    if step.is_multiple_of(2) {
        let heard = presence::sighting(ap, WATCHED, rssi, false, &mut second.rng);
        presence::say_rssi(second, 100, vec![heard]);
    } else {
        let near = presence::nearness(ap, WATCHED, rssi, false, &mut second.rng);
        presence::say_proximity(second, 100, vec![near]);
    }
}
