//! The stream: what the simulator's campus says, in the mix that the figures are about. 70 % presence with 15 to 25
//! records, 20 % security, 10 % audit.

use bytes::Bytes;
use fastrand::Rng;
use jiff::Timestamp;
use tocsin::{
    decode::wire::envelope,
    event::Topic,
    simulator::{
        CUSTOMER,
        campus::{Ap, Campus},
    },
};

use crate::wire::{audit, mac_text, presence, security};

/// A frame and the topic of the connection it came on.
pub struct Frame {
    pub topic: Topic,
    pub bytes: Bytes,
}

/// When the stream begins; a message every 10 ms from then on.
pub const START: i64 = 1_764_000_000;

/// Attacks and their classes.
pub const ATTACKS: [(&str, &str); 16] = [
    ("detect_deauth_broadcast", "client_attack"),
    ("detect_disassociation_broadcast", "client_attack"),
    ("detect_ap_spoofing", "infrastructure_attack"),
    ("detect_ap_impersonation", "infrastructure_attack"),
    ("detect_adhoc_network", "infrastructure_attack"),
    ("detect_hotspotter_attack", "client_attack"),
    ("detect_valid_client_misassociation", "client_attack"),
    ("detect_client_flood", "infrastructure_attack"),
    ("detect_eap_rate_anomaly", "client_attack"),
    ("detect_fata_jack", "client_attack"),
    ("detect_omerta_attack", "client_attack"),
    ("detect_power_save_dos", "client_attack"),
    ("detect_tkip_replay", "client_attack"),
    ("detect_wireless_bridge", "infrastructure_attack"),
    ("detect_invalid_mac_oui", "infrastructure_attack"),
    ("detect_malformed_frame", "infrastructure_attack"),
];
pub const LEVELS: [&str; 4] = ["low", "medium", "high", "critical"];
pub const BANDS: [&str; 3] = ["2.4", "5", "6"];
pub const SSIDS: [&str; 12] = [
    "eduroam",
    "campus-staff",
    "campus-guest",
    "campus-iot",
    "FRITZ!Box 7590 KX",
    "HP-Print-3F-LaserJet",
    "Pixel hotspot",
    "Tram 9 free wifi",
    "DIRECT-7F-beamer",
    "linksys",
    "Cafe Nord",
    "eduroam-free",
];
pub const GROUPS: [&str; 6] = ["library", "engineering", "medical", "arts", "dorms", "admin"];
pub const PEOPLE: [&str; 8] = [
    "mira@campus.example",
    "jonas@campus.example",
    "system",
    "lea@campus.example",
    "omar@campus.example",
    "api-client",
    "nora@partner.example",
    "emil@partner.example",
];

/// A maker of radios.
#[derive(Clone, Copy)]
pub struct Vendor {
    pub name: &'static str,
    pub oui: [u8; 3],
}

pub const VENDORS: [Vendor; 8] = [
    Vendor { name: "AVM", oui: [0x3c, 0xa6, 0x2f] },
    Vendor { name: "HP", oui: [0x3c, 0x52, 0x82] },
    Vendor { name: "Ubiquiti", oui: [0x74, 0xac, 0xb9] },
    Vendor { name: "Google", oui: [0xda, 0x21, 0x48] },
    Vendor { name: "TP-Link", oui: [0xd8, 0x07, 0xb6] },
    Vendor { name: "Cisco", oui: [0x00, 0x1b, 0x2a] },
    Vendor { name: "Netgear", oui: [0xa0, 0x40, 0xa0] },
    Vendor { name: "Epson", oui: [0x9e, 0xae, 0xd3] },
];

/// What is done, and by which service.
pub const CHANGES: [(&str, audit::Classification); 12] = {
    use audit::Classification::{Configuration, DeviceMgmt, Firmware};
    [
        ("WLAN created", Configuration),
        ("WLAN deleted", Configuration),
        ("WLAN changed", Configuration),
        ("Admin login", Configuration),
        ("Admin login failed", Configuration),
        ("Admin added", Configuration),
        ("Configuration pushed", Configuration),
        ("Firmware upgrade started", Firmware),
        ("Firmware compliance checked", Firmware),
        ("Device joined", DeviceMgmt),
        ("Device removed", DeviceMgmt),
        ("Group changed", DeviceMgmt),
    ]
};

/// The whole stream. The same seed and campus give the same octets.
pub fn frames(count: usize, seed: u64, campus: &Campus) -> Vec<Frame> {
    let mut rng = Rng::with_seed(seed ^ 0x5eed);
    let mut frames = Vec::with_capacity(count);
    for number in 0..count {
        let nanos = START * 1_000_000_000 + i64::try_from(number).unwrap_or_default() * 10_000_000;
        let (topic, bytes) = match rng.u8(..10) {
            0..7 => (Topic::Presence, envelope(Topic::Presence, CUSTOMER, nanos, &hearing(&mut rng, campus))),
            7..9 => (Topic::Security, envelope(Topic::Security, CUSTOMER, nanos, &security(&mut rng, campus))),
            _ => (Topic::Audit, envelope(Topic::Audit, CUSTOMER, nanos, &change(&mut rng, campus))),
        };
        frames.push(Frame { topic, bytes: bytes.into() });
    }
    frames
}

/// Engine time of a message.
pub fn received(number: usize) -> Timestamp {
    let millis = START * 1000 + i64::try_from(number).unwrap_or_default() * 10;
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn some(text: impl Into<String>) -> Option<String> {
    Some(text.into())
}

fn one<T: Copy>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())]
}

/// What one access point hears: few are near, most are far.
fn hearing(rng: &mut Rng, campus: &Campus) -> presence::PresenceEvent {
    let ap = campus.ap(rng.usize(..48));
    let mac = |octets: &[u8]| Some(presence::MacAddress { addr: octets.to_vec() });
    let rssi = (0..rng.usize(15..=25)).map(|_| {
        let client = &campus.clients[rng.usize(..campus.clients.len())];
        presence::Rssi {
            sta_eth_mac: mac(&client.mac),
            radio_mac: mac(&ap.radios[rng.usize(..2)]),
            rssi_val: Some(-38 - rng.i32(0..28) - rng.i32(0..28)),
            noise_floor: Some(rng.u32(85..97)),
            associated: Some(client.associated),
            is_ap: Some(false),
            age: Some(rng.u32(..60)),
            device_id: some(&ap.serial),
            ap_eth_mac: mac(&ap.mac),
        }
    });
    let rssi = rssi.collect();
    presence::PresenceEvent {
        timestamp: START as u64,
        customer_id: CUSTOMER.to_owned(),
        event: "presence".to_owned(),
        event_type: presence::presence_event::PresenceEventType::Rssi.into(),
        pa_client_state: None,
        pa_rssi_event: Some(presence::PaRssiEvent { rssi }),
        pa_proximity_event: None,
    }
}

fn security(rng: &mut Rng, campus: &Campus) -> security::RapidsStreamingEvent {
    let (mut rogue, mut ids_event) = (Vec::new(), Vec::new());
    for _ in 0..rng.usize(1..=3) {
        if rng.bool() { rogue.push(intruder(rng, campus)) } else { ids_event.push(attack(rng, campus)) }
    }
    security::RapidsStreamingEvent { cust_id: CUSTOMER.to_owned(), rogue, ids_event }
}

fn attack(rng: &mut Rng, campus: &Campus) -> security::WidsEvent {
    let (attack, class) = one(rng, &ATTACKS);
    let (victim, by): (&Ap, &Ap) = (campus.ap(rng.usize(..48)), campus.ap(rng.usize(..48)));
    let frames = rng.u32(40..1300);
    security::WidsEvent {
        device_id: by.serial.clone(),
        event_number: rng.u32(..1_000_000),
        event_type: some(class),
        attack_type: some(attack),
        description: some(format!("{attack}: {frames} frames in 10 s, heard by {} near {}", by.name, victim.name)),
        detected_ap: some(&victim.serial),
        mac_addr: Some(security::MacAddress { addr: campus.clients[rng.usize(..campus.clients.len())].mac.to_vec() }),
        radio_band: some(one(rng, &BANDS)),
        level: some(one(rng, &LEVELS)),
    }
}

fn intruder(rng: &mut Rng, campus: &Campus) -> security::RogueEvent {
    let vendor = one(rng, &VENDORS);
    let [a, b, c] = vendor.oui;
    let radio = [a, b, c, rng.u8(..), rng.u8(..), rng.u8(..)];
    let (first, last) = (campus.ap(rng.usize(..48)), campus.ap(rng.usize(..48)));
    let wired = rng.u8(..10) == 0;
    security::RogueEvent {
        rogue_id: security::MacAddress { addr: radio.to_vec() },
        classification: rng.u32(..4),
        first_seen: some((START - rng.i64(0..86_400)).to_string()),
        last_seen: some(START.to_string()),
        rogue_name: None,
        ssid: some(one(rng, &SSIDS)),
        lan_mac: wired.then(|| mac_text(&[a, b, c, radio[3], radio[4], radio[5] ^ 1])),
        first_det_device: some(&first.name),
        last_det_device: some(&last.name),
        encryption: Some(rng.u32(..4)),
        port: wired.then(|| format!("1/1/{}", rng.u8(1..48))),
        containment_status: some(if rng.u8(..3) == 0 { "contained" } else { "none" }),
        mac_vendor: some(format!("{} Corporation", vendor.name)),
    }
}

fn change(rng: &mut Rng, campus: &Campus) -> audit::AuditMessage {
    let (data, service) = one(rng, &CHANGES);
    let ap = campus.ap(rng.usize(..48));
    let mut detailed = format!("{data} on {} ({}), scheduled: {}\n", ap.name, ap.model, one(rng, &["yes", "no"]));
    for line in 0..rng.u8(4..16) {
        let word = one(rng, &["vlan", "channel", "transmit power", "ssid profile", "role", "uplink"]);
        detailed.push_str(&format!("{line:02} {word} {} -> {}\n", rng.u16(1..4095), rng.u16(1..4095)));
    }
    let outside = rng.u8(..8) == 0;
    let ip = if outside { [203, 0, 113, rng.u8(1..)] } else { [10, 20, 0, rng.u8(1..)] };
    let (data, detailed_data) = (data.to_owned(), Some(detailed));
    let (mut config_info, mut firmware_info, mut dm_info) = (None, None, None);
    match service {
        audit::Classification::Configuration => config_info = Some(audit::Config { data, detailed_data }),
        audit::Classification::Firmware => firmware_info = Some(audit::Firmware { data, detailed_data }),
        audit::Classification::DeviceMgmt => dm_info = Some(audit::DeviceManagement { data, detailed_data }),
    }
    audit::AuditMessage {
        customer_id: CUSTOMER.to_owned(),
        timestamp: START as u32,
        service: service.into(),
        group_name: one(rng, &GROUPS).to_owned(),
        target: ap.serial.clone(),
        client_ip: audit::IpAddress { af: Some(audit::ip_address::AddrFamily::Inet.into()), addr: Some(ip.to_vec()) },
        username: one(rng, &PEOPLE).to_owned(),
        config_info,
        firmware_info,
        dm_info,
    }
}
