//! Looking at a frame held to decoding it: the same error, the same records, the same value of every field, the same
//! event, whatever the octets are. `oracle` and `every_field` hold the decoder to prost, and so this to prost too.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use prost::Message;
use prost_reflect::{DynamicMessage, MessageDescriptor};
use tocsin::{
    decode::{
        self,
        wire::{self, audit, monitoring, presence, security, streaming::MsgProto},
    },
    event::{EventId, Peek, Reading, Topic},
};

use crate::{
    every_field::{self, LISTS},
    sample,
};

fn agree(connection: Option<Topic>, received: Option<Timestamp>, frame: &[u8]) {
    if let Err(difference) = decode::compare(connection, 7, received, frame) {
        panic!("{difference}");
    }
}

/// In every way a frame may be asked for: by its own word, by its connection's, at its time and far from it.
fn agree_always(topic: Topic, sent: Timestamp, frame: &[u8]) {
    agree(None, None, frame);
    for away in [0, 23, 25, 24 * 4_000] {
        agree(Some(topic), Some(sent + SignedDuration::from_hours(away)), frame);
    }
    for other in Topic::ALL {
        agree(Some(other), None, frame);
    }
}

#[test]
fn every_sample() {
    for sample in sample::all() {
        agree_always(sample.topic, sample.sent(), &sample.frame);
    }
}

#[test]
fn a_comparison_can_fail() {
    let sample = sample::with(Topic::Presence, "pa_rssi_event");
    let other = sample::with(Topic::Security, "rogue");
    let looked = decode::look(None, 7, sample.sent(), &sample.frame).unwrap();
    let decoded = decode::frame(None, 7, other.sent(), &other.frame).unwrap();
    assert_ne!(format!("{:?}", looked.glance(0).unwrap().decode()), format!("{:?}", decoded[0]));
}

#[test]
fn a_record_is_read_field_by_field() {
    let sample = sample::with(Topic::Security, "rogue");
    let look = decode::look(Some(Topic::Security), 7, sample.sent(), &sample.frame).unwrap();
    let events = decode::frame(Some(Topic::Security), 7, sample.sent(), &sample.frame).unwrap();
    assert_eq!((look.topic(), look.len(), look.is_empty()), (Topic::Security, events.len(), false));
    let (glance, event) = (look.glance(0).unwrap(), &events[0]);
    assert_eq!(glance.id(), EventId { seq: 7, record: 0 });
    for (place, field) in event.kind.fields.iter().enumerate() {
        assert_eq!(glance.field(place), event.peek(place), "{}", field.name);
    }
    assert!(look.glance(events.len() as u32).is_none());
    assert_eq!(glance.field(999), Peek::Absent);
}

#[test]
fn every_message_of_the_reference() {
    let pool = every_field::pool();
    let messages: Vec<MessageDescriptor> =
        LISTS.iter().map(|(name, ..)| *name).chain(every_field::RECORDS).fold(Vec::new(), |mut messages, name| {
            let message = pool.get_message_by_name(name).unwrap();
            if !messages.contains(&message) {
                messages.push(message);
            }
            messages
        });
    assert_eq!(messages.len(), 7);
    for seed in 0..40 {
        let mut chance = fastrand::Rng::with_seed(seed);
        for descriptor in &messages {
            let message: DynamicMessage = every_field::fill(descriptor, &mut chance, seed % 2 == 0);
            let topic = every_field::topic(descriptor.full_name());
            agree(None, None, &wire::envelope(topic, "", 1_732_086_400_940_097_743, &message));
        }
    }
}

/// A list as an access point writes it: all records laid out the same, or almost.
fn hearing(chance: &mut fastrand::Rng) -> presence::PresenceEvent {
    let mac = |chance: &mut fastrand::Rng| {
        let addr = std::iter::repeat_with(|| chance.u8(..)).take(6).collect();
        Some(presence::MacAddress { addr: Some(addr) })
    };
    let rssi = (0..chance.usize(2..16)).map(|_| {
        // Now and then a number is longer than the others, or a field is not there.
        let odd = chance.u8(..12);
        presence::Rssi {
            sta_eth_mac: mac(chance),
            radio_mac: mac(chance).filter(|_| odd != 0),
            rssi_val: Some(if odd == 1 { 3_000 } else { chance.i32(-90..-30) }),
            noise_floor: Some(chance.u32(85..97)),
            associated: Some(chance.bool()),
            is_ap: Some(false),
            age: Some(if odd == 2 { 300 } else { chance.u32(..60) }),
            device_id: Some("CN12345678".into()),
            ap_eth_mac: mac(chance),
        }
    });
    let rssi = presence::PaRssiEvent { rssi: rssi.collect() };
    presence::PresenceEvent { pa_rssi_event: Some(rssi), ..presence::PresenceEvent::default() }
}

#[test]
fn records_laid_out_alike_and_not_quite() {
    let mut chance = fastrand::Rng::with_seed(9);
    let (mut sound, mut broken) = (0, 0);
    for _ in 0..3_000 {
        let mut frame = wire::envelope(Topic::Presence, "mine", 1_732_086_400_940_097_743, &hearing(&mut chance));
        for _ in 0..chance.usize(..4) {
            let at = chance.usize(..frame.len());
            frame[at] ^= 1 << chance.u8(..8);
        }
        agree(None, None, &frame);
        match decode::look(None, 7, Timestamp::UNIX_EPOCH, &frame) {
            Ok(_) => sound += 1,
            Err(_) => broken += 1,
        }
    }
    assert!(sound > 1_000 && broken > 300, "{sound} sound, {broken} broken");
}

#[test]
fn whose_account_it_is_a_message_says_where_its_envelope_does_not() {
    let rogue = security::RogueEvent { ssid: Some("corp".into()), ..Default::default() };
    let message =
        security::RapidsStreamingEvent { cust_id: Some("mine".into()), rogue: vec![rogue], ids_event: vec![] };
    for (envelope, expected) in [("", "mine"), ("theirs", "theirs")] {
        let frame = wire::envelope(Topic::Security, envelope, 1, &message);
        agree(None, None, &frame);
        let look = decode::look(None, 0, Timestamp::UNIX_EPOCH, &frame).unwrap();
        assert_eq!(&*look.glance(0).unwrap().customer_id(), expected);
    }
}

#[test]
fn fields_said_twice_unreadable_packed_and_without_a_value() {
    let rogue = |octets: &[u8]| {
        let mut data = vec![0x12, octets.len() as u8];
        data.extend(octets);
        data
    };
    let kinds: [&[u8]; 9] = [
        // An address, then the same without octets, then with others.
        b"\x0a\x08\x0a\x06abcdef\x0a\x00\x0a\x05\x0a\x03xyz",
        b"\x0a\x00",
        // An address that is a number; a number that is a text, after a sound one.
        b"\x08\x05",
        b"\x10\x05\x12\x01x",
        b"\x10\x05\x10\x07",
        // An address message with a broken inside; a group; a field that is not known.
        b"\x0a\x02\x0a\x07",
        b"\x0a\x02\x08\x01",
        b"\x0b\x0c\x10\x01",
        b"\xfa\x3f\x01x\x10\x01",
    ];
    for (number, octets) in kinds.into_iter().enumerate() {
        for field in [0x12, 0x1a] {
            let mut data = rogue(octets);
            data[0] = field;
            let frame = MsgProto { subject: "security".into(), data, ..MsgProto::default() }.encode_to_vec();
            if let Err(difference) = decode::compare(None, 7, None, &frame) {
                panic!("case {number}: {difference}");
            }
        }
    }
}

#[test]
fn numbers_at_the_edges_of_their_types() {
    let kind = tocsin::event::catalogue::kind("apprf.session").unwrap();
    for number in [0, 1, 1 << 31, u64::from(u32::MAX), 1 << 32, i64::MAX as u64, 1 << 63, u64::MAX] {
        for field in 1..40_u64 {
            let record = [written(field << 3), written(number)].concat();
            let data = [written(4 << 3 | 2), written(record.len() as u64), record].concat();
            let frame = MsgProto { data, ..MsgProto::default() }.encode_to_vec();
            agree(Some(kind.topic), None, &frame);
        }
    }
}

#[test]
fn audit_by_its_service_and_its_sub_messages() {
    let config = |data: &str| audit::Config { data: Some(data.into()), detailed_data: None };
    for service in [None, Some(0), Some(1), Some(2), Some(3), Some(77), Some(-1)] {
        for which in 0..8_u8 {
            let message = audit::AuditMessage {
                service,
                config_info: (which & 1 > 0).then(|| config("configuration")),
                firmware_info: (which & 2 > 0)
                    .then(|| audit::Firmware { data: Some("firmware".into()), ..Default::default() }),
                dm_info: (which & 4 > 0)
                    .then(|| audit::DeviceManagement { data: Some("device".into()), ..Default::default() }),
                ..Default::default()
            };
            agree(None, None, &wire::envelope(Topic::Audit, "c", 1, &message));
        }
    }
}

#[test]
fn too_many_and_too_long() {
    let rogue = |octets: Vec<u8>| security::RogueEvent { ssid: Some(octets), ..Default::default() };
    let message = |rogue| security::RapidsStreamingEvent { cust_id: None, rogue, ids_event: vec![] };
    let flood = message(vec![security::RogueEvent::default(); decode::MAX_RECORDS + 1]);
    agree(None, None, &wire::envelope(Topic::Security, "c", 1, &flood));
    for octet in [b'x', 0xff] {
        let long = message(vec![rogue(vec![octet; decode::MAX_TEXT + 5]), rogue(vec![octet; decode::MAX_TEXT])]);
        agree(None, None, &wire::envelope(Topic::Security, "c", 1, &long));
    }
    let interface = monitoring::Interface { allowed_vlan: vec![7; 10_001], ..Default::default() };
    let message = monitoring::MonitoringInformation { interfaces: vec![interface], ..Default::default() };
    agree(None, None, &wire::envelope(Topic::Monitoring, "c", 1, &message));
}

/// A message written field by field: any number, any wire type, values at the edges of theirs.
fn message(depth: u32) -> BoxedStrategy<Vec<u8>> {
    let varint =
        prop::sample::select(vec![0, 1, 2, 5, 127, 128, 1 << 31, 1_732_086_400, i64::MAX as u64, 1 << 63, u64::MAX])
            .prop_map(|number| (0, written(number)));
    let fixed = prop::sample::select(vec![0_u64, 1, 0x3f80_0000_7f80_0000, 0xc23c_9d8a_423c_9d8a, u64::MAX]);
    let eight = fixed.clone().prop_map(|bits| (1, bits.to_le_bytes().to_vec()));
    let four = fixed.prop_map(|bits| (5, (bits as u32).to_le_bytes().to_vec()));
    let texts =
        vec![&b""[..], b"x", b"\xff", b"corp", b"\x0a\x06abcdef", b"\x08\x01\x12\x04\x0a\x00\x00\x01", b"\x0a\x01"];
    let text = prop::sample::select(texts).prop_map(|text| (2, [written(text.len() as u64), text.to_vec()].concat()));
    let held = |inner: Vec<u8>| (2, [written(inner.len() as u64), inner].concat());
    let value = match depth {
        0 => prop_oneof![4 => varint, 1 => eight, 1 => four, 4 => text].boxed(),
        _ => prop_oneof![2 => varint, 1 => eight, 1 => four, 2 => text, 6 => message(depth - 1).prop_map(held)].boxed(),
    };
    let field = (1_u64..40, value).prop_map(|(number, (kind, value))| [written(number << 3 | kind), value].concat());
    prop::collection::vec(field, 0..10).prop_map(|fields| fields.concat()).boxed()
}

fn written(mut number: u64) -> Vec<u8> {
    let mut octets = Vec::new();
    while number >= 0x80 {
        octets.push(number as u8 | 0x80);
        number >>= 7;
    }
    octets.push(number as u8);
    octets
}

fn piece() -> impl Strategy<Value = (usize, prop::sample::Index, prop::sample::Index)> {
    (0_usize..90, any::<prop::sample::Index>(), any::<prop::sample::Index>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_octets(octets in prop::collection::vec(any::<u8>(), 0..300), topic in 0_usize..6, wrapped: bool) {
        let frame = if wrapped { MsgProto { data: octets, ..MsgProto::default() }.encode_to_vec() } else { octets };
        prop_assert_eq!(decode::compare(Some(Topic::ALL[topic]), 7, None, &frame), Ok(()));
    }

    #[test]
    fn changed_and_cut_samples(
        which in 0_usize..90, cut in any::<prop::sample::Index>(), inside: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6)
    ) {
        let sample = &sample::all()[which];
        let mut envelope = MsgProto::decode(&*sample.frame).unwrap();
        let mut frame = sample.frame.clone();
        // Inside the message the envelope stays sound, so that changes reach the records.
        let octets = if inside { &mut envelope.data } else { &mut frame };
        for (place, octet) in changes {
            let place = place.index(octets.len());
            octets[place] = octet;
        }
        let frame = if inside { envelope.encode_to_vec() } else { frame };
        prop_assert_eq!(decode::compare(None, 7, Some(sample.sent()), &frame), Ok(()));
        prop_assert_eq!(decode::compare(None, 7, None, &frame[..cut.index(frame.len())]), Ok(()));
    }

    #[test]
    fn messages_written_field_by_field(data in message(3), topic in 0_usize..6) {
        let frame = MsgProto { data, ..MsgProto::default() }.encode_to_vec();
        prop_assert_eq!(decode::compare(Some(Topic::ALL[topic]), 7, None, &frame), Ok(()));
    }

    #[test]
    fn messages_spliced_from_pieces(
        topic in 0_usize..6, pieces in prop::collection::vec(piece(), 1..4)
    ) {
        let mut data = Vec::new();
        for (which, start, end) in pieces {
            let message = MsgProto::decode(&*sample::all()[which].frame).unwrap().data;
            let (start, end) = (start.index(message.len()), end.index(message.len() + 1));
            // Mostly whole ones, which append to each other as messages do.
            data.extend(if start < end && start % 3 == 0 { &message[start..end] } else { &message[..] });
        }
        let frame = MsgProto { data, ..MsgProto::default() }.encode_to_vec();
        prop_assert_eq!(decode::compare(Some(Topic::ALL[topic]), 7, None, &frame), Ok(()));
    }

    #[test]
    fn two_records_in_one_and_lists_in_pieces(one in 0_usize..90, other in 0_usize..90) {
        let samples = sample::all();
        let message = |which: usize| MsgProto::decode(&*samples[which].frame).unwrap().data;
        let data = [message(one), message(other), message(one)].concat();
        let frame = MsgProto { data, ..MsgProto::default() }.encode_to_vec();
        prop_assert_eq!(decode::compare(Some(samples[one].topic), 7, None, &frame), Ok(()));
    }
}
