//! The `tocsin` command: for scripts and CI. Results go to standard output, messages to standard error.
//!
//! Exit codes: 0 good, 1 findings, 2 could not run.

mod alerts;
mod check;
mod data;
mod decode;
mod explain;
mod export;
mod key;
mod output;
mod replay;
mod silence;
mod simulate;
mod stats;
mod test;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tocsin::rules::with_room;

/// Your rules on every event of HPE Aruba Networking Central's Streaming API.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// One file each, beside this one.
#[derive(Debug, Subcommand)]
enum Command {
    /// Check rules without running them
    Check(check::Arguments),
    /// Show what is in frames: one JSON line per event, and per frame that cannot be read one that says why
    Decode(decode::Arguments),
    /// Keep the streaming key in the system's keyring, look at it, delete it
    Key(key::Arguments),
    /// Be a Central to develop against: one JSON line says where it listens, with which key and CA
    Simulate(simulate::Arguments),
    /// Listen, evaluate, and print each alert change as it happens
    Watch(watch::Arguments),
    /// Run the cases beside rules
    Test(test::Arguments),
    /// Play a log through the rules again, and print every alert change
    Replay(replay::Arguments),
    /// Say why a rule fired on an event of a log or did not, clause by clause
    Explain(explain::Arguments),
    /// Print the history of alert changes, as replay prints them
    Alerts(alerts::Arguments),
    /// Print a stretch of the log as JSON Lines, which replay reads back
    Export(export::Arguments),
    /// Add, list and end silences while Tocsin is not running
    Silence(silence::Arguments),
    /// Print the totals: what was stored, what matched, what led to a pop-up and what did not, and why
    Stats(stats::Arguments),
}

/// How a command ended, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// All is well.
    Good,
    /// Something was found that the caller should see.
    Findings,
}

/// Why a command could not run, in words for standard error.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let ending = with_room(|| match Arguments::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Decode(arguments) => decode::run(&arguments),
        Command::Key(arguments) => key::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments),
        Command::Watch(arguments) => watch::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Alerts(arguments) => alerts::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Silence(arguments) => silence::run(&arguments),
        Command::Stats(arguments) => stats::run(&arguments),
    });
    match ending {
        Ok(Ending::Good) => ExitCode::SUCCESS,
        Ok(Ending::Findings) => ExitCode::from(1),
        // Whoever read our output has seen enough; there is nobody left to tell.
        Err(failure) if output::is_closed(&*failure) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure.to_string());
            ExitCode::from(2)
        }
    }
}
