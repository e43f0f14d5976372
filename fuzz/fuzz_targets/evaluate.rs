//! Rules of plausible pieces on frames that were tampered with: no panic, no hang, and lowered the same as in plain Rhai.
#![no_main]

use std::cell::OnceCell;

use libfuzzer_sys::fuzz_target;
use tocsin::decode;
use tocsin_fuzz::{Pieces, compile, frames, noon};

thread_local! {
    static FRAMES: OnceCell<Vec<Vec<u8>>> = const { OnceCell::new() };
}

fuzz_target!(|octets: &[u8]| {
    let [sample, changes, rest @ ..] = octets else { return };
    let frame = FRAMES.with(|all| {
        let all = all.get_or_init(frames);
        all[usize::from(*sample) % all.len()].clone()
    });
    let (changes, choices) = rest.split_at(rest.len().min(usize::from(*changes % 8) * 3));
    let frame = tamper(frame, changes);
    let Ok(events) = decode::frame(None, 1, noon(), &frame) else { return };
    let mut pieces = Pieces::new(choices);
    let (Ok(one), Ok(other)) = (pieces.rule(), pieces.rule()) else { return };
    let (mut set, mut again) = (compile(&[&one, &other]), compile(&[&one, &other]).in_plain_rhai());
    for event in events.iter().take(50) {
        assert_eq!(set.evaluate(event, noon()), again.evaluate(event, noon()), "{one}\n{other}");
    }
});

/// Sets octets: a place in two octets, and what to write there.
fn tamper(mut frame: Vec<u8>, changes: &[u8]) -> Vec<u8> {
    for change in changes.chunks_exact(3) {
        let place = usize::from(u16::from_be_bytes([change[0], change[1]])) % frame.len().max(1);
        if let Some(octet) = frame.get_mut(place) {
            *octet = change[2];
        }
    }
    frame
}
