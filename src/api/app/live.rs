//! The events that an open Live view follows.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use super::{App, events, lock};
use crate::{
    api::{ApiError, EventRow, LiveBatch, Push},
    decode,
    event::{Event, EventId, filter::Filter},
    pipeline::Frame,
    store::{Reader, RowBody},
};

/// How many of the latest events a view begins with.
const LATEST: usize = 500;
/// How many frames are looked through for them.
const FRAMES: usize = 2_000;
/// How often a window is sent what came.
pub const EVERY: Duration = Duration::from_millis(100);
/// How many events it is sent each time while more come than anybody can follow; what is beyond is counted and stays in
/// the log.
const STEADY: usize = 40;
/// How many it is sent at once after a quiet while: a burst is drawn whole.
const BURST: usize = 400;

/// What a view wants, what came since it was last sent something, and how much it may be sent.
pub struct Follow {
    filter: Option<Filter>,
    /// Frames with how many of their events are wanted: the newest. They are decoded when they are sent.
    fresh: VecDeque<(Frame, usize)>,
    /// How many wanted events those hold.
    holds: usize,
    /// How many wanted events came before those and will not be sent.
    passed: usize,
    room: usize,
    /// What was left out since the view was opened.
    pub not_drawn: u32,
}

impl Follow {
    /// Everything, or what passes a filter.
    pub fn new(filter: &str) -> Result<Self, ApiError> {
        let filter = self::filter(filter)?;
        Ok(Self { filter, fresh: VecDeque::new(), holds: 0, passed: 0, room: BURST, not_drawn: 0 })
    }

    /// Takes in frames. Only as many are held as can be sent at once.
    pub fn hear(&mut self, frames: &[Frame]) {
        for frame in frames {
            let wanted = self.wanted_of(frame);
            if wanted > 0 {
                self.holds += wanted;
                self.fresh.push_back((frame.clone(), wanted));
            }
        }
        while let Some((_, oldest)) = self.fresh.front()
            && self.holds - oldest >= BURST
        {
            self.holds -= oldest;
            self.passed += oldest;
            self.fresh.pop_front();
        }
    }

    /// What to send now, once every [`EVERY`]: the newest there is room for. What it leaves out came before what it sends.
    pub fn take(&mut self, alert: impl Fn(&Event) -> Option<String>) -> Option<LiveBatch> {
        let came = self.passed + self.holds;
        let room = (self.room + STEADY).min(BURST);
        self.room = room;
        if came == 0 {
            return None;
        }
        let mut rows = Vec::new();
        while rows.len() < room
            && let Some((frame, _)) = self.fresh.pop_back()
        {
            let events = frame.events().into_iter().rev().filter(|event| self.wants(event));
            rows.extend(events.take(room - rows.len()).map(|event| events::row(&event, alert(&event))));
        }
        rows.reverse();
        self.fresh.clear();
        (self.holds, self.passed) = (0, 0);
        self.room = room.saturating_sub(rows.len());
        let not_drawn = u32::try_from(came.saturating_sub(rows.len())).unwrap_or(u32::MAX);
        self.not_drawn = self.not_drawn.saturating_add(not_drawn);
        Some(LiveBatch { events: rows, not_drawn })
    }

    fn wanted_of(&self, frame: &Frame) -> usize {
        if self.filter.is_none() {
            return frame.count;
        }
        frame.events().iter().filter(|event| self.wants(event)).count()
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

/// Sends the window what it follows, for as long as it follows anything.
pub async fn send(app: App, stay: u64) {
    loop {
        app.inner.clock.sleep(EVERY).await;
        let mut following = lock(&app.inner.following);
        if following.stay != stay {
            return; // another view, which has its own
        }
        let Following { follow: Some(follow), marked, .. } = &mut *following else { return };
        let batch = follow.take(|event| marked.of(event));
        let not_drawn = follow.not_drawn;
        drop(following);
        if let Some(batch) = batch {
            app.push(Push::Live(batch));
            app.board().not_drawn = not_drawn;
        }
    }
}

/// What the open view follows, if one is open, and what is known of events while none is.
#[derive(Default)]
pub struct Following {
    pub follow: Option<Follow>,
    /// Goes up with each view that is opened.
    pub stay: u64,
    pub marked: Marked,
}

/// How many events with alerts are remembered, to be marked in the list.
const REMEMBERED: usize = 4_096;

/// Which events raised an alert, or added to one.
#[derive(Default)]
pub struct Marked(BTreeMap<EventId, String>);

impl Marked {
    pub fn add(&mut self, event: EventId, alert: String) {
        self.0.insert(event, alert);
        while self.0.len() > REMEMBERED {
            self.0.pop_first();
        }
    }

    fn of(&self, event: &Event) -> Option<String> {
        self.0.get(&event.id).cloned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;
    use crate::event::Topic;

    /// A frame of some presence records, under that number.
    fn frame(seq: u64) -> Frame {
        let now = "2026-01-05T12:00:00Z".parse().unwrap();
        let frames = include_str!("../../../tests/wire/frames.jsonl").lines().map(|line| {
            let sample: serde_json::Value = serde_json::from_str(line).unwrap();
            let topic: Topic = sample["topic"].as_str().unwrap().parse().unwrap();
            Frame::of(topic, now, seq, STANDARD.decode(sample["frame"].as_str().unwrap()).unwrap())
        });
        frames.filter(|frame| frame.topic == Topic::Presence).max_by_key(|frame| frame.count).unwrap()
    }

    fn sent(follow: &mut Follow) -> (Vec<String>, u32) {
        let batch = follow.take(|_| None);
        batch.map_or((Vec::new(), 0), |batch| (batch.events.into_iter().map(|row| row.id).collect(), batch.not_drawn))
    }

    fn ids(frames: &[Frame]) -> Vec<String> {
        frames.iter().flat_map(Frame::events).map(|event| event.id.to_string()).collect()
    }

    #[test]
    fn what_is_little_is_sent_whole_and_in_order() {
        let mut follow = Follow::new("").unwrap();
        assert!(follow.take(|_| None).is_none());
        let frames = [frame(1), frame(2)];
        assert!(frames[0].count > 1, "a frame of some records");
        follow.hear(&frames);
        assert_eq!(sent(&mut follow), (ids(&frames), 0));
        assert!(follow.take(|_| None).is_none());
    }

    #[test]
    fn in_a_flood_the_newest_are_sent_and_the_others_are_counted() {
        for filter in ["", "presence"] {
            let mut follow = Follow::new(filter).unwrap();
            let (mut heard, mut drawn, mut left) = (0, 0, 0);
            for round in 0..12_u64 {
                let frames: Vec<Frame> = (0..60).map(|i| frame_like(round * 60 + i)).collect();
                heard += frames.iter().map(|frame| frame.count).sum::<usize>();
                follow.hear(&frames);
                let held: usize = follow.fresh.iter().map(|(frame, _)| frame.count).sum();
                assert!(held < BURST + frames[0].count, "{held} are held");
                let (rows, not_drawn) = sent(&mut follow);
                assert_eq!(rows, ids(&frames).split_off(ids(&frames).len() - rows.len()));
                assert_eq!(rows.len(), if round == 0 { BURST } else { STEADY });
                (drawn, left) = (drawn + rows.len(), left + not_drawn as usize);
            }
            assert_eq!(drawn + left, heard);
            assert_eq!(follow.not_drawn as usize, left);
        }
    }

    #[test]
    fn what_the_filter_keeps_out_is_neither_sent_nor_counted() {
        let mut follow = Follow::new("security").unwrap();
        follow.hear(&[frame(1)]);
        assert!(follow.take(|_| None).is_none());
    }

    #[test]
    fn after_a_quiet_while_a_burst_is_sent_whole_again() {
        let mut follow = Follow::new("").unwrap();
        let burst: Vec<Frame> = (0..).map(frame_like).take(BURST / frame_like(0).count).collect();
        follow.hear(&burst);
        assert_eq!(sent(&mut follow).1, 0);
        follow.hear(&burst);
        assert!(sent(&mut follow).1 > 0, "there is no room for a second one at once");
        for _ in 0..BURST / STEADY {
            assert!(follow.take(|_| None).is_none());
        }
        follow.hear(&burst);
        assert_eq!(sent(&mut follow).1, 0);
    }

    fn frame_like(seq: u64) -> Frame {
        thread_local! { static FRAME: Frame = frame(0); }
        FRAME.with(|frame| frame.numbered(seq))
    }
}
