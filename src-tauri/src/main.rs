//! Tocsin's desktop shell: a window, a tray, start at login. Everything else is the engine's.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod args;
mod automation;
mod bridge;
mod context;
#[cfg(target_os = "linux")]
mod drawing;
mod face;
mod panel;
mod shell;
mod tray;
mod window;

use std::process::ExitCode;

use args::Asked;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // To the error stream, which a session keeps in its journal. Texts from the air are made inert where they are logged.
    let wanted = EnvFilter::try_from_env("TOCSIN_LOG").unwrap_or_else(|_| EnvFilter::new("warn,tocsin=info"));
    tracing_subscriber::fmt().with_env_filter(wanted).with_writer(std::io::stderr).init();
    let asked = args::read(std::env::args_os().skip(1));
    match asked {
        Ok(Asked::Run(args)) => match automation::refuse().and_then(|()| shell::run(&args)) {
            Ok(code) => code,
            Err(error) => say(&mut std::io::stderr(), &format!("Tocsin cannot start: {error}\n"), ExitCode::FAILURE),
        },
        Ok(Asked::Help) => say(&mut std::io::stdout(), args::HELP, ExitCode::SUCCESS),
        Ok(Asked::Version) => {
            say(&mut std::io::stdout(), concat!("tocsin-desktop ", env!("CARGO_PKG_VERSION"), "\n"), ExitCode::SUCCESS)
        }
        Err(error) => say(&mut std::io::stderr(), &format!("{error}\n"), ExitCode::from(2)),
    }
}

fn say(out: &mut impl std::io::Write, text: &str, code: ExitCode) -> ExitCode {
    // With nobody to read it, the exit code has to do.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    code
}
