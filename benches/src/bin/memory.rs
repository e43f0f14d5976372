//! How much memory a rule takes, and what one remembers: on the heap, by an allocator that counts.

use std::{alloc::System, process::ExitCode};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tocsin::{
    event::{Event, EventId, catalogue},
    functions::Lists,
    rules::{RuleSet, RuleText},
    simulator::campus::Campus,
};
use tocsin_bench::{
    engine::{Failure, Tocsin},
    mix,
};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many rules, and how many keys of one rule, are measured: as many keys as a call keeps.
const RULES: usize = 1000;
const KEYS: usize = 10_000;
/// How often each key is seen, beside once: as many as the bound on a rule's entries allows.
const TIMES: usize = 10;

fn main() -> ExitCode {
    let as_json = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [format, json] if format == "--format" => json == "json",
        _ => {
            eprintln!("Usage: memory [--format json]");
            return ExitCode::from(2);
        }
    };
    let measured = || Ok::<_, Failure>((rule()?, key(1)?, key(TIMES)?));
    match measured() {
        Ok((rule, once, often)) => {
            let entry = (often - once) / (TIMES as f64 - 1.0);
            if as_json {
                println!("{}", json!({ "octets_per_rule": rule, "octets_per_key": once, "octets_per_entry": entry }));
            } else {
                println!("A rule takes {:.1} kB of memory.", rule / 1000.0);
                println!("A key that count() remembers takes {once:.0} octets, each further entry of it {entry:.0}.");
            }
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("memory: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// What stays allocated of what was done since.
fn held(region: &Region<'_, System>) -> f64 {
    let change = region.change();
    change.bytes_allocated as f64 - change.bytes_deallocated as f64
}

/// Octets a rule of the mix takes, its text included.
fn rule() -> Result<f64, Failure> {
    let campus = Campus::new(7);
    let rules = mix::rules(RULES, 7, &campus);
    // What there is once, however many the rules are.
    drop(Tocsin::new("tocsin", &rules[..1])?);
    let region = Region::new(HEAP);
    let one = Tocsin::new("tocsin", &rules[..1])?;
    let alone = held(&region);
    let region = Region::new(HEAP);
    let all = Tocsin::new("tocsin", &rules)?;
    let together = held(&region);
    drop((one, all));
    Ok((together - alone) / (RULES as f64 - 1.0))
}

/// Octets a key takes that a rule has seen so many times.
fn key(times: usize) -> Result<f64, Failure> {
    const RULE: &str = "//! Counts\n\nconst ON = \"security.wids\";\n\nfn when(event) {\n    \
                        count(\"1h\", event.detected_ap) > 1000000\n}\n";
    let text = RuleText { name: "bench/counts".to_owned(), text: RULE.to_owned(), enabled: true };
    let mut set = RuleSet::compile(&[text], Lists::default(), TimeZone::UTC, None);
    let start = Timestamp::from_second(tocsin_bench::stream::START)?;
    let kind = catalogue::kind("security.wids").ok_or("there is no kind security.wids")?;
    let place = kind.field_index("detected_ap").ok_or("there is no field detected_ap")?;
    let event = |number: usize| {
        let mut values = vec![tocsin::event::Value::Absent; kind.fields.len()];
        values[place] = format!("CNK{:07}", number % KEYS).as_str().into();
        let received = start + SignedDuration::from_millis(number as i64);
        Event {
            id: EventId { seq: number as u64, record: 0 },
            kind,
            topic: kind.topic,
            time: received,
            received,
            customer_id: "customer".into(),
            msp_id: "".into(),
            values,
            marks: Vec::new(),
        }
    };
    // Once is seen before, so that what the engine sets up at its first event is not counted.
    set.evaluate(&event(0), start);
    let region = Region::new(HEAP);
    for number in 1..KEYS * times {
        let event = event(number);
        set.evaluate(&event, event.received);
    }
    Ok(held(&region) / (KEYS as f64 - 1.0))
}
