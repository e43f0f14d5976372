//! Events as the window shows them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Millis;
use crate::event::Topic;

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct EventRow {
    pub id: String,
    pub topic: Topic,
    pub kind: String,
    pub time: Millis,
    pub received: Millis,
    /// The most telling fields in one line, already inert.
    pub summary: String,
    /// The alert it raised, when it did.
    pub alert: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LiveBatch {
    pub events: Vec<EventRow>,
    /// Events that passed the filter and were not sent, because there were too many: still in the log.
    pub not_drawn: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct EventDetail {
    pub row: EventRow,
    pub customer_id: String,
    pub fields: Vec<FieldRow>,
    /// The whole frame, base64.
    pub frame: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct FieldRow {
    pub name: String,
    /// `text`, `int`, `enum`, `mac`, …
    pub ty: String,
    /// As a rule would write it (text in quotes); `()` when absent.
    pub value: String,
    pub absent: bool,
    /// What is not quite as the wire said, in words; may be empty.
    pub note: String,
    /// Where in the frame it lies: first octet and the one after the last; none when it is not there.
    pub bytes: Option<(u32, u32)>,
}
