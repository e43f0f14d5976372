//! `cargo xtask bench`: ours and the rivals, in turns, on one stream and one thread.

use std::{
    collections::{BTreeMap, HashMap},
    process::ExitCode,
    time::Instant,
};

use tocsin::simulator::campus::Campus;
use tocsin_bench::{
    engine::{Decode, Failure, Look, Make, Native, Prost, RIVALS, Tocsin},
    measure::{self, Lane},
    mix,
    report::{Figures, Setting},
    rule::Kind,
    stream::{self, Frame},
    wire,
};

const USAGE: &str = "\
Usage: bench [--format json] [--messages N] [--rounds N] [--rules N] [--only NAME] [--seed N]

--only NAME with --rules N times one engine alone, for a profiler.";

struct Options {
    json: bool,
    messages: usize,
    rounds: usize,
    sizes: Vec<usize>,
    only: Option<String>,
    seed: u64,
}

fn options() -> Result<Options, Failure> {
    let mut options =
        Options { json: false, messages: 50_000, rounds: 7, sizes: vec![10, 100, 1000], only: None, seed: 7 };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(USAGE)?;
        match word.as_str() {
            "--format" if value == "json" => options.json = true,
            "--format" if value == "text" => options.json = false,
            "--messages" => options.messages = value.parse()?,
            "--rounds" => options.rounds = value.parse()?,
            "--rules" => options.sizes = vec![value.parse()?],
            "--seed" => options.seed = value.parse()?,
            "--only" => options.only = Some(value),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("bench: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<String, Failure> {
    let campus = Campus::new(options.seed);
    let frames = stream::frames(options.messages, options.seed, &campus);
    let wanted = |name: &str| options.only.as_deref().is_none_or(|only| only == name);
    let mut setting = Setting {
        messages: frames.len(),
        octets: frames.iter().map(|frame| frame.bytes.len()).sum(),
        records: records(&frames)?.values().sum(),
        sizes: options.sizes.clone(),
        agreed: Vec::new(),
        compile: 0.0,
        not_lowered: BTreeMap::new(),
    };
    let mut lanes = vec![Lane::new(Prost, 0), Lane::new(Decode, 0), Lane::new(Look, 0)];
    lanes.retain(|lane| wanted(lane.engine.name()));
    for &count in &options.sizes {
        let rules = || mix::rules(count, options.seed, &campus);
        let start = Instant::now();
        let ours = Tocsin::new("tocsin", &rules())?;
        setting.compile = start.elapsed().as_secs_f64() * 1000.0;
        setting.not_lowered = ours.not_lowered();
        let mut sized = vec![Lane::new(ours, count)];
        let ours: [(&str, Make); 2] = [
            ("tocsin-unlowered", |rules| Ok(Box::new(Tocsin::unlowered("tocsin-unlowered", &rules)?))),
            ("native", |rules| Ok(Box::new(Native::new(rules)))),
        ];
        for (_, make) in ours.iter().chain(RIVALS).filter(|(name, _)| wanted(name)) {
            sized.push(Lane::boxed(make(rules())?, count));
        }
        // The slow ones set how far all can be compared.
        let compared = &frames[..frames.len().min(if count > 300 { 1500 } else { 5000 })];
        let matches = measure::agree(&mut sized, compared)?;
        setting.agreed.push((compared.len(), matches, pairs(compared, &rules())?));
        // The two that are fast enough are compared on everything.
        sized.retain(|lane| wanted(lane.engine.name()));
        if options.only.is_none() {
            let ours = Lane::new(Tocsin::new("tocsin", &rules())?, count);
            measure::agree(&mut [ours, Lane::new(Native::new(rules()), count)], &frames)?;
        }
        if wanted("tocsin-no-match") {
            sized.push(Lane::new(Tocsin::new("tocsin-no-match", &mix::silent(rules()))?, count));
        }
        lanes.append(&mut sized);
    }
    measure::time(&mut lanes, &frames, options.rounds)?;
    let figures = Figures { lanes: &lanes, setting: &setting };
    Ok(if options.json { figures.json() } else { figures.table() })
}

/// How many records there are of each kind.
fn records(frames: &[Frame]) -> Result<HashMap<Kind, usize>, Failure> {
    let mut records = HashMap::new();
    for frame in frames {
        wire::decode(&frame.bytes)?.each(|_, record| *records.entry(record.kind()).or_default() += 1);
    }
    Ok(records)
}

/// How many pairs there are of an event and a rule on its kind.
fn pairs(frames: &[Frame], rules: &[tocsin_bench::rule::Rule]) -> Result<usize, Failure> {
    let records = records(frames)?;
    Ok(rules.iter().map(|rule| records.get(&rule.kind).copied().unwrap_or_default()).sum())
}
