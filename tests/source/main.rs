//! The connections over real TLS: to the simulator, and to servers that misbehave in ways it does not.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed unwrap is a failed test

mod command;
mod ear;
mod faults;
mod keys;
mod life;
mod overload;
mod proxies;
mod refusals;
mod scripted;
mod steps;
