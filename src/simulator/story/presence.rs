//! The noise of presence: every access point tells once a minute whom it hears.

use crate::{
    decode::wire::presence::{
        MacAddress, PaClientState, PaProximityEvent, PaRssiEvent, PresenceClientState, PresenceEvent, Proximity, Rssi,
        presence_client_state::ClientState, presence_event::PresenceEventType,
    },
    event::Topic,
    simulator::{
        CUSTOMER,
        campus::{Ap, Mac, Role},
    },
};

use super::{outage, record::text, second::Second};

pub(super) fn play(second: &mut Second<'_>) {
    // 48 access points a minute: four in five seconds.
    for quarter in second.number % 60 * 4 / 5..(second.number % 60 + 1) * 4 / 5 {
        hearing(second, quarter as usize);
    }
    if second.number % 5 == 1 {
        states(second);
    }
    if second.number % 6 == 3 {
        proximity(second);
    }
}

/// What one access point heard within the last minute.
fn hearing(second: &mut Second<'_>, ap: usize) {
    if outage::is_down(second, ap) {
        return;
    }
    let campus = second.campus;
    let minute = second.number / 60;
    let rssi = campus
        .near(ap, minute)
        .map(|(_, client)| {
            sighting(campus.ap(ap), client.mac, -(second.rng.i32(38..86)), client.associated, &mut second.rng)
        })
        .collect::<Vec<_>>();
    if !rssi.is_empty() {
        say_rssi(second, 250, rssi);
    }
}

/// A station heard by an access point.
pub(super) fn sighting(ap: &Ap, station: Mac, rssi: i32, associated: bool, rng: &mut fastrand::Rng) -> Rssi {
    Rssi {
        sta_eth_mac: Some(mac(station)),
        radio_mac: Some(mac(ap.radios[1])),
        rssi_val: Some(rssi),
        noise_floor: Some(rng.u32(88..97)),
        associated: Some(associated),
        is_ap: Some(false),
        age: Some(rng.u32(..60)),
        device_id: text(&ap.serial),
        ap_eth_mac: Some(mac(ap.mac)),
    }
}

/// A station near an access point.
pub(super) fn nearness(ap: &Ap, station: Mac, rssi: i32, associated: bool, rng: &mut fastrand::Rng) -> Proximity {
    Proximity {
        device_id: text(&ap.serial),
        sta_eth_mac: Some(mac(station)),
        radio_mac: Some(mac(ap.radios[1])),
        rssi_val: Some(rssi),
        noise_floor: Some(rng.u32(88..97)),
        associated: Some(associated),
        ap_eth_mac: Some(mac(ap.mac)),
    }
}

pub(super) fn say_rssi(second: &mut Second<'_>, millis: u64, rssi: Vec<Rssi>) {
    let mut message = event(second, PresenceEventType::Rssi);
    message.pa_rssi_event = Some(PaRssiEvent { rssi });
    second.say(Topic::Presence, millis, &message);
}

pub(super) fn say_proximity(second: &mut Second<'_>, millis: u64, proximity: Vec<Proximity>) {
    let mut message = event(second, PresenceEventType::Proximity);
    message.pa_proximity_event = Some(PaProximityEvent { proximity });
    second.say(Topic::Presence, millis, &message);
}

pub(super) fn say_states(second: &mut Second<'_>, millis: u64, states: Vec<PresenceClientState>) {
    let mut message = event(second, PresenceEventType::ClientState);
    message.pa_client_state = Some(PaClientState { presence_client_state: states });
    second.say(Topic::Presence, millis, &message);
}

fn event(second: &Second<'_>, kind: PresenceEventType) -> PresenceEvent {
    PresenceEvent {
        timestamp: Some(u64::from(second.epoch())),
        customer_id: text(CUSTOMER),
        event: text("presence"),
        event_type: Some(kind.into()),
        ..Default::default()
    }
}

/// States of a few labels: who only passes, who visits, who stays.
fn states(second: &mut Second<'_>) {
    let count = second.rng.usize(2..7);
    let states = (0..count)
        .map(|_| {
            let rng = &mut second.rng;
            let state = [ClientState::Passerby, ClientState::Visitor, ClientState::Engaged][rng.usize(..3)];
            PresenceClientState {
                is_label: Some(true),
                label_id: Some(100 + rng.u64(..4)),
                label_category_id: Some(1 + rng.u64(..3)),
                state: Some(state.into()),
                is_associated: Some(state != ClientState::Passerby),
            }
        })
        .collect();
    say_states(second, 600, states);
}

/// Visitors near one access point.
fn proximity(second: &mut Second<'_>) {
    let ap = second.rng.usize(..48);
    if outage::is_down(second, ap) {
        return;
    }
    let campus = second.campus;
    let near = campus
        .near(ap, second.number / 60)
        .filter(|(_, client)| client.role == Role::Visitor)
        .map(|(_, client)| {
            nearness(campus.ap(ap), client.mac, -(second.rng.i32(40..75)), client.associated, &mut second.rng)
        })
        .collect::<Vec<_>>();
    if !near.is_empty() {
        say_proximity(second, 750, near);
    }
}

fn mac(mac: Mac) -> MacAddress {
    MacAddress { addr: Some(mac.to_vec()) }
}
