//! Any text as the filter of the live view: parsed, and asked of one event of each kind.
#![no_main]

use std::cell::OnceCell;

use libfuzzer_sys::fuzz_target;
use tocsin::event::{Event, filter::Filter};
use tocsin_fuzz::events;

thread_local! {
    static EVENTS: OnceCell<Vec<Event>> = const { OnceCell::new() };
}

fuzz_target!(|text: &str| {
    match Filter::parse(text) {
        Ok(filter) => EVENTS.with(|once| {
            for event in once.get_or_init(events) {
                assert_eq!(filter.matches(event), filter.matches(event));
            }
        }),
        Err(finding) => drop(finding.picture("filter", text)),
    }
});
