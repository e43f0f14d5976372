//! What the fuzz targets share: lists, sample events, and rules made of plausible pieces.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{Timestamp, tz::TimeZone};
use tocsin::{
    decode,
    event::{Event, Topic},
    functions::Lists,
    rules::{RuleSet, RuleStatus, RuleText},
};

mod pieces;

pub use pieces::Pieces;

/// Real-shaped frames, in base64, one JSON object a line.
const FRAMES: &str = include_str!("../../tests/wire/frames.jsonl");

/// An engine time that is always the same.
pub fn noon() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The lists that ship, and those that made-up rules ask.
pub fn lists() -> Lists {
    let mut lists = Lists::default();
    lists.set("our-aps", vec!["aa:bb:cc:dd:ee:ff".into(), "ap-lib-2f-07".into()]);
    lists.set("our-ssids", vec!["campus".into()]);
    lists.set("ours", vec!["aa:bb:cc:dd:ee:01".into(), "Campus".into(), "7".into()]);
    lists.set("nets", vec!["10.20.0.0/16".into(), "2001:db8::/32".into()]);
    lists
}

/// The octets of the sample frames.
pub fn frames() -> Vec<Vec<u8>> {
    let frame = |line: &str| STANDARD.decode(line.split_once("\"frame\": \"")?.1.split('"').next()?).ok();
    FRAMES.lines().filter_map(frame).collect()
}

/// One event of each kind that the samples have.
pub fn events() -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for frame in frames() {
        for event in decode::frame(None, 1, noon(), &frame).unwrap_or_default() {
            if events.iter().all(|seen| seen.kind.name != event.kind.name) {
                events.push(event);
            }
        }
    }
    events
}

/// Compiles them, none of which is expected to be right.
pub fn compile(texts: &[&str]) -> RuleSet {
    let rule = |(number, text): (usize, &&str)| RuleText {
        name: format!("r{number}"),
        text: (*text).to_owned(),
        enabled: true,
    };
    let texts: Vec<RuleText> = texts.iter().enumerate().map(rule).collect();
    RuleSet::compile(&texts, lists(), TimeZone::UTC, None)
}

/// Compiles rules that are right: all of them run.
pub fn running(texts: &[&str]) -> RuleSet {
    let set = compile(texts);
    for rule in set.rules() {
        assert_eq!(rule.status, RuleStatus::Running, "{:?}", rule.diagnostics);
    }
    set
}

/// The topic that a number stands for, if it stands for one.
pub fn topic(number: u8) -> Option<Topic> {
    Topic::ALL.get(usize::from(number)).copied()
}
