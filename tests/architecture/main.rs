//! The invariants of ARCHITECTURE.md, kept.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot read the sources has failed

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The stages in pipeline order: each may import itself and what stands before it. Equal numbers may import each other.
const STAGES: &[(&str, u8)] = &[
    ("clock", 0),
    ("diagnostic", 0),
    ("inert", 0),
    ("whole", 0),
    ("event", 1),
    ("secrets", 2),
    ("source", 3),
    ("decode", 4),
    ("functions", 5),
    ("rules", 5),
    ("alert", 6),
    ("store", 7),
    ("sink", 8),
    ("simulator", 9),
    ("pipeline", 10),
    ("cases", 11),
    ("api", 12),
];

/// A word, and the only stages whose sources may hold it.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("prost::", &["decode"]),
    ("rhai::", &["rules", "functions"]),
    ("rusqlite::", &["store"]),
    ("notify_rust::", &["sink"]),
    ("tokio_tungstenite::", &["source", "simulator"]),
    ("Instant::now", &["clock"]),
    ("SystemTime::now", &["clock"]),
    ("Timestamp::now", &["clock"]),
    ("Zoned::now", &["clock"]),
    ("tokio::time", &["clock"]),
    ("thread::sleep", &["clock"]),
];

/// What a stage that is a pure function of its arguments must not touch.
const PURE: &[&str] = &["alert", "functions"];
const IMPURE: &[&str] = &["std::fs", "std::net", "std::process", "tokio::", "clock::", "std::thread"];

struct Source {
    path: PathBuf,
    /// The folder or file below `src` it belongs to.
    stage: String,
    /// Without comments and without tests.
    code: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut paths = Vec::new();
    files(&src, &mut paths);
    paths.sort();
    assert!(paths.len() > 30, "found only {} sources", paths.len());
    paths
        .into_iter()
        .filter(|path| !is_test(path))
        .map(|path| {
            let inside = path.strip_prefix(&src).unwrap();
            let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            let stage = first.trim_end_matches(".rs").to_owned();
            let code = code(&fs::read_to_string(&path).unwrap());
            Source { path, stage, code }
        })
        .collect()
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests") || path.file_stem().is_some_and(|stem| stem == "tests")
}

/// The text up to its tests, without comment lines.
fn code(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn rank(stage: &str) -> Option<u8> {
    STAGES.iter().find(|(name, _)| *name == stage).map(|(_, rank)| *rank)
}

/// Whether `code` names the stage by its path from the crate's root: `crate::stage` or inside `use crate::{…}`.
fn names(code: &str, stage: &str) -> bool {
    let direct = [format!("crate::{stage}::"), format!("crate::{stage};"), format!("crate::{stage} ")];
    if direct.iter().any(|path| code.contains(path.as_str())) {
        return true;
    }
    code.split("use crate::{").skip(1).any(|rest| {
        let group = &rest[..rest.find("};").unwrap_or(rest.len())];
        let mut depth = 0;
        group.split_inclusive(['{', '}', ',']).any(|part| {
            let here = depth;
            depth += i32::from(part.ends_with('{')) - i32::from(part.ends_with('}'));
            let word = part.trim_matches(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            here == 0 && (word == stage || word.starts_with(&format!("{stage}::")))
        })
    })
}

#[test]
fn imports_run_one_way_along_the_pipeline() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(own) = rank(&source.stage) else { continue };
        for (stage, rank) in STAGES {
            if *rank > own && names(&source.code, stage) {
                wrong.push(format!("{} imports `{stage}`, which comes later", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_stage_is_known_here() {
    for source in sources() {
        let known = rank(&source.stage).is_some() || ["lib", "bin"].contains(&source.stage.as_str());
        assert!(known, "{} belongs to no stage that this test knows", source.path.display());
    }
}

#[test]
fn each_library_and_each_clock_stays_in_its_stage() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.stage != "bin") {
        for (word, stages) in ONLY_IN {
            if !stages.contains(&source.stage.as_str()) && source.code.contains(word) {
                wrong.push(format!("{} has `{word}`, which belongs to {stages:?}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_decides_is_pure() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.stage.as_str())) {
        for word in IMPURE {
            if source.code.contains(word) {
                wrong.push(format!("{} has `{word}`", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_engine_knows_nothing_of_the_window() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let tree = Command::new(cargo)
        .args(["tree", "--offline", "-p", "tocsin", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo tree runs");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
    assert!(tree.contains("rhai v"), "the tree has no rhai: was it read at all?");
    let window: Vec<&str> =
        tree.lines().filter(|line| line.starts_with("tauri") || line.starts_with("webkit")).collect();
    assert!(window.is_empty(), "{window:?}");
}

#[test]
fn files_are_short() {
    let mut paths = Vec::new();
    for folder in ["src", "src-tauri", "xtask", "tests"] {
        files(&root().join(folder), &mut paths);
    }
    let mut lengths: Vec<(usize, PathBuf)> = paths
        .into_iter()
        .filter(|path| !path.components().any(|part| part.as_os_str() == "target" || part.as_os_str() == "gen"))
        .map(|path| (fs::read_to_string(&path).unwrap().lines().count(), path))
        .collect();
    lengths.sort();
    let long: Vec<_> = lengths.iter().filter(|(lines, _)| *lines > 600).collect();
    assert!(long.is_empty(), "over 600 lines: {long:?}");
    let median = lengths[lengths.len() / 2].0;
    assert!(median < 150, "the median file has {median} lines");
}
