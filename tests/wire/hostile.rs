//! Frames that are empty, cut, random or too large: an explained error each, and never a panic.

use proptest::prelude::*;
use tocsin::{
    decode::{self, DecodeError, MAX_FRAME, wire},
    event::{Event, Topic},
};

use crate::sample;

fn undated(frame: &[u8]) -> Result<Vec<Event>, DecodeError> {
    decode::undated_frame(None, 0, frame)
}

fn code(frame: &[u8]) -> &'static str {
    undated(frame).expect_err("this is no message").code
}

#[test]
fn each_sort_of_broken_frame_has_its_code() {
    assert_eq!(code(&[]), "empty");
    assert_eq!(code(&vec![0; MAX_FRAME + 1]), "too-large");
    assert_eq!(code(&[0x12, 0x08, b's', b'e']), "truncated");
    assert_eq!(code(&[0; 32]), "malformed");
    assert_eq!(code(&[0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]), "malformed");
    assert_eq!(code(&[0x0b, 0x14]), "malformed");
    assert_eq!(code(b"\x12\x08security"), "no-data");
    assert_eq!(code(b"\x12\x08weatherX\x1a\x02\x0a\x00"), "unknown-topic");
    assert_eq!(code(b"\x1a\x02\x0a\x00"), "unknown-topic");
    assert_eq!(code(b"\x12\x08security\x1a\x03\xfa\x01\x00"), "unrecognised");
    let security = sample::with(Topic::Security, "rogue");
    let wrong = decode::frame(Some(Topic::Audit), 0, security.sent(), &security.frame).unwrap_err();
    assert_eq!(wrong.code, "wrong-topic");
    assert_eq!(wrong.message, "The frame belongs to security but came on the connection for audit.");
}

#[test]
fn a_message_explains_itself_and_shows_no_active_characters() {
    let error = undated(b"\x12\x0a\x1b[31m\xe2\x80\xaeab\x1a\x02\x0a\x00").unwrap_err();
    assert_eq!(error.code, "unknown-topic");
    assert!(error.message.starts_with("The frame belongs to \""));
    assert!(!error.message.contains(['\u{1b}', '\u{202e}']));
    let sample = sample::with(Topic::Security, "rogue");
    let error = undated(&sample.frame[..sample.frame.len() / 2]).unwrap_err();
    assert_eq!(error.code, "truncated");
    assert!(error.message.contains("it ends inside the field at octet"), "{error}");
    assert!(DecodeError::CODES.contains(&error.code));
}

#[test]
fn a_flood_of_empty_records_is_refused_before_it_fills_the_memory() {
    let message = wire::security::RapidsStreamingEvent {
        cust_id: None,
        rogue: vec![wire::security::RogueEvent::default(); decode::MAX_RECORDS + 1],
        ids_event: vec![],
    };
    assert_eq!(code(&wire::envelope(Topic::Security, "c", 1, &message)), "too-many-records");
}

#[test]
fn every_truncation_of_every_sample_is_an_error_or_what_stands_before_the_cut() {
    for sample in sample::all() {
        let whole = undated(&sample.frame).unwrap();
        for end in 0..sample.frame.len() {
            match undated(&sample.frame[..end]) {
                Err(error) => assert!(["empty", "truncated", "no-data"].contains(&error.code), "{error:?}"),
                // The cut fell between two fields of the envelope, after the message.
                Ok(events) => assert_eq!(events.len(), whole.len()),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_octets_never_panic(octets in prop::collection::vec(any::<u8>(), 0..400), topic in 0_usize..7) {
        let _ = decode::frame(Topic::ALL.get(topic).copied(), 0, jiff::Timestamp::UNIX_EPOCH, &octets);
        decode::inspect(Topic::ALL.get(topic).copied(), &octets);
    }

    #[test]
    fn random_messages_in_a_sound_envelope_never_panic(
        data in prop::collection::vec(any::<u8>(), 0..400), topic in 0_usize..6
    ) {
        use prost::Message;
        let envelope = wire::streaming::MsgProto { data, ..Default::default() }.encode_to_vec();
        if let Ok(events) = decode::frame(Some(Topic::ALL[topic]), 0, jiff::Timestamp::UNIX_EPOCH, &envelope) {
            for event in events {
                prop_assert_eq!(event.values.len(), event.kind.fields.len());
                event.to_json();
            }
        }
        decode::inspect(Some(Topic::ALL[topic]), &envelope);
    }

    #[test]
    fn changed_samples_never_panic(
        which in 0_usize..90, cut in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
    ) {
        let mut frame = sample::all()[which].frame.clone();
        for (place, octet) in changes {
            let place = place.index(frame.len());
            frame[place] = octet;
        }
        let _ = undated(&frame);
        let _ = undated(&frame[..cut.index(frame.len())]);
        decode::inspect(None, &frame);
    }
}
