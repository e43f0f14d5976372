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
    step::run("build the command", &mut step::cargo(&["build", "--release", "-p", "tocsin", "--bin", "tocsin"]))?;
    step::run("bundle", &mut bundle())?;
    collect()
}

fn bundle() -> std::process::Command {
    let mut tauri = step::npm(&["exec", "--", "tauri", "build", "--ci", "--bundles", "deb,rpm"]);
    tauri.current_dir(step::root().join("src-tauri"));
    // npm's own prefix is the window's folder; the bundler works from the shell's.
    tauri.env("npm_config_prefix", "");
    tauri
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
