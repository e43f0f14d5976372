//! The operator's rules: load, check, compile, evaluate.
