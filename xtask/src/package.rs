//! `cargo xtask package`: the `.deb` and the `.rpm`.
//!
//! The tests make the `.deb` too, of the programs that they have built anyway: what is installed, started and removed does
//! not hang on how well it is optimised, and building all of it again would take a third of their time.

use std::{fs, path::PathBuf};

use crate::{
    step::{self, Outcome},
    system, window,
};

/// Which programs are packed.
#[derive(Clone, Copy)]
enum Of {
    /// Those that people install.
    Release,
    /// Those of the tests.
    Debug,
}

impl Of {
    fn folder(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Debug => "debug",
        }
    }
}

/// Builds both into `dist/` and returns their paths.
pub fn package() -> Outcome<Vec<PathBuf>> {
    system::require(system::ENGINE)?;
    system::require(system::WINDOW)?;
    make(Of::Release, &["deb", "rpm"])
}

/// Builds a `.deb` of the programs of the tests, and leaves it where it was built.
pub fn trial() -> Outcome<PathBuf> {
    make(Of::Debug, &["deb"])?.pop().ok_or_else(|| "no .deb was built".to_owned())
}

fn make(of: Of, kinds: &[&str]) -> Outcome<Vec<PathBuf>> {
    window::build()?;
    // Both in one go, so that what they share is compiled once.
    let mut words = vec!["build", "-p", "tocsin", "-p", "tocsin-desktop", "--bins"];
    words.extend(match of {
        Of::Release => Some("--release"),
        Of::Debug => None,
    });
    step::run("build the command and the app", &mut step::cargo(&words))?;
    clear(of)?;
    step::run("bundle", &mut bundle(of, kinds))?;
    match of {
        Of::Release => collect(kinds),
        Of::Debug => bundles(of, kinds),
    }
}

/// The bundler that npm installed. It takes the programs that are there and builds nothing.
fn bundle(of: Of, kinds: &[&str]) -> std::process::Command {
    let tauri = step::root().join("ui/node_modules/.bin/tauri");
    let mut bundle = step::command(&tauri.to_string_lossy(), &["bundle", "--ci", "--bundles", &kinds.join(",")]);
    if matches!(of, Of::Debug) {
        let command = r#"{"bundle":{"linux":{"deb":{"files":{"/usr/bin/tocsin":"../target/debug/tocsin"}}}}}"#;
        bundle.args(["--debug", "--config", command]);
    }
    bundle.current_dir(step::root().join("src-tauri"));
    bundle
}

/// Lets go of earlier bundles: only what is built now is collected.
fn clear(of: Of) -> Outcome<()> {
    match fs::remove_dir_all(step::root().join("target").join(of.folder()).join("bundle")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("cannot remove the earlier bundles: {error}"))
        }
        _ => Ok(()),
    }
}

/// Copies the bundles to `dist/`.
fn collect(kinds: &[&str]) -> Outcome<Vec<PathBuf>> {
    let dist = step::root().join("dist");
    fs::create_dir_all(&dist).map_err(|error| format!("cannot make {}: {error}", dist.display()))?;
    let mut made = Vec::new();
    for bundle in bundles(Of::Release, kinds)? {
        let to = dist.join(bundle.file_name().unwrap_or_default());
        fs::copy(&bundle, &to).map_err(|error| format!("cannot copy to {}: {error}", to.display()))?;
        println!("{}", to.display());
        made.push(to);
    }
    Ok(made)
}

/// What the bundler made.
fn bundles(of: Of, kinds: &[&str]) -> Outcome<Vec<PathBuf>> {
    let mut made = Vec::new();
    for kind in kinds {
        let folder = step::root().join("target").join(of.folder()).join("bundle").join(kind);
        let entries = fs::read_dir(&folder).map_err(|error| format!("no bundle in {}: {error}", folder.display()))?;
        let paths = entries.flatten().map(|entry| entry.path());
        made.extend(paths.filter(|path| path.extension().is_some_and(|extension| extension == *kind)));
    }
    Ok(made)
}
