//! The key in the OS keyring.
