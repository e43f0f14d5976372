//! `cargo xtask`: the project's chores. Each does all of its own set-up.

#![allow(clippy::print_stdout, clippy::print_stderr)] // a command for people at a terminal

mod bench;
mod fuzz;
mod package;
mod run;
mod soak;
mod step;
mod system;
mod test;
mod window;

use std::process::ExitCode;

use step::Outcome;

const USAGE: &str = "\
cargo xtask run       build Tocsin and start it (in the demo, if no account is set up)
cargo xtask test      everything that must hold: formatting, lints, tests, rules, window, desktop, package
cargo xtask package   build the .deb and the .rpm into dist/
cargo xtask fuzz      strange input for every reader: short runs, or --seconds N a target
cargo xtask soak      the real program through 200 kills and eight days of faults [--minutes N]
cargo xtask bench     the engine beside other languages for rules, on one stream [--format json];
                      bench backtest: a rule on a recorded million, beside unpacking it
cargo xtask memory    what the app holds with its window open and hidden, and how soon it is back (release build)
cargo xtask gallery   take the pictures in docs/gallery anew, from the real window

cargo xtask test NAME…   only these parts: window, lint, engine, rules, benches, fuzz, package, desktop";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.first().map(String::as_str) {
        Some("run") => run::run(&arguments[1..]),
        Some("test") => test::test(&arguments[1..]),
        Some("bench") => bench::command(&arguments[1..]),
        Some("fuzz") => fuzz::command(&arguments[1..]),
        Some("soak") => soak::command(&arguments[1..]),
        Some("memory") => test::memory(),
        Some("gallery") => test::gallery(),
        Some("package") => package::package().map(|_| ()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    report(outcome)
}

fn report(outcome: Outcome<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\nxtask: {problem}");
            ExitCode::FAILURE
        }
    }
}
