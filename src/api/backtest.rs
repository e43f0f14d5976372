//! A rule tried on the past, as the window asks for it and is told.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, Gap, Millis};
use crate::rules::Severity;

/// How a backtest gets on. The last one has an `end`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BacktestNews {
    /// As the request named it: news of an earlier run may still be on the way.
    pub run: u32,
    /// From 0 to 1.
    pub share: f64,
    /// The moment of the log that it has come to.
    pub at: Millis,
    /// Events of the rule's topics that were looked at.
    pub events: u32,
    /// How many alerts fired so far.
    pub fired: u32,
    /// Those that fired since the last news, for a picture that grows: at most 2,000 in all. Whether they are over, and
    /// how often they reminded, is told at the end.
    pub fires: Vec<BacktestFire>,
    pub end: Option<BacktestEnd>,
}

/// An alert that fired, or would have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BacktestFire {
    pub time: Millis,
    pub key: String,
    pub severity: Severity,
    pub title: String,
    pub body: String,
    /// The event that made it fire, to be asked for; none when a timer did.
    pub event: Option<String>,
    /// None: it lasted to the end.
    pub resolved: Option<Millis>,
    pub reminders: u32,
    pub popups: u32,
    /// Why there was no pop-up when it fired, in words; empty when there was one.
    pub withheld: String,
}

/// An alert that both versions raise, not in the same way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BacktestChange {
    pub now: BacktestFire,
    pub saved: BacktestFire,
}

/// What one version did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BacktestSide {
    /// In order, the first 2,000.
    pub fires: Vec<BacktestFire>,
    /// How many there were in all.
    pub fired: u32,
    /// Digests included.
    pub popups: u32,
    /// A stretch shorter than a day counts as a day.
    pub popups_a_day: f64,
    /// Events on which the rule could not tell.
    pub cannot_tell: u32,
    /// Events on which it failed.
    pub failed: u32,
    /// Why, the first time; may be empty.
    pub trouble: String,
}

/// What came of a backtest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BacktestEnd {
    /// Why it could not go on; the rest is empty then.
    pub problem: Option<ApiError>,
    /// It was stopped; the rest is of the stretch up to `to`.
    pub cancelled: bool,
    /// Where the log begins, if that is later than was asked for.
    pub from: Millis,
    pub to: Millis,
    /// What of it was not heard, of the topics that the rule listens to.
    pub deaf: Vec<Gap>,
    pub now: BacktestSide,
    /// None: the rule is new.
    pub saved: Option<BacktestSide>,
    /// Fired now, not with the saved version; the first 500, as with the next two.
    pub gained: Vec<BacktestFire>,
    pub lost: Vec<BacktestFire>,
    pub changed: Vec<BacktestChange>,
    /// How many there are in all.
    pub gained_count: u32,
    pub lost_count: u32,
    pub changed_count: u32,
    /// How many are the same with both.
    pub same: u32,
}
