//! The real app in its real window, end to end: each test has a display, bus, keyring and notification daemon of its own.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail and say so"
)]

mod account;
mod accounts;
mod bench;
mod cases;
mod coverage;
mod demo;
mod ended;
mod everywhere;
mod first_rule;
mod frame;
mod gallery;
mod hide;
mod history;
mod hostile;
mod large;
mod lists;
mod live;
mod memory;
mod missing;
mod panel;
mod past;
mod popup;
mod process;
mod quiet;
mod reach;
mod rule;
mod settings;
mod simulator;
mod tray;
mod verdict;
mod window;
