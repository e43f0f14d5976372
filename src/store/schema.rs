//! The tables, and how older databases come to have them.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::StoreError;

/// Each step once, in order; a step that was released is never changed.
const STEPS: &[M<'_>] = &[
    M::up(include_str!("schema.sql")),
    M::up(include_str!("memory.sql")),
    M::up(include_str!("block.sql")),
    M::up(include_str!("verdict.sql")),
];
/// The step that brought blocks.
const BLOCKS: i64 = 3;
/// The step that brought verdicts.
const VERDICTS: i64 = 4;

/// Brings the tables up to this version.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    Migrations::from_slice(STEPS).to_latest(connection)?;
    Ok(())
}

/// Whether this version can read the tables as they are.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    let version = version(connection)?;
    if version > STEPS.len() as i64 { Err(StoreError::TooNew) } else { Ok(()) }
}

/// Whether the tables are of a version that has blocks.
pub(super) fn has_blocks(connection: &Connection) -> Result<bool, StoreError> {
    Ok(version(connection)? >= BLOCKS)
}

/// Whether the tables are of a version that knows verdicts.
pub(super) fn has_verdicts(connection: &Connection) -> Result<bool, StoreError> {
    Ok(version(connection)? >= VERDICTS)
}

/// Whether the database holds the very tables and indexes of its version and nothing else: no view that never ends, no
/// column that reckons.
pub(super) fn check_whole(connection: &Connection) -> Result<(), StoreError> {
    let mut own = Connection::open_in_memory()?;
    let version = usize::try_from(version(connection)?).unwrap_or_default();
    Migrations::from_slice(STEPS).to_version(&mut own, version)?;
    if tables(connection)? == tables(&own)? {
        Ok(())
    } else {
        Err(StoreError::unreadable("The database", "its tables are not those that Tocsin makes"))
    }
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

fn tables(connection: &Connection) -> Result<Vec<(String, String)>, StoreError> {
    let mut select = connection.prepare(
        "SELECT type || ' ' || name, ifnull(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY 1",
    )?;
    let tables = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(tables.collect::<Result<_, _>>()?)
}
