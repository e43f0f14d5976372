//! The simulator over real TLS on loopback, held to what is published and observed of Central.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]
#![allow(clippy::large_futures, reason = "a handful of them, once each")]

mod client;
mod command;
mod contract;
mod faults;
