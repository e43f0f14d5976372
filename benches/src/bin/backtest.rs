//! How long it takes to try one rule on the past, beside unpacking what it reads: a real log, sealed, in turns.

use std::{collections::BTreeMap, hint::black_box, ops::ControlFlow, process::ExitCode, time::Instant};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use tocsin::{
    decode,
    event::Topic,
    pipeline::{
        Ruling,
        replay::{Question, backtest},
    },
    rules::RuleText,
    simulator::campus::Campus,
    store::{Outcome, Reader, RowBody, Store},
};
use tocsin_bench::{engine::Failure, stream};

const USAGE: &str = "Usage: backtest [--format json] [--records N] [--rounds N] [--only NAME]";

/// What is tried on the past: the second remembers, the third has a function of its own, the fourth reckons with two fields,
/// and about the last Rhai is asked on every record.
const RULES: [(&str, &str); 5] = [
    (
        "threshold",
        "//! Near and strong\n\nconst ON = \"presence.rssi\";\n\nfn when(event) {\n    \
         event.rssi_val > -44 && event.noise_floor < 90 && event.associated == false\n}\n",
    ),
    (
        "window",
        "//! Near for long\n\nconst ON = \"presence.rssi\";\n\nfn when(event) {\n    \
         event.rssi_val > -50 && count(\"10m\", event.sta_eth_mac) >= 40\n}\n",
    ),
    (
        "function",
        "//! Near, in a function of its own\n\nconst ON = \"presence.rssi\";\n\nfn near(rssi) {\n    rssi > -44\n}\n\n\
         fn when(event) {\n    near(event.rssi_val) && event.noise_floor < 90 && event.associated == false\n}\n",
    ),
    (
        "sum",
        "//! Near, beside the noise\n\nconst ON = \"presence.rssi\";\n\nfn when(event) {\n    \
         event.noise_floor + event.rssi_val > 44 && event.associated == false\n}\n",
    ),
    (
        "rhai",
        "//! Near, and no noise\n\nconst ON = \"presence.rssi\";\n\nfn when(event) {\n    \
         min(event.rssi_val, event.noise_floor) > -44 && event.associated == false\n}\n",
    ),
];

/// How many frames are committed at once.
const BATCH: usize = 1_000;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("backtest: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let (mut as_json, mut records, mut rounds, mut only) = (false, 1_000_000, 5, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(USAGE)?;
        match word.as_str() {
            "--format" if value == "json" => as_json = true,
            "--format" if value == "text" => as_json = false,
            "--records" => records = value.parse()?,
            "--rounds" => rounds = value.parse()?,
            "--only" => only = Some(value),
            _ => return Err(USAGE.into()),
        }
    }
    let rules: Vec<_> = RULES.into_iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name)).collect();
    let folder = tempfile::tempdir()?;
    let known = log(folder.path(), records)?;
    let reader = Reader::open(folder.path())?;
    let mut least: BTreeMap<&str, f64> = BTreeMap::new();
    let mut keep = |name: &'static str, millis: f64| {
        let least = least.entry(name).or_insert(f64::MAX);
        *least = least.min(millis);
    };
    let mut fired = BTreeMap::new();
    for _ in 0..rounds {
        let begin = Instant::now();
        black_box(unpack(folder.path())?);
        keep("unpack", millis(begin));
        for (name, text) in rules.iter().copied() {
            let begin = Instant::now();
            let found = backtest(&reader, &question(name, text), |_| ControlFlow::Continue(()))?;
            keep(name, millis(begin));
            if found.events != known || found.now.fired == 0 || found.now.cannot_tell + found.now.failed > 0 {
                return Err(format!("{name}: {} of {known} records, {:?}", found.events, found.now).into());
            }
            fired.insert(name, found.now.fired);
        }
    }
    let unpack = least["unpack"];
    for (name, _) in rules {
        let (took, fired) = (least[name], fired[name]);
        let ratio = took / unpack;
        if as_json {
            println!(
                "{}",
                json!({ "name": name, "records": known, "unpack_ms": unpack, "backtest_ms": took, "ratio": ratio })
            );
        } else {
            println!(
                "{name}: {known} presence records in {took:.0} ms, {fired} alerts; unpacking them takes {unpack:.0} ms: \
                 {ratio:.2} times ({} 3)",
                if ratio <= 3.0 { "met: at most" } else { "not met: more than" }
            );
        }
    }
    Ok(())
}

fn millis(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1000.0
}

/// Writes a log with so many presence records or a few more, among what else comes, and seals it. Gives their number.
fn log(folder: &std::path::Path, records: u64) -> Result<u64, Failure> {
    let mut store = Store::open(folder, stream::received(0))?.store;
    let campus = Campus::new(7);
    let frames = stream::frames(usize::try_from(records / 13)?, 7, &campus);
    let (mut known, mut number) = (0, 0);
    for frames in frames.chunks(BATCH) {
        if known >= records {
            break;
        }
        let mut bodies = Vec::new();
        for frame in frames {
            if frame.topic == Topic::Presence {
                known += decode::look(Some(frame.topic), 1, stream::received(number), &frame.bytes)?.len() as u64;
            }
            bodies.push(RowBody::Frame { topic: frame.topic, bytes: frame.bytes.clone() });
            number += 1;
        }
        let rows = store.append(bodies, stream::received(number))?;
        let cursor = rows.last().map_or(0, |row| row.seq);
        store.commit_outcome(&Outcome {
            cursor,
            changes: Vec::new(),
            saved: Default::default(),
            counts: Vec::new(),
        })?;
    }
    let mut keeper = store.keeper()?.ok_or("the log is in memory")?;
    while keeper.seal()? {}
    Ok(known)
}

/// Unpacks every block of the topic, and does nothing with it: what any reading of them must do.
fn unpack(folder: &std::path::Path) -> Result<usize, Failure> {
    let database = Connection::open_with_flags(folder.join("tocsin.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut blocks = database.prepare("SELECT size, data FROM block WHERE topic = 'presence' ORDER BY first")?;
    let mut blocks = blocks.query([])?;
    let mut octets = 0;
    while let Some(block) = blocks.next()? {
        let size: i64 = block.get(0)?;
        octets += zstd::bulk::decompress(block.get_ref(1)?.as_blob()?, usize::try_from(size)?)?.len();
    }
    Ok(octets)
}

fn question(name: &str, text: &str) -> Question {
    let rules = vec![RuleText { name: format!("bench/{name}"), text: text.to_owned(), enabled: true }];
    Question {
        rule: format!("bench/{name}"),
        rules: Ruling { rules, ..Ruling::default() },
        saved: None,
        zone: "UTC".to_owned(),
        from: None,
        to: None::<Timestamp>,
    }
}
