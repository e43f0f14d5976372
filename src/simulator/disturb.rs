//! The faults that are messages: bad ones, hostile ones, too many, too large. In real time, on every topic's
//! connections beside the story.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use bytes::Bytes;
use fastrand::Rng;

use crate::{
    clock::Clock,
    decode::wire::{audit, envelope, presence, security},
    event::Topic,
};

use super::{
    CUSTOMER, CUT_AFTER, Central,
    fault::Fault,
    hostile,
    story::record::{mac_text, text},
};

/// How often something may happen, in real time.
const BEAT: Duration = Duration::from_millis(100);
/// One more than the largest message a sane receiver takes.
const OVERSIZE: usize = 16 * 1024 * 1024 + 1024;

/// Disturbs for as long as the simulator has faults that ask for it.
pub(super) async fn run(central: Arc<Central>, seed: u64) {
    let wall = Clock::system();
    let mut faults = central.faults.subscribe();
    let mut rng = Rng::with_seed(seed);
    let mut beat = 0u64;
    let mut replaced = false;
    loop {
        let now = faults.borrow_and_update().clone();
        if !now.contains(&Fault::KeyReplaced) {
            replaced = false;
        } else if !replaced && central.age() >= CUT_AFTER {
            replaced = true;
            central.replace_key();
            central.hub.cut_all();
        }
        disturb(&central, &now, beat, &mut rng);
        beat += 1;
        if now.is_empty() {
            if faults.changed().await.is_err() {
                return;
            }
        } else {
            wall.sleep(BEAT).await;
        }
    }
}

fn disturb(central: &Central, faults: &BTreeSet<Fault>, beat: u64, rng: &mut Rng) {
    let nanos = i64::try_from(central.clock.now().as_nanosecond()).unwrap_or(i64::MAX);
    let send = |topic: Topic, frame: Vec<u8>| central.hub.publish(topic, &Bytes::from(frame));
    let half_second = beat.is_multiple_of(5);
    for topic in Topic::ALL.into_iter().filter(|topic| central.hub.count(*topic) > 0) {
        if half_second && faults.contains(&Fault::Garbage) {
            let length = rng.usize(1..512);
            send(topic, (0..length).map(|_| rng.u8(..)).collect());
        }
        if half_second && faults.contains(&Fault::Truncated) {
            let mut frame = hostile_rogue(beat, nanos);
            // 44 octets of time and customer end a frame: the cut is always inside the topic message.
            frame.truncate(frame.len() - rng.usize(46..frame.len() / 2));
            send(topic, frame);
        }
        if beat.is_multiple_of(20) && faults.contains(&Fault::Oversize) {
            let rogue = security::RogueEvent { ssid: Some(vec![b'x'; OVERSIZE]), ..Default::default() };
            send(topic, envelope(topic, CUSTOMER, nanos, &rapids(vec![rogue], vec![])));
        }
    }
    if beat.is_multiple_of(2) && faults.contains(&Fault::Hostile) {
        let turn = beat / 2;
        send(Topic::Security, hostile_rogue(turn, nanos));
        send(Topic::Security, hostile_wids(turn, nanos));
        send(Topic::Audit, hostile_audit(turn, nanos));
    }
    if faults.contains(&Fault::Burst) {
        for _ in 0..20 {
            send(Topic::Security, envelope(Topic::Security, CUSTOMER, nanos, &flood(rng)));
            send(Topic::Presence, envelope(Topic::Presence, CUSTOMER, nanos, &crowd(nanos, rng)));
        }
    }
}

fn rapids(rogue: Vec<security::RogueEvent>, ids: Vec<security::WidsEvent>) -> security::RapidsStreamingEvent {
    security::RapidsStreamingEvent { cust_id: text(CUSTOMER), rogue, ids_event: ids }
}

fn hostile_text(turn: u64) -> (u8, Vec<u8>) {
    let index = (turn % hostile::TEXTS.len() as u64) as usize;
    (index as u8, hostile::TEXTS.get(index).map(|text| text.octets.to_vec()).unwrap_or_default())
}

/// A rogue on the wire whose every name is hostile. Its MACs begin 02:ba:d0 and end with the text's number.
fn hostile_rogue(turn: u64, nanos: i64) -> Vec<u8> {
    let (number, octets) = hostile_text(turn);
    let rogue = security::RogueEvent {
        rogue_id: Some(security::MacAddress { addr: Some(vec![0x02, 0xba, 0xd0, 0, 0, number]) }),
        classification: Some(3),
        rogue_name: Some(octets.clone()),
        ssid: Some(octets.clone()),
        lan_mac: text(mac_text([0x02, 0xba, 0xd0, 0, 1, number])),
        first_det_device: Some(octets.clone()),
        last_det_device: Some(octets.clone()),
        encryption: Some(0),
        port: text("1/1/44"),
        containment_status: text("none"),
        mac_vendor: Some(octets),
        ..Default::default()
    };
    envelope(Topic::Security, CUSTOMER, nanos, &rapids(vec![rogue], vec![]))
}

fn hostile_wids(turn: u64, nanos: i64) -> Vec<u8> {
    let (number, octets) = hostile_text(turn);
    let wids = security::WidsEvent {
        device_id: text("CNHOSTILE0"),
        event_number: Some(0xbad0 + u32::from(number)),
        event_type: text("infrastructure_attack"),
        attack_type: text("detect_ap_spoofing"),
        description: Some(octets.clone()),
        detected_ap: Some(octets),
        mac_addr: Some(security::MacAddress { addr: Some(vec![0x02, 0xba, 0xd0, 0, 2, number]) }),
        radio_band: text("2.4"),
        level: text("high"),
    };
    envelope(Topic::Security, CUSTOMER, nanos, &rapids(vec![], vec![wids]))
}

fn hostile_audit(turn: u64, nanos: i64) -> Vec<u8> {
    let (_, octets) = hostile_text(turn);
    let message = audit::AuditMessage {
        customer_id: text(CUSTOMER),
        timestamp: Some((nanos / 1_000_000_000) as u32),
        service: Some(audit::Classification::Configuration.into()),
        group_name: Some(octets.clone()),
        target: Some(octets.clone()),
        client_ip: Some(audit::IpAddress {
            af: Some(audit::ip_address::AddrFamily::Inet.into()),
            addr: Some(vec![203, 0, 113, 66]),
        }),
        username: Some(octets.clone()),
        config_info: Some(audit::Config { data: text("WLAN deleted"), detailed_data: Some(octets) }),
        ..Default::default()
    };
    envelope(Topic::Audit, CUSTOMER, nanos, &message)
}

/// Ten intrusion records.
fn flood(rng: &mut Rng) -> security::RapidsStreamingEvent {
    let ids = (0..10)
        .map(|_| security::WidsEvent {
            device_id: text(format!("CNBURST{:03}", rng.u16(..40))),
            event_number: Some(rng.u32(..)),
            event_type: text("client_attack"),
            attack_type: text("detect_client_flood"),
            description: text("Client flood: more probes than a client sends"),
            detected_ap: text(format!("CNBURST{:03}", rng.u16(..40))),
            mac_addr: Some(security::MacAddress { addr: Some(vec![0x02, 0xb0, 0, 0, rng.u8(..), rng.u8(..)]) }),
            radio_band: text("2.4"),
            level: text("low"),
        })
        .collect();
    rapids(vec![], ids)
}

/// Fifteen heard stations.
fn crowd(nanos: i64, rng: &mut Rng) -> presence::PresenceEvent {
    let rssi = (0..15)
        .map(|_| presence::Rssi {
            sta_eth_mac: Some(presence::MacAddress { addr: Some(vec![0x02, 0xb1, 0, 0, rng.u8(..), rng.u8(..)]) }),
            rssi_val: Some(rng.i32(-90..-40)),
            noise_floor: Some(92),
            associated: Some(rng.bool()),
            device_id: text(format!("CNBURST{:03}", rng.u16(..40))),
            ..Default::default()
        })
        .collect();
    presence::PresenceEvent {
        timestamp: Some((nanos / 1_000_000_000) as u64),
        customer_id: text(CUSTOMER),
        event: text("presence"),
        event_type: Some(presence::presence_event::PresenceEventType::Rssi.into()),
        pa_rssi_event: Some(presence::PaRssiEvent { rssi }),
        ..Default::default()
    }
}
