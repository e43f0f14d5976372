//! What the window can ask of the engine, and what the engine tells it: typed, without a transport.
