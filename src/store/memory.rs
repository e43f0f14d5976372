//! What rules remember, kept beside the log so that a start need not go through all of it. Only octets here: who reads
//! them says whether they are any good.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::{Store, StoreError};

impl Store {
    /// Keeps these parts, in the place of those of the same names, and lets go of all that are neither among them nor
    /// among `unchanged`; all or none.
    pub fn keep_memory(
        &mut self,
        changed: &BTreeMap<String, Vec<u8>>,
        unchanged: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        let known: Vec<String> = transaction
            .prepare_cached("SELECT part FROM memory")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for part in known.iter().filter(|part| !changed.contains_key(*part) && !unchanged.contains(*part)) {
            transaction.prepare_cached("DELETE FROM memory WHERE part = ?1")?.execute(params![part])?;
        }
        for (part, state) in changed {
            transaction
                .prepare_cached("INSERT OR REPLACE INTO memory VALUES (?1, ?2)")?
                .execute(params![part, state])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// All parts that are kept, by name.
    pub fn kept_memory(&self) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
        let mut select = self.connection.prepare("SELECT part, state FROM memory")?;
        let parts = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(parts.collect::<Result<_, _>>()?)
    }
}
