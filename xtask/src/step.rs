//! Running one program after another, and saying which one failed.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

/// What went wrong, for the person at the terminal.
pub type Outcome<T> = Result<T, String>;

/// The repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A command in the repository's root.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// The cargo that runs this program, as if it were called from a terminal: what it says of this package is left out, since
/// build scripts that look at it would run again each time, and all that depends on them be built anew.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), arguments);
    for (name, _) in std::env::vars_os() {
        let of_package =
            name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
        if of_package {
            command.env_remove(name);
        }
    }
    command
}

/// npm, in the window's folder.
pub fn npm(arguments: &[&str]) -> Command {
    let mut command = command("npm", arguments);
    command.current_dir(root().join("ui"));
    command
}

/// Runs it with its output shown; a failure names the step.
pub fn run(what: &str, command: &mut Command) -> Outcome<()> {
    println!("\n── {what}");
    let begun = Instant::now();
    let status = command.status().map_err(|error| {
        format!("{what}: could not start {}: {error}. Is it installed?", command.get_program().to_string_lossy())
    })?;
    println!("── {what}: {:.0} s", begun.elapsed().as_secs_f64());
    if status.success() { Ok(()) } else { Err(format!("{what} failed ({status}). Its own output stands above.")) }
}
