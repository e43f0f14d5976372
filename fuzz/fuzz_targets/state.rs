//! Any octets as what an earlier run left behind: the alerts that were live, and what rules remember. It is taken or let
//! go, and who took it can go on.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use tocsin::alert::Lifecycle;
use tocsin_fuzz::{events, noon, running};

const RULE: &str = "const ON = \"security\";\nconst HOLD = \"1m\";\nconst REMIND = \"10m\";\n\
    fn when(event) { sum(\"1h\", event.kind, 2) > 3 && count(\"10m\", event.kind) >= 2 || \
    first_seen(\"1h\", event.id) || distinct(\"1h\", event.kind, event.id) > 3 }\n";

fuzz_target!(|octets: &[u8]| {
    let Some((kind, rest)) = octets.split_first() else { return };
    if kind % 2 == 0 {
        let text = String::from_utf8_lossy(rest);
        let mut lines = text.lines();
        let head = lines.next();
        if let Ok(lifecycle) = Lifecycle::load(head, lines) {
            drop(lifecycle.deaf().count());
        }
        return;
    }
    let mut set = running(&[RULE]);
    let mut parts: BTreeMap<String, Vec<u8>> = set.save_memory(true);
    let events = events();
    for event in events.iter().take(3) {
        set.evaluate(event, noon());
    }
    parts.extend(set.save_memory(true));
    assert!(parts.values().any(|state| state.len() > 40), "nothing is remembered");
    // The real state, tampered with: a place in two octets, and what to write there; or these octets alone.
    for state in parts.values_mut() {
        if kind % 4 == 1 {
            *state = rest.to_vec();
            continue;
        }
        for change in rest.chunks_exact(3) {
            let place = usize::from(u16::from_be_bytes([change[0], change[1]])) % state.len().max(1);
            if let Some(octet) = state.get_mut(place) {
                *octet = change[2];
            }
        }
    }
    let mut next = running(&[RULE]);
    if next.load_memory(parts).is_ok() {
        for event in &events {
            next.evaluate(event, noon());
        }
        next.save_memory(true);
    }
});
