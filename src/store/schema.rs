//! The tables, and how older databases come to have them.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::StoreError;

/// Each step once, in order; a step that was released is never changed.
const STEPS: &[M<'_>] = &[M::up(include_str!("schema.sql")), M::up(include_str!("memory.sql"))];

/// Brings the tables up to this version.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    Migrations::from_slice(STEPS).to_latest(connection)?;
    Ok(())
}

/// Whether this version can read the tables as they are.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > STEPS.len() as i64 { Err(StoreError::TooNew) } else { Ok(()) }
}
