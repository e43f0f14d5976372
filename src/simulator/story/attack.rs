//! Attacks that intrusion detection sees, above all a deauthentication attack that swells and ends.

use crate::{
    decode::wire::security::{MacAddress, RapidsStreamingEvent, WidsEvent},
    event::Topic,
    simulator::{CUSTOMER, campus::Mac},
};

use super::{record::text, rogue, second::Second};

/// The access point that the deauthentication attack is aimed at.
const VICTIM: usize = 12;

struct Attack<'a> {
    kind: &'a str,
    class: &'a str,
    level: &'a str,
    band: &'a str,
    by: Mac,
    victim: usize,
    description: String,
}

pub(super) fn play(second: &mut Second<'_>) {
    let lap = second.lap();
    match second.of_lap() {
        9 | 15 => say(
            second,
            0,
            Attack {
                kind: "detect_ap_spoofing",
                class: "infrastructure_attack",
                level: "high",
                band: "5",
                by: rogue::radio(lap),
                victim: 3,
                description: "AP spoofing: frames in the name of our access point from another radio".to_owned(),
            },
        ),
        at @ 70..=130 => deauthentication(second, at - 70),
        150 => say(
            second,
            0,
            Attack {
                kind: "detect_hotspotter_attack",
                class: "client_attack",
                level: "medium",
                band: "2.4",
                by: rogue::radio(lap),
                victim: 29,
                description: "Hotspotter: a client was answered by an access point it did not ask for".to_owned(),
            },
        ),
        170 => say(
            second,
            0,
            Attack {
                kind: "detect_valid_client_misassociation",
                class: "client_attack",
                level: "high",
                band: "5",
                by: second.campus.clients.get(40).map_or([0; 6], |client| client.mac),
                victim: 8,
                description: "A client of ours is associated with an access point that is not".to_owned(),
            },
        ),
        220 => say(
            second,
            0,
            Attack {
                kind: "detect_client_flood",
                class: "client_attack",
                level: "medium",
                band: "2.4",
                by: [0x5e, 0x10, 0x77, 0x21, 0x90, (lap % 256) as u8],
                victim: 35,
                description: "Client flood: more new stations than this place holds".to_owned(),
            },
        ),
        _ => {}
    }
}

/// `at`: seconds into the attack.
fn deauthentication(second: &mut Second<'_>, at: u64) {
    let (times, frames) = match at {
        0..12 => (u64::from(at.is_multiple_of(6)), 40),
        12..24 => (u64::from(at.is_multiple_of(3)), 160),
        24..32 => (1, 420),
        32..46 => (3, 1_300),
        46..54 => (1, 380),
        _ => (u64::from(at.is_multiple_of(3)), 60),
    };
    let by = [0xa6, 0x11, 0xc0, 0xff, 0xee, (second.lap() % 256) as u8];
    for time in 0..times {
        let heard = frames + second.rng.u64(..frames / 4);
        let attack = Attack {
            kind: "detect_deauth_broadcast",
            class: "client_attack",
            level: "high",
            band: "2.4",
            by,
            victim: VICTIM,
            description: format!("Deauthentication broadcast: {heard} frames in 10 s"),
        };
        say(second, time * 300, attack);
    }
}

fn say(second: &mut Second<'_>, millis: u64, attack: Attack<'_>) {
    let campus = second.campus;
    let wids = WidsEvent {
        device_id: text(&campus.ap(attack.victim + 1).serial),
        event_number: Some((second.number * 4 + millis / 300) as u32),
        event_type: text(attack.class),
        attack_type: text(attack.kind),
        description: text(attack.description),
        detected_ap: text(&campus.ap(attack.victim).serial),
        mac_addr: Some(MacAddress { addr: Some(attack.by.to_vec()) }),
        radio_band: text(attack.band),
        level: text(attack.level),
    };
    let message = RapidsStreamingEvent { cust_id: text(CUSTOMER), rogue: vec![], ids_event: vec![wids] };
    second.say(Topic::Security, millis, &message);
}
