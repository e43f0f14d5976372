//! What rules remember: the worked examples of how Tocsin means time, and the rest of the functions that remember.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may

mod bench;
mod examples;
mod functions;
mod kept;
mod reach;
mod unknown;
