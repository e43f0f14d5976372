//! `cargo xtask fuzz`: strange input for what reads what others wrote.

use std::{fs, path::Path};

use crate::{
    step::{self, Outcome},
    system,
};

/// The version of cargo-fuzz that is installed where there is none. It compiles on a stable compiler.
const CARGO_FUZZ: &str = "0.13.2";

/// A target, how often it runs in the tests, and where else than in its own corpus its first inputs lie.
struct Target {
    name: &'static str,
    runs: u32,
    seeds: &'static [&'static str],
}

const TARGETS: &[Target] = &[
    Target { name: "frame", runs: 300_000, seeds: &[] },
    Target { name: "rule", runs: 4_000, seeds: &["rules", "tests/diagnostics"] },
    Target { name: "checker", runs: 1_000, seeds: &[] },
    Target { name: "cases", runs: 30_000, seeds: &["rules"] },
    Target { name: "evaluate", runs: 400, seeds: &[] },
    Target { name: "log", runs: 3_000, seeds: &[] },
    Target { name: "key", runs: 20_000, seeds: &[] },
    Target { name: "answer", runs: 20_000, seeds: &[] },
    Target { name: "filter", runs: 5_000, seeds: &[] },
    Target { name: "state", runs: 100, seeds: &[] },
];

/// How long a target runs.
#[derive(Clone, Copy)]
pub enum Length {
    /// As often as in the tests.
    Short,
    /// So many seconds.
    Seconds(u32),
}

/// `[--seconds N] [TARGET…]`.
pub fn command(words: &[String]) -> Outcome<()> {
    let mut length = Length::Short;
    let mut names = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--seconds" {
            let seconds = words.next().and_then(|number| number.parse().ok());
            length = Length::Seconds(seconds.ok_or("--seconds needs a whole number, such as --seconds 60.")?);
        } else {
            names.push(word.clone());
        }
    }
    system::require(system::ENGINE)?;
    fuzz(&names, length)
}

/// Builds the targets and runs the named ones, or all. What a run finds worth keeping lies in `fuzz/target/found`.
pub fn fuzz(names: &[String], length: Length) -> Outcome<()> {
    if let Some(unknown) = names.iter().find(|name| TARGETS.iter().all(|target| target.name != **name)) {
        let known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        return Err(format!("\"{unknown}\" is no fuzz target. Targets: {}.", known.join(", ")));
    }
    if !system::has("cargo-fuzz") {
        let words = ["install", "cargo-fuzz", "--locked", "--version", CARGO_FUZZ];
        step::run("install cargo-fuzz", &mut step::cargo(&words))?;
    }
    let mut build = step::cargo(&["fuzz", "build", "--sanitizer", "none"]);
    if matches!(length, Length::Short) {
        // Compiling takes most of the time of a short run.
        build.args(["--codegen-units", "16"]).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    }
    step::run("build the fuzz targets", &mut build)?;
    for target in TARGETS.iter().filter(|target| names.is_empty() || names.iter().any(|name| name == target.name)) {
        run(target, length)?;
    }
    Ok(())
}

fn run(target: &Target, length: Length) -> Outcome<()> {
    let fuzz = step::root().join("fuzz");
    let found = fuzz.join("target/found").join(target.name);
    let artifacts = fuzz.join("artifacts").join(target.name);
    for folder in [&found, &artifacts] {
        fs::create_dir_all(folder).map_err(|error| format!("{} cannot be made: {error}", folder.display()))?;
    }
    let program = built(&fuzz, target.name)?;
    let mut command = step::command(&program.to_string_lossy(), &[]);
    command.arg(&found).arg(fuzz.join("corpus").join(target.name)).args(target.seeds);
    command.args(["-timeout=20", "-rss_limit_mb=2048"]);
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    match length {
        Length::Short => command.arg(format!("-runs={}", target.runs)).arg("-seed=1"),
        Length::Seconds(seconds) => command.arg(format!("-max_total_time={seconds}")),
    };
    let output = command.output().map_err(|error| format!("{} could not start: {error}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        eprintln!("{said}");
        let place = artifacts.display();
        return Err(format!("the fuzz target {} failed. The input that did it lies in {place}.", target.name));
    }
    // "Done 300000 runs in 4 second(s)": the rest is for who looks into a finding.
    let done = said.lines().rev().find(|line| line.starts_with("Done")).unwrap_or("Done");
    println!("fuzz {:9} {done}", target.name);
    Ok(())
}

/// Where cargo-fuzz puts what it builds: below the name of the machine.
fn built(fuzz: &Path, name: &str) -> Outcome<std::path::PathBuf> {
    let target = fuzz.join("target");
    let folders = fs::read_dir(&target).map_err(|error| format!("{} cannot be read: {error}", target.display()))?;
    let mut programs = folders.flatten().map(|folder| folder.path().join("release").join(name));
    programs.find(|program| program.is_file()).ok_or_else(|| format!("the fuzz target {name} was not built"))
}
