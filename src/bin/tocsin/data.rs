//! The data folder that a command works with, and the account in it.

use std::path::PathBuf;

use clap::Args;
use tocsin::{
    api::{self, AccountPlace},
    store::{Reader, StoreError, data_folder},
};

use crate::Failure;

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
}

/// For every command that works with a log.
#[derive(Debug, Args)]
pub struct Log {
    #[command(flatten)]
    data: Data,
    /// The account whose log is meant, by its name; the one that is listened to if left out
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
}

impl Log {
    /// The folder of the log. It need not exist yet.
    pub fn folder(&self) -> Result<PathBuf, Failure> {
        Ok(account(&self.data, self.account.as_deref())?.folder)
    }

    /// Its database, to look into. Works beside a running Tocsin.
    pub fn reader(&self) -> Result<Reader, Failure> {
        Ok(Reader::open(&self.folder()?)?)
    }
}

/// Where the account of that name has its things; without a name, the one that is listened to.
pub fn account(data: &Data, name: Option<&str>) -> Result<AccountPlace, Failure> {
    api::account_place(&data.folder()?, name).map_err(|error| error.message.into())
}
