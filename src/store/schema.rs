//! The tables, and how older databases come to have them.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::StoreError;

/// Each step once, in order; a step that was released is never changed.
const STEPS: &[M<'_>] = &[M::up(include_str!("schema.sql"))];

/// Brings the tables up to this version.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    Migrations::from_slice(STEPS).to_latest(connection)?;
    Ok(())
}
