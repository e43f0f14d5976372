//! Where alerts go: desktop notification, terminal. And what keeps text from the air harmless on the way.

pub mod desktop;
pub mod inert;
pub mod terminal;
