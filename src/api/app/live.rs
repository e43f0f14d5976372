//! The events that an open Live view follows.

use jiff::Timestamp;

use super::events;
use crate::{
    api::{ApiError, EventRow, LiveBatch},
    decode,
    event::{Event, filter::Filter},
    store::{Reader, RowBody},
};

/// How many of the latest events a view begins with.
const LATEST: usize = 500;
/// How many frames are looked through for them.
const FRAMES: usize = 2_000;
/// How many events a window is sent a second at most; what is beyond is counted and stays in the log.
const PER_SECOND: u32 = 2_000;

/// What a view wants, and what it was sent.
pub struct Follow {
    filter: Option<Filter>,
    second: i64,
    sent: u32,
    /// What was left out since the view was opened.
    pub not_drawn: u32,
}

impl Follow {
    /// Everything, or what passes a filter.
    pub fn new(filter: &str) -> Result<Self, ApiError> {
        Ok(Self { filter: self::filter(filter)?, second: 0, sent: 0, not_drawn: 0 })
    }

    /// What of these events to send now.
    pub fn take(
        &mut self,
        events: &[Event],
        alert: impl Fn(&Event) -> Option<String>,
        now: Timestamp,
    ) -> Option<LiveBatch> {
        if self.second != now.as_second() {
            (self.second, self.sent) = (now.as_second(), 0);
        }
        let mut rows = Vec::new();
        let mut not_drawn = 0;
        for event in events {
            if !self.wants(event) {
                continue;
            }
            if self.sent < PER_SECOND {
                self.sent += 1;
                rows.push(events::row(event, alert(event)));
            } else {
                not_drawn += 1;
            }
        }
        self.not_drawn += not_drawn;
        (!rows.is_empty() || not_drawn > 0).then_some(LiveBatch { events: rows, not_drawn })
    }

    /// The latest events of the log that pass the filter, oldest first.
    pub fn latest(&self, reader: &Reader) -> Result<Vec<EventRow>, ApiError> {
        let mut rows = Vec::new();
        for frame in reader.recent_frames(None, None, FRAMES)? {
            let RowBody::Frame { topic, bytes } = &frame.body else { continue };
            let Ok(events) = decode::frame(Some(*topic), frame.seq, frame.received, bytes) else { continue };
            rows.extend(events.iter().rev().filter(|event| self.wants(event)).map(|event| events::row(event, None)));
            if rows.len() >= LATEST {
                break;
            }
        }
        rows.truncate(LATEST);
        rows.reverse();
        Ok(rows)
    }

    fn wants(&self, event: &Event) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.matches(event))
    }
}

/// Reads a filter; an empty one lets everything through.
pub fn filter(filter: &str) -> Result<Option<Filter>, ApiError> {
    if filter.trim().is_empty() {
        return Ok(None);
    }
    Filter::parse(filter).map(Some).map_err(|finding| ApiError::new("bad-filter", &finding.message).help(&finding.help))
}
