//! `cargo xtask test`: everything that must hold, from nothing.

use crate::{
    bench, fuzz, package,
    step::{self, Outcome},
    system, window,
};

type Part = (&'static str, fn() -> Outcome<()>);

/// The parts, in the order they run: what is quick to fail comes first.
const PARTS: &[Part] = &[
    ("window", test_window),
    ("lint", lint),
    ("engine", test_engine),
    ("rules", test_rules),
    ("benches", test_benches),
    ("fuzz", test_fuzz),
    ("package", test_package),
    ("desktop", test_desktop),
];

/// Runs the named parts, or all of them.
pub fn test(names: &[String]) -> Outcome<()> {
    if let Some(unknown) = names.iter().find(|name| !PARTS.iter().any(|(part, _)| part == name)) {
        let known: Vec<&str> = PARTS.iter().map(|(part, _)| *part).collect();
        return Err(format!("\"{unknown}\" is no part of the tests. Parts: {}.", known.join(", ")));
    }
    system::require(system::ENGINE)?;
    system::require(system::WINDOW)?;
    system::require(system::DESKTOP_TESTS)?;
    for (part, run) in PARTS {
        if names.is_empty() || names.iter().any(|name| name == part) {
            run()?;
        }
    }
    println!("\nAll parts passed.");
    Ok(())
}

/// The window's type check and its own tests. Building it comes first: the shell embeds the result.
fn test_window() -> Outcome<()> {
    window::build()?;
    step::run("check the window's types", &mut step::npm(&["run", "check"]))?;
    step::run("the window's tests", &mut step::npm(&["test"]))
}

fn lint() -> Outcome<()> {
    step::run("formatting", &mut step::cargo(&["fmt", "--all", "--check"]))?;
    let words =
        ["clippy", "--workspace", "--all-targets", "--features", "tocsin-desktop/webdriver", "--", "-D", "warnings"];
    step::run("lints", &mut step::cargo(&words))
}

/// Unit and pipeline tests, on a real keyring, a real notification daemon and a real TLS line.
fn test_engine() -> Outcome<()> {
    step::run("the engine's tests", &mut step::cargo(&["test", "-p", "tocsin"]))?;
    step::run(
        "bindings are up to date",
        &mut step::command("git", &["diff", "--exit-code", "--", "ui/src/host/bindings"]),
    )
}

fn test_rules() -> Outcome<()> {
    step::run("the shipped rules", &mut step::cargo(&["run", "-q", "-p", "tocsin", "--", "check", "rules"]))?;
    step::run(
        "the shipped rules' cases",
        &mut step::cargo(&["run", "-q", "-p", "tocsin", "--", "test", "rules", "--coverage"]),
    )
}

/// The benchmark without its rivals, beside what was built for the rules: built, and all of ours held to each other once.
fn test_benches() -> Outcome<()> {
    step::run(
        "the benchmark, without rivals",
        &mut bench::alone(&["--messages", "300", "--rounds", "1", "--rules", "100"]),
    )
}

/// Each target for a moment: what was found once stays found, and what is new is met by strange input at once.
fn test_fuzz() -> Outcome<()> {
    fuzz::fuzz(&[], fuzz::Length::Short)
}

/// The real app in a real window, on its own display and bus.
fn test_desktop() -> Outcome<()> {
    window::build()?;
    build_command()?;
    // A few at a time: each has a display, a bus and a web view of its own.
    step::run("the desktop, end to end", &mut desktop(&["--", "--test-threads=2"]))
}

/// Takes the pictures in docs/gallery anew: each view and each state of it, seen in the real window.
pub fn gallery() -> Outcome<()> {
    system::require(system::ENGINE)?;
    system::require(system::WINDOW)?;
    system::require(system::DESKTOP_TESTS)?;
    window::build()?;
    build_command()?;
    // What is no longer taken does not stay.
    let folder = step::root().join("docs/gallery");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| format!("cannot clear {}: {error}", folder.display()))?;
    }
    let mut command = desktop(&["--test", "desktop", "gallery::", "--", "--test-threads=2"]);
    step::run("the gallery", command.env("TOCSIN_GALLERY", "1"))
}

/// Measures, in a release build, what the app holds with its window open and hidden, and how soon the window is there.
pub fn memory() -> Outcome<()> {
    system::require(system::ENGINE)?;
    system::require(system::WINDOW)?;
    system::require(system::DESKTOP_TESTS)?;
    window::build()?;
    let words = ["--release", "--test", "desktop", "memory::", "--", "--ignored", "--nocapture", "--test-threads=1"];
    step::run("what the app holds", &mut desktop(&words))
}

/// The command stands beside the app: it plays Central in the tests.
fn build_command() -> Outcome<()> {
    step::run("build the command", &mut step::cargo(&["build", "-p", "tocsin", "--bin", "tocsin"]))
}

fn desktop(words: &[&str]) -> std::process::Command {
    let mut all = vec!["test", "-p", "tocsin-desktop", "--features", "webdriver"];
    all.extend(words);
    step::cargo(&all)
}

/// Builds a `.deb`, installs it, starts what it installed and removes it.
fn test_package() -> Outcome<()> {
    let deb = package::trial()?;
    let script = step::root().join("tests/package/install.sh");
    step::run("install, start and remove the package", step::command("bash", &[]).arg(script).arg(deb))
}
