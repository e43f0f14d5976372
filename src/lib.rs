//! The engine of Tocsin: from a WebSocket frame to a desktop notification.
//!
//! The folders are the pipeline: [`source`] → [`store`] → [`decode`] → [`rules`] → [`alert`] → [`sink`].
//! ARCHITECTURE.md says what may import what, and `tests/architecture` keeps it.

pub mod alert;
pub mod api;
pub mod cases;
pub mod clock;
pub mod decode;
pub mod diagnostic;
pub mod event;
pub mod functions;
pub mod inert;
pub mod pipeline;
pub mod rules;
pub mod secrets;
pub mod simulator;
pub mod sink;
pub mod source;
pub mod store;
pub mod whole;
