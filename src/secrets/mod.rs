//! Where the key is kept: the system's keyring, or the memory of this run.

mod error;
mod keyring;
mod platform;

use secrecy::SecretString;

pub use error::{KeyringError, Trouble};
pub use keyring::Keyring;

/// The keyring entry of the first account's key.
pub const STREAMING_KEY: &str = "streaming-key";
/// The keyring entry of a further account's key, by the account's id.
pub fn further_key(id: &str) -> String {
    format!("{STREAMING_KEY}-{id}")
}
/// The keyring entry of the demo's key.
pub const DEMO_KEY: &str = "demo-key";

/// Where the key in use is held, and so where its successors go.
#[derive(Clone, Debug)]
pub enum Held {
    Keyring(Keyring),
    /// Nowhere but in this process: the user has no keyring, and chose to paste the key at each start.
    ThisRunOnly,
}

impl Held {
    /// Keeps `key`; for [`Held::ThisRunOnly`] there is nothing to do.
    pub async fn keep(&self, key: &SecretString) -> Result<(), KeyringError> {
        match self {
            Self::Keyring(keyring) => keyring.store(key).await,
            Self::ThisRunOnly => Ok(()),
        }
    }
}
