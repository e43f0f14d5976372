//! What a rule may call, one family a file.
