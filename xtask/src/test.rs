//! `cargo xtask test`: everything that must hold, from nothing.

use crate::{
    package,
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
    step::run("the shipped rules", &mut step::cargo(&["run", "-q", "-p", "tocsin", "--", "check", "rules"]))
}

/// The real app in a real window, on its own display and bus.
fn test_desktop() -> Outcome<()> {
    let words = ["test", "-p", "tocsin-desktop", "--features", "webdriver"];
    step::run("the desktop, end to end", &mut step::cargo(&words))
}

/// Builds the packages, installs the `.deb`, starts what it installed and removes it.
fn test_package() -> Outcome<()> {
    let made = package::package()?;
    let Some(deb) = made.iter().find(|path| path.extension().is_some_and(|extension| extension == "deb")) else {
        return Err("no .deb was built".to_owned());
    };
    let script = step::root().join("tests/package/install.sh");
    step::run("install, start and remove the package", step::command("bash", &[]).arg(script).arg(deb))
}
