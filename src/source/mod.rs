//! Frames from Central: one connection per topic, and the key that opens them.
