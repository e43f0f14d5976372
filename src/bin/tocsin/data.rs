//! The data folder that a command works with.

use std::path::PathBuf;

use clap::Args;
use tocsin::store::{Reader, StoreError, data_folder};

/// For every command that has state.
#[derive(Debug, Args)]
pub struct Data {
    /// The data folder; the system's usual place if left out
    #[arg(long = "data", value_name = "DIR")]
    named: Option<PathBuf>,
}

impl Data {
    /// The folder. It need not exist yet.
    pub fn folder(&self) -> Result<PathBuf, StoreError> {
        data_folder(self.named.as_deref())
    }

    /// Its database, to look into. Works beside a running Tocsin.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::open(&self.folder()?)
    }
}
