//! Why a rule does what it does with an event of the log.

use jiff::SignedDuration;

use crate::{
    api::ApiError,
    event::EventId,
    pipeline::{Ruling, replay::Replay},
    rules::{RuleSet, RuleText, explain::Explanation},
    store::{Reader, Row, RowBody},
};

/// How many rows are read at once.
const ROWS: usize = 500;
/// How many rows before the event are played at most.
const MOST: u64 = 200_000;

/// Plays the log up to the event, as far back as the rule remembers, through the rule (with `text` in the place of its
/// own) and those whose marks it may see.
pub fn explain(
    reader: &Reader,
    ruling: Ruling,
    zone: &str,
    rule: &str,
    event: &str,
    text: Option<String>,
) -> Result<Explanation, ApiError> {
    let refused = |message: String| ApiError::new("explain", &message);
    let id: EventId = event.parse().map_err(refused)?;
    let row = reader.row(id.seq)?.ok_or_else(|| refused("The event is no longer in the log.".into()))?;
    let folder = |name: &str| name.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let beside = folder(rule);
    let mut rules = ruling.rules;
    rules.retain(|known| folder(&known.name) == beside);
    if let Some(text) = text {
        rules.retain(|known| known.name != rule);
        rules.push(RuleText { name: rule.to_owned(), text, enabled: true });
        rules.sort_by(|one, other| one.name.cmp(&other.name));
    }
    // It is asked even if it is switched off now.
    for known in rules.iter_mut().filter(|known| known.name == rule) {
        known.enabled = true;
    }
    let set = RuleSet::compile(&rules, ruling.lists.clone(), jiff::tz::TimeZone::UTC, None);
    let span = SignedDuration::try_from(set.memory_span()).unwrap_or_default();
    let ruling = Ruling { rules, lists: ruling.lists, ..Ruling::default() };
    let mut replay = Replay::with(ruling, zone);
    replay.can_ask(rule).map_err(refused)?;
    let since = row.received.checked_sub(span).unwrap_or(jiff::Timestamp::MIN);
    let first = reader.first_since(since)?;
    for (received, coverage) in reader.coverage(since)?.into_iter().filter(|(received, _)| *received < since) {
        replay.row(&Row { seq: 0, received, body: RowBody::Coverage(coverage) });
    }
    // Others ask the log, too: one question does not hold it for long.
    let earliest = row.seq.saturating_sub(MOST);
    let mut last = first.max(earliest).saturating_sub(1);
    while !span.is_zero() && last + 1 < row.seq {
        let rows = reader.rows_after(last, ROWS)?;
        let Some(end) = rows.last() else { break };
        last = end.seq;
        for earlier in rows.iter().filter(|earlier| earlier.seq < row.seq) {
            replay.row(earlier);
        }
    }
    let mut explanation = replay.explain(&row, id, rule).map_err(refused)?.explanation;
    if first < earliest && !span.is_zero() {
        let note = format!("Of what it remembers, only the last {MOST} rows before the event were looked at.");
        explanation.why = if explanation.why.is_empty() { note } else { format!("{} {note}", explanation.why) };
    }
    Ok(explanation)
}
