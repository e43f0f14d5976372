//! The whole pipeline on real parts: the simulator over TLS, rules in a folder, SQLite, and the command itself.
//!
//! Whatever happens in these tests, one thing is asked at their end ([`history::holds`]): the history in the database is
//! what comes of its rows, evaluated again in one go.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that fails says so by panicking

mod closed;
mod command;
mod crash;
mod demo;
mod faults;
mod frames;
mod history;
mod hostile;
mod keeps;
mod key;
mod memory;
mod operator;
mod pressure;
mod reload;
mod side_by_side;
mod spoilt;
mod stand;
mod written;
