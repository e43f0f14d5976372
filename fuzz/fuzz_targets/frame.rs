//! Any octets as a frame, on a connection of any topic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tocsin::decode;
use tocsin_fuzz::{noon, topic};

fuzz_target!(|octets: &[u8]| {
    let Some((first, frame)) = octets.split_first() else { return };
    let _ = decode::topic(frame);
    for received in [None, Some(noon())] {
        assert_eq!(decode::compare(topic(*first), 1, received, frame), Ok(()));
    }
    if let Ok(events) = decode::frame(topic(*first), 1, noon(), frame) {
        for event in &events {
            assert_eq!(event.values.len(), event.kind.fields.len());
        }
    }
});
