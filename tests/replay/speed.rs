//! How long a rule takes on a week of a hundred thousand records, beside its saved version. A measurement, to be run alone:
//! `cargo test --release --test replay speed -- --ignored --nocapture`.
#![allow(clippy::print_stdout)] // a measurement is there to be read

use std::{ops::ControlFlow, time::Instant};

use jiff::SignedDuration;
use tocsin::{
    decode::wire::{
        envelope,
        security::{RapidsStreamingEvent, WidsEvent},
    },
    event::Topic,
    pipeline::{
        Ruling,
        replay::{Question, backtest},
    },
    rules::RuleText,
    store::{Coverage, CoverageReason, Reader, RowBody, Store},
};

use super::log::at;

const RECORDS: usize = 100_000;
/// How long a keystroke may take to show, in milliseconds.
const SOON: u128 = 200;

const PLAIN: &str = "//! Plain\nconst ON = \"security.wids\";\nfn when(event) { event.level == \"high\" && event.detected_ap.starts_with(\"ap-1\") && event.attack_type.contains(\"spoof\") }\nfn key(event) { event.detected_ap }\n";
const COUNTS: &str = "//! Counts\nconst ON = \"security.wids\";\nfn when(event) { event.level == \"high\" && count(\"10m\", event.detected_ap) >= 5 }\nfn key(event) { event.detected_ap }\n";
/// What cannot be lowered: plain Rhai is asked of every record.
const RHAI: &str = "//! Rhai\nconst ON = \"security.wids\";\nfn high(level) { let marks = [\"high\", \"higher\"]; marks.contains(level) }\nfn when(event) { high(event.level) && event.detected_ap != \"ap-1\" }\nfn key(event) { event.detected_ap }\n";

fn wids(number: usize) -> WidsEvent {
    WidsEvent {
        attack_type: Some(b"detect_ap_spoofing".to_vec()),
        detected_ap: Some(format!("ap-{}", number % 400).into_bytes()),
        level: Some(if number.is_multiple_of(97) { b"high".to_vec() } else { b"low".to_vec() }),
        ..WidsEvent::default()
    }
}

fn log(records_in_a_frame: usize) -> (tempfile::TempDir, Reader) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path(), at("7:00")).unwrap().store;
    let begin = at("7:00").checked_sub(SignedDuration::from_hours(167)).unwrap();
    let heard = RowBody::Coverage(Coverage {
        topic: Topic::Security,
        heard: true,
        reason: CoverageReason::Listening,
        detail: String::new(),
        missed: 0,
    });
    store.append(vec![heard], begin).unwrap();
    let step = SignedDuration::from_hours(167) / (RECORDS / records_in_a_frame) as i32;
    for frame in 0..RECORDS / records_in_a_frame {
        let received = begin.checked_add(step * frame as i32).unwrap();
        let ids_event = (0..records_in_a_frame).map(|record| wids(frame * records_in_a_frame + record)).collect();
        let message = RapidsStreamingEvent { cust_id: Some(b"c".to_vec()), ids_event, ..Default::default() };
        let bytes = envelope(Topic::Security, "c", received.as_nanosecond() as i64, &message).into();
        store.append(vec![RowBody::Frame { topic: Topic::Security, bytes }], received).unwrap();
    }
    let reader = Reader::open(folder.path()).unwrap();
    (folder, reader)
}

#[test]
#[ignore = "a measurement: it is run alone, in release"]
fn a_keystroke_is_answered_within_a_blink() {
    let ruling = |text: &str| Ruling {
        rules: vec![RuleText { name: "any".into(), text: text.into(), enabled: true }],
        ..Ruling::default()
    };
    let mut late = Vec::new();
    for records_in_a_frame in [1, 15] {
        let (_folder, reader) = log(records_in_a_frame);
        for (name, text) in [("lowered", PLAIN), ("counts", COUNTS), ("plain Rhai", RHAI)] {
            let mut times = Vec::new();
            for _ in 0..5 {
                let question = Question {
                    rule: "any".into(),
                    rules: ruling(text),
                    saved: Some(ruling(PLAIN)),
                    zone: "UTC".into(),
                    from: Some(at("7:00").checked_sub(SignedDuration::from_hours(168)).unwrap()),
                    to: None,
                };
                let begun = Instant::now();
                let found = backtest(&reader, &question, |_| ControlFlow::Continue(())).unwrap();
                times.push(begun.elapsed().as_millis());
                assert!(found.events as usize >= RECORDS / 15 * 15 && found.now.fired > 0, "{found:?}");
            }
            times.sort_unstable();
            println!("{records_in_a_frame:>2} a frame, {name}: {times:?} ms");
            if times[times.len() / 2] > SOON {
                late.push((records_in_a_frame, name, times));
            }
        }
    }
    assert!(late.is_empty(), "later than {SOON} ms: {late:?}");
}
