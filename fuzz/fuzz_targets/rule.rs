//! Any text as a rule: loaded, checked, and run on one event of each kind.
#![no_main]

use std::cell::OnceCell;

use libfuzzer_sys::fuzz_target;
use tocsin::{event::Event, rules};
use tocsin_fuzz::{compile, events, lists, noon};

thread_local! {
    static EVENTS: OnceCell<Vec<Event>> = const { OnceCell::new() };
}

fuzz_target!(|text: &str| {
    let lines = text.lines().count().max(1) as u32;
    for finding in rules::check(text, &lists(), None) {
        assert!(finding.span.line >= 1 && finding.span.line <= lines + 1, "{finding:?}");
        finding.picture("rule.rhai", text);
    }
    let mut set = compile(&[text]);
    EVENTS.with(|events_once| {
        for event in events_once.get_or_init(events) {
            set.evaluate(event, noon());
        }
    });
});
