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

    /// The latest events of the log that pass the filter, oldest first, each with the alert it raised.
    pub fn latest(&self, reader: &Reader) -> Result<Vec<EventRow>, ApiError> {
        let mut events: Vec<Event> = Vec::new();
        for frame in reader.recent_frames(None, None, FRAMES)? {
            let RowBody::Frame { topic, bytes } = &frame.body else { continue };
            let Ok(read) = decode::frame(Some(*topic), frame.seq, frame.received, bytes) else { continue };
            events.extend(read.into_iter().rev().filter(|event| self.wants(event)));
            if events.len() >= LATEST {
                break;
            }
        }
        events.truncate(LATEST);
        let Some(oldest) = events.last() else { return Ok(Vec::new()) };
        let raised = reader.raised(oldest.id.seq)?;
        let alert = |event: &Event| raised.get(&event.id).map(ToString::to_string);
        Ok(events.iter().rev().map(|event| events::row(event, alert(event))).collect())
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
