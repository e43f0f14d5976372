//! Rules that run, of every shape, on frames that were tampered with and on events of every shape, while time goes by: no
//! panic, no hang, and lowered the same as in plain Rhai, a frame at a time and an event at a time.
#![no_main]

// What the test of lowering makes its rules and events of.
#[path = "../../tests/lowering/events.rs"]
mod events;
#[path = "../../tests/lowering/rules.rs"]
mod rules;

use std::cell::OnceCell;

use fastrand::Rng;
use jiff::{Timestamp, ToSpan};
use libfuzzer_sys::fuzz_target;
use tocsin::{
    decode,
    diagnostic::Level,
    event::Kind,
    rules::{Outcome, RuleSet, Sifted, check},
};
use tocsin_fuzz::{frames, lists, noon, running};

/// How many rules run side by side.
const RULES: usize = 2;

thread_local! {
    static FRAMES: OnceCell<Vec<Vec<u8>>> = const { OnceCell::new() };
}

fuzz_target!(|octets: &[u8]| {
    let [a, b, c, d, sample, rest @ ..] = octets else { return };
    let frame = FRAMES.with(|all| {
        let all = all.get_or_init(frames);
        tamper(all[usize::from(*sample) % all.len()].clone(), rest)
    });
    let mut chance = Rng::with_seed(u32::from_be_bytes([*a, *b, *c, *d]).into());
    let read = decode::frame(None, 1, noon(), &frame).unwrap_or_default();
    let kind = read.first().map_or_else(|| events::kind(&mut chance), |event| event.kind);
    let Some(texts) = (0..RULES).map(|_| sound(kind, &mut chance)).collect::<Option<Vec<String>>>() else { return };
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (mut set, mut plain) = (running(&texts), running(&texts).in_plain_rhai());
    let (mut now, mut room) = (noon(), Sifted::default());
    for seq in 0..4 {
        now += chance.i64(0..400).seconds();
        if let Ok(look) = decode::look(None, seq, now, &frame) {
            assert_eq!(at_once(&mut set, &look, now, &mut room), each(&mut plain, &look, now), "{texts:#?}");
        }
        for _ in 0..5 {
            now += chance.i64(0..90).seconds();
            let event = events::event(kind, seq, now, &mut chance);
            assert_eq!(set.evaluate(&event, now), plain.evaluate(&event, now), "{texts:#?}");
        }
    }
});

/// A rule without errors; `None`: none came.
fn sound(kind: &'static Kind, chance: &mut Rng) -> Option<String> {
    let sound = |text: &String| check(text, &lists(), None).iter().all(|finding| finding.severity != Level::Error);
    (0..20).map(|_| rules::rule(kind, chance)).find(sound)
}

fn at_once(set: &mut RuleSet, look: &decode::Look, now: Timestamp, room: &mut Sifted) -> Vec<Outcome> {
    set.sift(look.runs(), room);
    let left = room.left().filter_map(|left| Some((look.glance(left.place())?, left)));
    left.flat_map(|(record, left)| set.evaluate_left(&record, room, left, now)).collect()
}

fn each(set: &mut RuleSet, look: &decode::Look, now: Timestamp) -> Vec<Outcome> {
    look.glances().flat_map(|record| set.evaluate(&record, now)).collect()
}

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
