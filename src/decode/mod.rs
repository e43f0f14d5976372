//! From a frame's bytes to events. The only place that sees prost types.

pub mod wire;
