//! An access point that is not ours offers our network, and then turns up on our LAN.

use crate::{
    decode::wire::security::{MacAddress, RapidsStreamingEvent, RogueEvent},
    event::Topic,
    simulator::{CUSTOMER, campus::Mac},
};

use super::{
    record::{mac_text, text},
    second::Second,
};

/// Who hears it first, and who later.
const HEARD_BY: [usize; 2] = [2, 3];

/// The radio of the lap's intruder.
pub(super) fn radio(lap: u64) -> Mac {
    [0xd8, 0x07, 0xb6, 0x5e, 0x1c, 0x40 | (lap % 64) as u8]
}

fn wired(lap: u64) -> Mac {
    [0xd8, 0x07, 0xb6, 0x5e, 0x1c, 0x80 | (lap % 64) as u8]
}

pub(super) fn play(second: &mut Second<'_>) {
    if second.is_every(10, 4, 34) {
        say(second, false, "none");
    } else if second.is_every(10, 38, 98) {
        say(second, true, "none");
    } else if second.is_every(1, 140, 140) {
        say(second, true, "contained");
    }
}

fn say(second: &mut Second<'_>, on_the_wire: bool, containment: &str) {
    let lap = second.lap();
    let first_seen = u64::from(second.epoch()).saturating_sub(second.of_lap() - 4);
    let rogue = RogueEvent {
        rogue_id: Some(MacAddress { addr: Some(radio(lap).to_vec()) }),
        classification: Some(if on_the_wire { 3 } else { 1 }),
        first_seen: text(first_seen.to_string()),
        last_seen: text(second.epoch().to_string()),
        rogue_name: text("rogue-5e1c"),
        ssid: text("eduroam"),
        lan_mac: if on_the_wire { text(mac_text(wired(lap))) } else { None },
        first_det_device: text(&second.campus.ap(HEARD_BY[0]).name),
        last_det_device: text(&second.campus.ap(HEARD_BY[usize::from(on_the_wire)]).name),
        encryption: Some(0),
        port: if on_the_wire { text(format!("1/1/{}", 7 + lap % 24)) } else { None },
        containment_status: text(containment),
        mac_vendor: text("TP-Link"),
    };
    let message = RapidsStreamingEvent { cust_id: text(CUSTOMER), rogue: vec![rogue], ids_event: vec![] };
    second.say(Topic::Security, 0, &message);
}
