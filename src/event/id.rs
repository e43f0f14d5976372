//! What names an event.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Names an event: the row's `seq` and the record's place in it, written `18452.3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId {
    /// The row of the log that holds the frame.
    pub seq: u64,
    /// The record's place in the frame, from 0.
    pub record: u32,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.seq, self.record)
    }
}

impl FromStr for EventId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (seq, record) = text.split_once('.')?;
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            (digits(seq) && digits(record)).then_some(())?;
            Some(Self { seq: seq.parse().ok()?, record: record.parse().ok()? })
        };
        parse().ok_or_else(|| format!("\"{}\" is not an event's name. It looks like 18452.3.", text.escape_debug()))
    }
}

impl Serialize for EventId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EventId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back() {
        let id = EventId { seq: 18452, record: 3 };
        assert_eq!(id.to_string(), "18452.3");
        assert_eq!("18452.3".parse(), Ok(id));
        for wrong in ["", "18452", "18452.", ".3", "1.2.3", "+1.2", "1.-2", "1.99999999999"] {
            assert!(wrong.parse::<EventId>().is_err(), "{wrong}");
        }
    }
}
