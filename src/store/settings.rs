//! Settings: typed values by name, kept as JSON.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Serialize, de::DeserializeOwned};

use super::{Store, StoreError};

impl Store {
    /// The setting of that name, or `None` if it was never set.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when it holds something else than a `T`.
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        get(&self.connection, name)
    }

    /// Sets it.
    pub fn set_setting<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), StoreError> {
        let json = serde_json::to_string(value).map_err(|error| unreadable(name, &error))?;
        self.connection.execute("INSERT OR REPLACE INTO setting VALUES (?1, ?2)", params![name, json])?;
        Ok(())
    }

    /// Forgets it.
    pub fn clear_setting(&mut self, name: &str) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM setting WHERE name = ?1", params![name])?;
        Ok(())
    }
}

pub(super) fn get<T: DeserializeOwned>(connection: &Connection, name: &str) -> Result<Option<T>, StoreError> {
    let json: Option<String> = connection
        .query_row("SELECT value FROM setting WHERE name = ?1", params![name], |row| row.get(0))
        .optional()?;
    json.map(|json| serde_json::from_str(&json).map_err(|error| unreadable(name, &error))).transpose()
}

fn unreadable(name: &str, error: &serde_json::Error) -> StoreError {
    StoreError::unreadable(format!("The setting \"{name}\""), error)
}
