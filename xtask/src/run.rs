//! `cargo xtask run`: from a fresh clone to a running Tocsin.

use crate::{
    step::{self, Outcome},
    system, window,
};

/// Builds what is needed and starts it; words after `run` go to the program.
pub fn run(arguments: &[String]) -> Outcome<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    system::require(system::ENGINE)?;
    if has_display() { desktop(&words) } else { terminal(&words) }
}

fn desktop(words: &[&str]) -> Outcome<()> {
    system::require(system::WINDOW)?;
    window::build()?;
    step::run("build the app", &mut step::cargo(&["build", "-p", "tocsin", "-p", "tocsin-desktop"]))?;
    let mut all = vec!["run", "-q", "-p", "tocsin-desktop", "--", "--demo"];
    all.extend(words);
    step::run("Tocsin", &mut step::cargo(&all))
}

fn terminal(words: &[&str]) -> Outcome<()> {
    println!(
        "There is no display here, so no window can open. The demo runs in this terminal instead; Ctrl+C ends it."
    );
    step::run("build the engine", &mut step::cargo(&["build", "-p", "tocsin"]))?;
    let mut all = vec!["run", "-q", "-p", "tocsin", "--", "watch", "--demo"];
    all.extend(words);
    step::run("tocsin watch --demo", &mut step::cargo(&all))
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
