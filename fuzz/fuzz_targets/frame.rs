//! Any octets as a frame, on a connection of any topic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tocsin::decode;
use tocsin_fuzz::{noon, topic};

fuzz_target!(|octets: &[u8]| {
    let Some((first, frame)) = octets.split_first() else { return };
    let _ = decode::topic(frame);
    let _ = decode::undated_frame(topic(*first), 1, frame);
    if let Ok(events) = decode::frame(topic(*first), 1, noon(), frame) {
        for event in &events {
            assert_eq!(event.values.len(), event.kind.fields.len());
        }
    }
});
