//! Silences, what they would have hidden, and the account of pop-ups.

use std::{cmp::Reverse, collections::BTreeSet};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::board;

use crate::{
    alert::{MOST_SILENCES, Matchers, Noise, Reason},
    api::{ApiError, Gap, NoisePreview, PopupAccount, PreviewedAlert, ReasonCount, SilencePreview, SilenceRow},
    store::{Control, Coverage, Reader},
};

/// How far back a preview looks.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The longest silence, in minutes: a year.
const LONGEST: u32 = 366 * 24 * 60;
/// The longest comment and pattern, in characters.
const LONGEST_TEXT: usize = 200;
/// How many quiet hours, and how many maintenance windows, there may be.
const MOST_HOURS: usize = 50;

/// The silences in force.
pub fn list(reader: &Reader, now: Timestamp) -> Result<Vec<SilenceRow>, ApiError> {
    let row = |silence: crate::alert::Silence| SilenceRow {
        id: silence.id.to_string(),
        matchers: silence.matchers,
        since: silence.since.into(),
        until: silence.until.into(),
        comment: silence.comment.to_string(),
        by: silence.by.to_string(),
    };
    Ok(reader.silences(now)?.into_iter().map(row).collect())
}

/// What a silence would have hidden in the past week.
pub fn preview(reader: &Reader, matchers: &Matchers, now: Timestamp) -> Result<SilencePreview, ApiError> {
    let since = now.checked_sub(WEEK).unwrap_or(Timestamp::MIN);
    let preview = reader.preview(matchers, since)?;
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let (deaf, known) = deaf(&reader.coverage(since)?, since);
    Ok(SilencePreview {
        hidden: count(preview.hidden),
        of: count(preview.of),
        alerts: count(preview.alerts_hidden),
        alerts_of: count(preview.alerts_of),
        critical: count(preview.critical),
        shown: preview
            .alerts
            .into_iter()
            .map(|alert| PreviewedAlert {
                id: alert.id,
                title: alert.title,
                severity: alert.severity,
                time: alert.time.into(),
                verdict: alert.verdict,
                hidden: count(alert.hidden),
            })
            .collect(),
        deaf,
        since: known.into(),
    })
}

/// When no topic at all was heard since `since`, and since when that is on record.
pub fn deaf(coverage: &[(Timestamp, Coverage)], since: Timestamp) -> (Vec<Gap>, Timestamp) {
    let mut heard = BTreeSet::new();
    let mut gaps: Vec<Gap> = Vec::new();
    for (at, change) in coverage {
        if change.heard {
            heard.insert(change.topic);
            if let Some(open) = gaps.last_mut().filter(|gap| gap.to.is_none()) {
                open.to = Some((*at).into());
            }
        } else if heard.remove(&change.topic) && heard.is_empty() {
            let reason = board::gap_words(change);
            gaps.push(Gap { from: (*at).max(since).into(), to: None, reason });
        }
    }
    gaps.retain(|gap| gap.to.is_none_or(|to| to > since.into()));
    let begun = coverage.iter().find(|(_, change)| change.heard).map_or(Timestamp::MAX, |(at, _)| *at);
    (gaps, begun.max(since))
}

/// What settings against noise would have done in the past week.
pub fn foresee(reader: &Reader, noise: &Noise, zone: &str, now: Timestamp) -> Result<NoisePreview, ApiError> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let seen = reader.foresee(noise, &zone, now.checked_sub(WEEK).unwrap_or(Timestamp::MIN))?;
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(NoisePreview {
        shown: count(seen.shown),
        withheld: by_reason(seen.withheld.iter().map(|(reason, count)| (reason.words(), *count))),
        critical: count(seen.critical),
        busiest: count(seen.busiest.map_or(0, |(_, count)| count)),
        busiest_at: seen.busiest.map(|(at, _)| at.into()),
    })
}

/// A reason's name in words.
fn words(name: &str) -> &str {
    match Reason::named(name) {
        Some(reason) => reason.words(),
        None => name,
    }
}

/// The most frequent first.
fn by_reason<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> Vec<ReasonCount> {
    let mut counts: Vec<_> = counts.map(|(reason, count)| ReasonCount { reason: reason.to_owned(), count }).collect();
    counts.sort_by_key(|one| Reverse(one.count));
    counts
}

/// The control that begins a silence of so many minutes.
pub fn begin(
    reader: &Reader,
    matchers: Matchers,
    minutes: u32,
    comment: &str,
    now: Timestamp,
) -> Result<Control, ApiError> {
    let comment = comment.split_whitespace().collect::<Vec<_>>().join(" ");
    if comment.is_empty() {
        return Err(ApiError::new("no-comment", "A silence needs a reason.")
            .help("Write why: it stands beside every pop-up that is not shown."));
    }
    let texts = [&comment, &matchers.rule, &matchers.key, &matchers.kind, &matchers.title];
    if texts.into_iter().any(|text| text.chars().nth(LONGEST_TEXT).is_some()) {
        return Err(ApiError::new("too-long", "A text has more than 200 characters.").help("Make it shorter."));
    }
    if minutes == 0 || minutes > LONGEST {
        return Err(ApiError::new("bad-span", "A silence lasts from a minute to a year."));
    }
    if reader.silences(now)?.len() >= MOST_SILENCES {
        return Err(ApiError::new("too-many", &format!("{MOST_SILENCES} silences are in force already."))
            .help("End one that is no longer needed."));
    }
    let until = now.saturating_add(SignedDuration::from_mins(minutes.into())).unwrap_or(Timestamp::MAX);
    Ok(Control::Silence { matchers, until, comment: comment.into(), by: "you".into() })
}

/// Whether the settings against noise can be used.
pub fn check(noise: &Noise) -> Result<(), ApiError> {
    if noise.quiet.len() > MOST_HOURS || noise.maintenance.len() > MOST_HOURS {
        return Err(ApiError::new("too-many", &format!("There are more than {MOST_HOURS} windows of one sort.")));
    }
    let mut hours = noise.quiet.iter().chain(noise.maintenance.iter().map(|window| &window.hours));
    if !hours.all(crate::alert::Hours::is_sound) {
        return Err(ApiError::new("bad-hours", "These hours are no time of day.").help("Write them as 22:00."));
    }
    if noise.maintenance.iter().any(|window| window.name.trim().is_empty()) {
        return Err(ApiError::new("no-name", "A maintenance window needs a name.")
            .help("It stands beside every pop-up that is not shown."));
    }
    Ok(())
}

/// Where every match went.
pub fn account(reader: &Reader) -> Result<PopupAccount, ApiError> {
    let stats = reader.stats()?;
    let suppressed = by_reason(stats.suppressed.iter().map(|(name, count)| (words(name), *count)));
    Ok(PopupAccount {
        matched: stats.matched,
        notified: stats.notified,
        suppressed,
        digests: stats.other.get("digests").and_then(|counts| counts.get("")).copied().unwrap_or(0),
        balances: stats.balances(),
    })
}
