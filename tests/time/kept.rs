//! What rules remember, written beside the log: how much it is, and that only what changed is written.

use std::{collections::BTreeSet, time::Instant};

use tocsin::{functions::remember::ENTRIES, store::Store};

use crate::bench::{Bench, at, when};

/// Prints the figures: `cargo test --test time kept -- --nocapture`.
#[test]
#[allow(clippy::print_stdout, reason = "figures are what it is for")]
fn a_full_memory_is_a_few_hundred_kilobytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path(), at("8:00")).unwrap().store;
    let (count, new) = (when("count(\"1h\", event.rogue_id) < 0"), when("first_seen(\"1h\", event.rogue_id) && false"));
    let mut bench = Bench::of(&[("count", &count), ("new", &new)]);
    for event in 0..ENTRIES {
        bench.comes(&format!("8:00:{:02}", event * 60 / ENTRIES), &format!("{:08x}", event % 1_000));
    }
    let began = Instant::now();
    let parts = bench.0.save_memory(true);
    let (encoded, began) = (began.elapsed(), Instant::now());
    store.keep_memory(&parts, &BTreeSet::new()).unwrap();
    let written = began.elapsed();
    let octets: usize = parts.values().map(Vec::len).sum();
    println!(
        "{ENTRIES} entries: {octets} octets on disk, {} in memory; encoded in {encoded:?}, written in {written:?}",
        bench.0.memory_bytes()
    );
    assert!(octets < 1_000_000, "{octets} octets");
    assert!(bench.0.memory_bytes() < 3_000_000, "{} octets", bench.0.memory_bytes());
    assert_eq!(store.kept_memory().unwrap(), parts);

    // Written again, only what changed is.
    bench.0.memory_saved();
    assert!(bench.0.save_memory(false).is_empty());
    bench.comes("8:02", "k");
    assert_eq!(bench.0.save_memory(false).len(), 2);
    bench.0.memory_saved();
    assert_eq!(bench.0.save_memory(true).len(), parts.len());

    // Read back, it is the same.
    let mut again = Bench::of(&[("count", &count), ("new", &new)]);
    again.0.load_memory(bench.0.save_memory(true)).unwrap();
    assert!(again.0.begin_warming().is_none(), "no call needs the log");
    assert_eq!(again.0.save_memory(true), bench.0.save_memory(true));
    let mut other = Bench::of(&[("count", &count)]);
    assert!(other.0.load_memory(bench.0.save_memory(true)).is_err(), "there is a rule too many");
}
