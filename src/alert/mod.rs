//! The lifecycle of alerts: a pure step from (state, signal, now) to changes.
