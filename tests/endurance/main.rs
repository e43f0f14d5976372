//! The real program, on a real line and a real notification service, and everything taken from under it: killed, its
//! disk filled, its folder closed, its database spoilt, put to sleep.
//!
//! Whatever happens, two things are asked at the end ([`afterwards::holds`]): the history is what the same rows give in
//! one go without a fault, and nothing that was accepted waits.
#![cfg(target_os = "linux")] // signals, /proc, and a bus of its own
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail and say so"
)]

mod afterwards;
mod asleep;
mod bus;
mod busless;
mod disk;
#[path = "../pipeline/frames.rs"]
mod frames;
mod kills;
mod lab;
mod logind;
mod names;
mod program;
mod soak;
mod storm;
mod vitals;
mod written;
