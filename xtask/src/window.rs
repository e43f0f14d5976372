//! Building the window's files.

use std::fs;

use crate::{
    step::{self, Outcome},
    system,
};

/// Installs the window's packages as the lock file has them, unless that was done already.
pub fn install() -> Outcome<()> {
    system::require_node()?;
    let lock = step::root().join("ui/package-lock.json");
    let stamp = step::root().join("ui/node_modules/.tocsin-lock");
    let wanted = fs::read(&lock).map_err(|error| format!("cannot read {}: {error}", lock.display()))?;
    if fs::read(&stamp).is_ok_and(|done| done == wanted) {
        return Ok(());
    }
    step::run("npm ci", &mut step::npm(&["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, wanted).map_err(|error| format!("cannot write {}: {error}", stamp.display()))
}

/// Builds `ui/dist`, which the app embeds.
pub fn build() -> Outcome<()> {
    install()?;
    step::run("build the window", &mut step::npm(&["run", "build"]))
}
