//! A Central that runs here: a TLS WebSocket server, a seeded campus with a story, faults on demand.
