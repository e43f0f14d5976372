//! Silences, what they would have hidden, and the account of pop-ups.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use crate::{
    alert::{MOST_SILENCES, Matchers, Noise, Reason},
    api::{ApiError, PopupAccount, ReasonCount, SilencePreview, SilenceRow},
    store::{Control, Reader},
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
    let preview = reader.preview(matchers, now.checked_sub(WEEK).unwrap_or(Timestamp::MIN))?;
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(SilencePreview {
        hidden: count(preview.hidden),
        alerts: count(preview.alerts),
        of: count(preview.of),
        titles: preview.titles,
    })
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
    let words = |name: &str| Reason::named(name).map_or_else(|| name.to_owned(), |reason| reason.words().to_owned());
    let mut suppressed: Vec<_> =
        stats.suppressed.iter().map(|(name, count)| ReasonCount { reason: words(name), count: *count }).collect();
    suppressed.sort_by_key(|one| Reverse(one.count));
    Ok(PopupAccount {
        matched: stats.matched,
        notified: stats.notified,
        suppressed,
        digests: stats.other.get("digests").and_then(|counts| counts.get("")).copied().unwrap_or(0),
        balances: stats.balances(),
    })
}
