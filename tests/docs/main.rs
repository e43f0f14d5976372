//! What is written for people holds: the page of functions, the recipes, every snippet, and the guide.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may")]

mod functions;
mod licences;
mod recipes;
mod snippets;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A place in the repository.
fn place(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(place(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Holds a page to what it should be; writes it anew if asked to.
fn hold(path: &str, page: &str) {
    if std::env::var_os("TOCSIN_WRITE_DOCS").is_some() {
        fs::write(place(path), page).unwrap();
    }
    let written = fs::read_to_string(place(path)).unwrap_or_default();
    assert!(written == page, "{path} is stale: TOCSIN_WRITE_DOCS=1 cargo test --test docs writes it anew");
}
