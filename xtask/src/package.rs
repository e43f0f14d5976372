//! `cargo xtask package`: the `.deb` and the `.rpm`.

use std::{fs, path::PathBuf};

use crate::{
    step::{self, Outcome},
    system, window,
};

/// Builds both into `dist/` and returns their paths.
pub fn package() -> Outcome<Vec<PathBuf>> {
    system::require(system::ENGINE)?;
    system::require(system::WINDOW)?;
    window::build()?;
    // Both in one go, so that what they share is compiled once.
    let words = ["build", "--release", "-p", "tocsin", "-p", "tocsin-desktop", "--bins"];
    step::run("build the command and the app", &mut step::cargo(&words))?;
    clear()?;
    step::run("bundle", &mut bundle())?;
    collect()
}

/// The bundler that npm installed. It takes the programs that are there and builds nothing.
fn bundle() -> std::process::Command {
    let tauri = step::root().join("ui/node_modules/.bin/tauri");
    let mut bundle = step::command(&tauri.to_string_lossy(), &["bundle", "--ci", "--bundles", "deb,rpm"]);
    bundle.current_dir(step::root().join("src-tauri"));
    bundle
}

/// Lets go of earlier bundles: only what is built now is collected.
fn clear() -> Outcome<()> {
    match fs::remove_dir_all(step::root().join("target/release/bundle")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(format!("cannot remove the earlier bundles: {error}"))
        }
        _ => Ok(()),
    }
}

/// Copies the bundles to `dist/`.
fn collect() -> Outcome<Vec<PathBuf>> {
    let dist = step::root().join("dist");
    fs::create_dir_all(&dist).map_err(|error| format!("cannot make {}: {error}", dist.display()))?;
    let mut made = Vec::new();
    for kind in ["deb", "rpm"] {
        let folder = step::root().join("target/release/bundle").join(kind);
        let entries = fs::read_dir(&folder).map_err(|error| format!("no bundle in {}: {error}", folder.display()))?;
        for entry in entries.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == kind) {
                let to = dist.join(entry.file_name());
                fs::copy(&path, &to).map_err(|error| format!("cannot copy to {}: {error}", to.display()))?;
                println!("{}", to.display());
                made.push(to);
            }
        }
    }
    Ok(made)
}
