//! What must hold for any signals.
