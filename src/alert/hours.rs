//! Hours of the week in the operator's zone: quiet hours and maintenance windows.

use jiff::{Timestamp, ToSpan, civil::Time, tz::TimeZone};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Matchers;

/// So many minutes has a day on the clock.
const DAY: u16 = 24 * 60;

/// A stretch of some days of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Hours {
    /// The days on which it begins: 1 is Monday, 7 is Sunday.
    pub days: Vec<u8>,
    /// When it begins, in minutes after midnight by the clock, under 1440.
    pub from: u16,
    /// When it ends, likewise. Not later than `from`: on the day after.
    pub to: u16,
}

/// Hours in which everything that matches is expected, so that none of it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Maintenance {
    /// What is going on; stands in the reason of each pop-up that is not shown.
    pub name: String,
    pub hours: Hours,
    pub matchers: Matchers,
}

impl Hours {
    /// The end of the stretch that `at` is in, if it is in one. The clock counts: a night in which clocks change is an hour
    /// longer or shorter.
    pub fn end(&self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let (from, to) = (clock(self.from)?, clock(self.to)?);
        let today = at.to_zoned(zone.clone()).date();
        [today.checked_sub(1.day()).ok()?, today].into_iter().find_map(|day| {
            let number = day.weekday().to_monday_one_offset().unsigned_abs();
            if !self.days.contains(&number) {
                return None;
            }
            let last = if to <= from { day.checked_add(1.day()).ok()? } else { day };
            let moment = |time| zone.to_ambiguous_timestamp(time).compatible().ok();
            let (begins, ends) = (moment(day.to_datetime(from))?, moment(last.to_datetime(to))?);
            (begins <= at && at < ends).then_some(ends)
        })
    }

    /// Whether it ever holds.
    pub fn is_sound(&self) -> bool {
        self.from < DAY && self.to < DAY && self.days.iter().all(|day| (1..=7).contains(day))
    }
}

fn clock(minutes: u16) -> Option<Time> {
    let hour = i8::try_from(minutes / 60).ok()?;
    Time::new(hour, (minutes % 60) as i8, 0, 0).ok()
}
