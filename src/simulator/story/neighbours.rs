//! Other people's networks, heard over the fence: rogues to a machine, neighbours to a person.

use crate::{
    decode::wire::security::{MacAddress, RapidsStreamingEvent, RogueEvent},
    event::Topic,
    simulator::{CUSTOMER, campus::Mac},
};

use super::{record::text, second::Second};

struct Neighbour {
    ssid: &'static str,
    vendor: &'static str,
    radio: Mac,
}

const NEIGHBOURS: [Neighbour; 8] = [
    Neighbour { ssid: "FRITZ!Box 7590 KX", vendor: "AVM", radio: [0x3c, 0xa6, 0x2f, 0x10, 0x22, 0x01] },
    Neighbour { ssid: "HP-Print-3F-LaserJet", vendor: "HP Inc", radio: [0x3c, 0x52, 0x82, 0x3f, 0x09, 0x02] },
    Neighbour { ssid: "Café Ümlaut", vendor: "Ubiquiti", radio: [0x74, 0xac, 0xb9, 0x51, 0x00, 0x03] },
    Neighbour { ssid: "Pixel hotspot", vendor: "Google", radio: [0xda, 0x21, 0x48, 0x60, 0x17, 0x04] },
    Neighbour { ssid: "无线网", vendor: "TP-Link", radio: [0xd8, 0x07, 0xb6, 0x11, 0x90, 0x05] },
    Neighbour { ssid: "Tram 9 free wifi", vendor: "Cisco", radio: [0x00, 0x1b, 0x2a, 0x77, 0x40, 0x06] },
    Neighbour { ssid: "", vendor: "Netgear", radio: [0xa0, 0x40, 0xa0, 0x28, 0x33, 0x07] },
    Neighbour { ssid: "DIRECT-7F-beamer", vendor: "Epson", radio: [0x9e, 0xae, 0xd3, 0x02, 0x6a, 0x08] },
];

pub(super) fn play(second: &mut Second<'_>) {
    if second.number % 7 != 1 {
        return;
    }
    let count = second.rng.usize(1..=2);
    let rogue = (0..count)
        .map(|_| {
            let neighbour = &NEIGHBOURS[second.rng.usize(..NEIGHBOURS.len())];
            let ap = second.campus.ap(second.rng.usize(..48));
            RogueEvent {
                rogue_id: Some(MacAddress { addr: Some(neighbour.radio.to_vec()) }),
                classification: Some(if second.rng.bool() { 0 } else { 2 }),
                first_seen: text(second.epoch().saturating_sub(86_400).to_string()),
                last_seen: text(second.epoch().to_string()),
                ssid: text(neighbour.ssid),
                first_det_device: text(&ap.name),
                last_det_device: text(&ap.name),
                encryption: Some(second.rng.u32(1..4)),
                containment_status: text("none"),
                mac_vendor: text(neighbour.vendor),
                ..Default::default()
            }
        })
        .collect();
    let message = RapidsStreamingEvent { cust_id: text(CUSTOMER), rogue, ids_event: vec![] };
    second.say(Topic::Security, 350, &message);
}
