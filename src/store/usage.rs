//! How much of the disk the database takes, and for what.

use jiff::Timestamp;

use super::{Reader, StoreError, stamp};
use crate::event::Topic;

/// What is kept, and how large it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Octets of the database that are in use; what was let go of and waits to be used again is not among them.
    pub used: u64,
    /// The frames, by topic.
    pub topics: Vec<TopicUsage>,
}

/// The frames of one topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicUsage {
    pub topic: Topic,
    /// Octets, packed or not.
    pub size: u64,
    pub frames: u64,
    /// When the oldest was received.
    pub since: Timestamp,
}

impl Reader {
    /// How much there is, as of one moment.
    pub fn usage(&self) -> Result<Usage, StoreError> {
        let moment = self.connection.unchecked_transaction()?;
        let ask = |name: &str| moment.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
        let (pages, free, size) = (ask("page_count")?, ask("freelist_count")?, ask("page_size")?);
        let sealed =
            if self.has_blocks { "SELECT topic, length(data) AS octets, rows, since FROM block UNION ALL" } else { "" };
        let mut select = moment.prepare(&format!(
            "SELECT topic, sum(octets), sum(rows), min(since) FROM
               ({sealed} SELECT topic, length(payload) AS octets, 1 AS rows, received AS since FROM tail WHERE kind = 0)
             GROUP BY topic"
        ))?;
        let mut rows = select.query([])?;
        let mut topics = Vec::new();
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let topic = name.parse().map_err(|said| StoreError::unreadable("A topic", said))?;
            let number = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
            let since = stamp::time(row.get(3)?);
            topics.push(TopicUsage { topic, size: number(1)?, frames: number(2)?, since });
        }
        topics.sort_by_key(|one| one.topic);
        Ok(Usage { used: pages.saturating_sub(free).unsigned_abs() * size.unsigned_abs(), topics })
    }
}
