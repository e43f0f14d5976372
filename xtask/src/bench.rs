//! `cargo xtask bench`: the engine beside its rivals. They are a workspace of their own, in `benches/`.

use std::{path::PathBuf, process::Command};

use crate::{
    step::{self, Outcome},
    system,
};

/// `[--format json]` and what else the benchmark takes: `cargo xtask bench --help` names it. `backtest` measures how long a
/// rule is tried on the past instead.
pub fn command(words: &[String]) -> Outcome<()> {
    system::require(system::ENGINE)?;
    // What cargo says goes to standard error: standard output is the benchmark's alone.
    cargo_bench(&["build", "--release"], &[])?;
    if let [first, rest @ ..] = words
        && first == "backtest"
    {
        return cargo_bench(&["run", "--release", "--quiet", "--bin", "backtest"], rest);
    }
    cargo_bench(&["run", "--release", "--quiet", "--bin", "tocsin-bench"], words)?;
    // Profiling runs and the like are about time alone.
    match words {
        [] => cargo_bench(&["run", "--release", "--quiet", "--bin", "memory"], &[]),
        [format, kind] if format == "--format" => {
            cargo_bench(&["run", "--release", "--quiet", "--bin", "memory"], &[format.clone(), kind.clone()])
        }
        _ => Ok(()),
    }
}

/// The same without rivals, which take minutes to build, and with what the project's own build has made already.
pub fn alone(words: &[&str]) -> Command {
    let run = ["run", "--quiet", "--manifest-path", "benches/Cargo.toml", "--no-default-features", "--locked"];
    let mut command = step::cargo(&run);
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| step::root().join("target"), PathBuf::from);
    command.env("CARGO_TARGET_DIR", target).args(["--bin", "tocsin-bench", "--"]).args(words);
    command
}

fn cargo_bench(arguments: &[&str], words: &[String]) -> Outcome<()> {
    let (first, rest) = arguments.split_first().ok_or("no command")?;
    let mut command = step::cargo(&[first, "--manifest-path", "benches/Cargo.toml"]);
    command.args(rest);
    if !words.is_empty() {
        command.arg("--").args(words);
    }
    let status = command.status().map_err(|error| format!("cargo could not start: {error}"))?;
    if status.success() { Ok(()) } else { Err("the benchmark failed. What it says stands above.".to_owned()) }
}
