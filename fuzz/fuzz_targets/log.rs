//! Any octets as a log of JSON Lines, played through rules that remember.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tocsin::{
    pipeline::{
        Ruling,
        replay::{JsonLines, Replay},
    },
    rules::RuleText,
};
use tocsin_fuzz::lists;

const RULE: &str = "const ON = [\"security\", \"presence\", \"audit\"];\nconst REMIND = \"10m\";\n\
    fn when(event) { count(\"10m\", event.kind) >= 2 || first_seen(\"1h\", event.id) }\n";

fuzz_target!(|octets: &[u8]| {
    let rule = RuleText { name: "rule".to_owned(), text: RULE.to_owned(), enabled: true };
    let ruling = Ruling { rules: vec![rule], lists: lists(), ..Ruling::default() };
    let mut replay = Replay::with(ruling, "UTC");
    let mut lines = JsonLines::new(octets);
    while let Ok(Some(row)) = lines.next_row() {
        if let Ok(row) = row {
            replay.row(&row);
        }
    }
    let _ = replay.go_on(None, |_| Ok::<(), ()>(()));
});
