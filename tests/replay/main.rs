//! `tocsin replay`: the worked examples of engine time, logs that are not well, and live = replayed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may")]

mod edits;
mod examples;
mod export;
mod live;
mod log;
mod past;
mod strange;
mod through;
mod unheard;
