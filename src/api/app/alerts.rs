//! Alerts in the window's words.

use jiff::Timestamp;

use super::events;
use crate::{
    alert::{AlertId, AlertRecord, ChangeKind, Judge, Phase, Silence, Verdict, silence_of},
    api::{AlertDetail, AlertList, AlertRow, AlertState, AlertTab, ApiError, TimelineEntry},
    pipeline::Seen,
    store::{AlertQuery, Notification, Reader, Status, Which},
};

/// One line of the list, as of `now` and under those silences.
pub fn row(record: &AlertRecord, silences: &[Silence], now: Timestamp) -> AlertRow {
    let over = matches!(record.phase, Phase::Resolved | Phase::Dropped);
    let silence = if over { None } else { silence_of(record, silences, now) };
    AlertRow {
        id: record.id.to_string(),
        rule: record.rule.to_string(),
        key: record.key.to_string(),
        severity: record.severity,
        state: state(record, silence.is_some(), now),
        title: record.title.to_string(),
        body: record.body.to_string(),
        topic: record.topic,
        kind: record.kind.to_string(),
        since: record.since.into(),
        fired: record.fired.map(Into::into),
        last: record.last.into(),
        resolved: record.resolved.map(Into::into),
        snoozed_until: record.snoozed_until.filter(|until| *until > now).map(Into::into),
        silence: silence.map(|silence| silence.id.to_string()),
        fires_at: record.fires_at.map(Into::into),
        matches: u32::try_from(record.matches).unwrap_or(u32::MAX),
        verdict: record.judged.map(|judged| judged.verdict),
    }
}

/// Where an alert stands as of `now` and under those silences.
pub fn state_of(record: &AlertRecord, silences: &[Silence], now: Timestamp) -> AlertState {
    let over = matches!(record.phase, Phase::Resolved | Phase::Dropped);
    state(record, !over && silence_of(record, silences, now).is_some(), now)
}

fn state(record: &AlertRecord, silenced: bool, now: Timestamp) -> AlertState {
    match record.phase {
        Phase::Resolved | Phase::Dropped => AlertState::Resolved,
        Phase::Pending => AlertState::Pending,
        Phase::Firing if record.acknowledged.is_some() => AlertState::Acknowledged,
        Phase::Firing if record.snoozed_until.is_some_and(|until| until > now) => AlertState::Snoozed,
        Phase::Firing if silenced => AlertState::Silenced,
        Phase::Firing => AlertState::Firing,
    }
}

/// The alerts of a tab that hold the text.
pub fn list(
    reader: &Reader,
    silences: &[Silence],
    tab: AlertTab,
    text: &str,
    limit: u32,
    now: Timestamp,
) -> Result<AlertList, ApiError> {
    let which = match tab {
        AlertTab::Active => Which::Active,
        AlertTab::Resolved => Which::Resolved,
        AlertTab::All => Which::All,
    };
    let query = AlertQuery { which, text: text.to_lowercase(), limit: limit.min(2_000) as usize, after: None };
    let records = reader.alerts(&query)?;
    let counts = reader.alert_counts()?;
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(AlertList {
        alerts: records.iter().map(|record| row(record, silences, now)).collect(),
        active: count(counts.active),
        resolved: count(counts.resolved),
        all: count(counts.active + counts.resolved),
    })
}

/// One alert with its timeline and its event.
pub fn detail(
    reader: &Reader,
    rules: &Seen,
    silences: &[Silence],
    id: &str,
    now: Timestamp,
) -> Result<AlertDetail, ApiError> {
    let Some(history) = reader.alert(&AlertId::from(id))? else {
        return Err(gone());
    };
    let record = &history.record;
    let rule = rules.rules.iter().find(|rule| rule.name == *record.rule);
    let mut timeline: Vec<TimelineEntry> = history
        .changes
        .iter()
        .filter(|change| change.change != ChangeKind::Notified)
        .map(|change| TimelineEntry {
            time: change.time.into(),
            change: change.change.name().to_owned(),
            reason: change.words().into_owned(),
            event: change.event.map(|event| event.to_string()),
        })
        .collect();
    // What became of a pop-up is told by its delivery, not by its having been owed.
    timeline.extend(history.notifications.iter().filter_map(delivery));
    timeline.sort_by_key(|entry| entry.time);
    timeline.reverse();
    let sent = history.notifications.iter().filter(|one| one.status == Status::Sent).count();
    let withheld = history.notifications.len() - sent + usize::try_from(record.repeats).unwrap_or(0);
    let event = events::detail(reader, record.last_event, Some(id.to_owned()))?;
    Ok(AlertDetail {
        row: row(record, silences, now),
        what_to_do: rule.map_or_else(String::new, |rule| rule.doc.clone()),
        timeline,
        sent: sent as u32,
        withheld: withheld as u32,
        event,
    })
}

fn delivery(notification: &Notification) -> Option<TimelineEntry> {
    let (change, reason) = match notification.status {
        Status::Suppressed => return None, // told by the change
        Status::Owed => ("owed", "about to be shown".to_owned()),
        Status::Sent => ("notified", String::new()),
        Status::Withdrawn => ("withdrawn", notification.reason.clone()),
        Status::Failed => ("failed", popup_trouble(&notification.reason).to_owned()),
    };
    Some(TimelineEntry {
        time: notification.done.unwrap_or(notification.time).into(),
        change: change.to_owned(),
        reason,
        event: None,
    })
}

/// What judges those of the alerts that are kept.
pub fn judge(reader: &Reader, ids: &[String], verdict: Option<Verdict>) -> Result<Vec<Judge>, ApiError> {
    let mut all = Vec::new();
    for id in ids {
        let Some(record) = reader.record(&AlertId::from(id.as_str()))? else { continue };
        let AlertRecord { id: alert, rule, key, severity, title, .. } = record;
        all.push(Judge { alert, verdict, rule, key, severity, title });
    }
    if all.is_empty() { Err(gone()) } else { Ok(all) }
}

fn gone() -> ApiError {
    ApiError::new("no-alert", "This alert is no longer kept.")
}

/// Why a pop-up could not be shown, in words.
pub fn popup_trouble(code: &str) -> &str {
    match code {
        "no-daemon" => "No notification service runs on this desktop.",
        "no-popups-here" => "This program shows no pop-ups.",
        other => other,
    }
}
