//! Where alerts go: desktop notification, terminal.

pub mod desktop;
pub mod terminal;
