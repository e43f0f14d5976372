//! Keeps others from steering the window.
//!
//! The web view opens itself to remote control when `TAURI_WEBVIEW_AUTOMATION` is set, in release builds too. Only a
//! build made for testing (feature `webdriver`) may be started so; any other starts again without the variable.

/// Returns if the window cannot be steered from outside; else starts the program again without the variable.
///
/// # Errors
/// The program could not be started again.
pub fn refuse() -> Result<(), Box<dyn std::error::Error>> {
    const VARIABLE: &str = "TAURI_WEBVIEW_AUTOMATION";
    if cfg!(feature = "webdriver") || std::env::var_os(VARIABLE).is_none() {
        return Ok(());
    }
    let mut again = std::process::Command::new(std::env::current_exe()?);
    again.args(std::env::args_os().skip(1)).env_remove(VARIABLE);
    start(&mut again)
}

#[cfg(unix)]
fn start(again: &mut std::process::Command) -> Result<(), Box<dyn std::error::Error>> {
    use std::os::unix::process::CommandExt as _;
    // Returns only if it failed.
    Err(again.exec().into())
}

#[cfg(not(unix))]
fn start(again: &mut std::process::Command) -> Result<(), Box<dyn std::error::Error>> {
    let status = again.status()?;
    std::process::exit(status.code().unwrap_or(1));
}
