//! The store, on real files where it matters.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that fails says so by panicking

mod faults;
mod keep;
mod kept;
mod quiet;

use bytes::Bytes;
use jiff::{Timestamp, ToSpan};

use super::{RowBody, Store};
use crate::event::Topic;

/// So many seconds after a fixed moment.
fn at(seconds: i64) -> Timestamp {
    "2026-11-24T08:00:00Z".parse::<Timestamp>().unwrap() + seconds.seconds()
}

fn frame(bytes: &[u8]) -> RowBody {
    RowBody::Frame { topic: Topic::Security, bytes: Bytes::copy_from_slice(bytes) }
}

/// Where `tocsin.db` is private to a test.
fn open(folder: &tempfile::TempDir) -> Store {
    let opened = Store::open(folder.path(), at(0)).unwrap();
    assert_eq!(opened.set_aside, None);
    opened.store
}
