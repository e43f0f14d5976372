//! Messages of our own making.

use tocsin::{
    decode::wire::{envelope, security},
    event::Topic,
    simulator::CUSTOMER,
};

/// A rogue access point with this number and name, on the wire.
pub fn rogue(number: u32, ssid: &[u8]) -> Vec<u8> {
    let [_, _, high, low] = number.to_be_bytes();
    let event = security::RogueEvent {
        rogue_id: Some(security::MacAddress { addr: Some(vec![0x02, 0xaa, 0, 0, high, low]) }),
        ssid: Some(ssid.to_vec()),
        lan_mac: Some(b"02:aa:00:00:00:01".to_vec()),
        ..Default::default()
    };
    let message =
        security::RapidsStreamingEvent { cust_id: Some(CUSTOMER.into()), rogue: vec![event], ids_event: vec![] };
    let now = i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap();
    envelope(Topic::Security, CUSTOMER, now, &message)
}

/// What `event.rogue_id` reads for that number.
pub fn id(number: u32) -> String {
    let [_, _, high, low] = number.to_be_bytes();
    format!("02:aa:00:00:{high:02x}:{low:02x}")
}
