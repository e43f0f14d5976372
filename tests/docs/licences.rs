//! The licences of all that is part of the program, as the window's About shows them.

use std::{collections::BTreeSet, process::Command};

use serde_json::{Value, json};

use super::{hold, place, read};

/// What npm brings that ends up in the window, and not in its making. What these need comes along.
const BUNDLED: [&str; 12] = [
    "@codemirror/autocomplete",
    "@codemirror/commands",
    "@codemirror/language",
    "@codemirror/lint",
    "@codemirror/search",
    "@codemirror/view",
    "@fontsource-variable/inter",
    "@fontsource-variable/jetbrains-mono",
    "@lezer/highlight",
    "@lucide/svelte",
    "@tauri-apps/api",
    "uplot",
];
/// Of Svelte, and of what it needs, the part that runs; the others compile.
const SVELTE: [&str; 3] = ["clsx", "esm-env", "svelte"];

#[test]
fn the_window_shows_every_licence() {
    let mut all = crates();
    assert!(all.iter().any(|(name, ..)| name == "rhai") && all.iter().any(|(name, ..)| name == "tauri"));
    all.extend(packages());
    for (name, _, licence) in &all {
        assert!(!licence.is_empty(), "{name} names no licence: look for it before it ships");
    }
    let line = |(name, version, licence)| json!({ "name": name, "version": version, "licence": licence }).to_string();
    let lines: Vec<String> = all.into_iter().map(line).collect();
    let lines = format!("[\n  {}\n]\n", lines.join(",\n  "));
    hold("ui/src/views/settings/licences.json", &lines);
}

/// Each crate that is linked into the command or the app on Linux, which is what is packaged.
fn crates() -> BTreeSet<(String, String, String)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut tree = Command::new(cargo);
    tree.args(["tree", "--locked", "-p", "tocsin", "-p", "tocsin-desktop", "--edges", "normal"]);
    tree.args(["--target", "x86_64-unknown-linux-gnu", "--prefix", "none", "--format", "{p}|{l}"]);
    let output = tree.current_dir(place("")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| {
        let (package, licence) = line.split_once('|')?;
        let (name, version) = package.split_once(" v")?;
        let version = version.split(' ').next()?;
        // As a licence expression has it; a slash is the old way.
        let licence = licence.trim_end_matches(" (*)").replace('/', " OR ").replace("  OR  ", " OR ");
        (!name.starts_with("tocsin")).then(|| (name.to_owned(), version.to_owned(), licence))
    };
    text.lines().filter_map(line).collect()
}

fn packages() -> BTreeSet<(String, String, String)> {
    let lock: Value = serde_json::from_str(&read("ui/package-lock.json")).unwrap();
    let mut wanted: Vec<String> = BUNDLED.iter().chain(&SVELTE).map(|name| (*name).to_owned()).collect();
    let mut found = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        let package = &lock["packages"][format!("node_modules/{name}")];
        let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        assert!(package.is_object(), "{name} is not in ui/package-lock.json");
        let is_new = found.insert((name.clone(), text("version"), text("license")));
        if is_new && !SVELTE.contains(&name.as_str()) {
            let needs = package["dependencies"].as_object().map(|all| all.keys().cloned().collect::<Vec<_>>());
            wanted.extend(needs.unwrap_or_default());
        }
    }
    found
}
