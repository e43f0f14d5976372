//! Where alerts go: desktop notification, live feed, terminal.
