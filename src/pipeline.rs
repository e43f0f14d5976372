//! Wires the stages; the one file that knows them all.
