//! The wire: every sample decodes to what was encoded, and nothing that can come over it does any harm.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

mod catalogue;
mod command;
mod every_field;
mod hostile;
mod inspect;
mod look;
mod oracle;
mod sample;
mod samples;
mod strange;
