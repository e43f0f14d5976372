//! Why a rule does what it does with an event of the log, and what comes of it.

use jiff::tz::TimeZone;

use crate::{
    api::{ApiError, Consequence, Explained},
    event::EventId,
    pipeline::{
        Ruling,
        replay::{self, Replay, alone, back},
    },
    rules::{RuleSet, RuleText},
    store::{Reader, Row},
};

/// How many rows are read at once.
const ROWS: usize = 500;
/// How many rows before the event are played at most, for what the rule remembers.
const MOST: u64 = 200_000;
/// The same for how far its alerts had come.
const MOST_OF_ALERTS: u64 = 50_000;

/// Plays the log up to the event, as far back as the rule and its alerts remember, through the rule (with `text` in the
/// place of its own) and those whose marks it may see.
pub fn explain(
    reader: &Reader,
    ruling: &Ruling,
    zone: &str,
    rule: &str,
    event: &str,
    text: Option<String>,
) -> Result<Explained, ApiError> {
    let refused = |message: String| ApiError::new("explain", &message);
    let id: EventId = event.parse().map_err(refused)?;
    let row = reader.row(id.seq)?.ok_or_else(|| refused("The event is no longer in the log.".into()))?;
    let mut ruling = ruling.clone();
    if let Some(text) = text {
        ruling.rules.retain(|known| known.name != rule);
        ruling.rules.push(RuleText { name: rule.to_owned(), text, enabled: true });
        ruling.rules.sort_by(|one, other| one.name.cmp(&other.name));
    }
    let (ruling, scope) = alone(&ruling, rule);
    let set = RuleSet::compile(&ruling.rules, ruling.lists.clone(), TimeZone::UTC, None);
    let remembers = reader.first_since(back(row.received, set.memory_span()))?;
    let lasts = reader.first_since(back(row.received, scope.look_back))?;
    let mut replay = Replay::with(ruling, zone);
    replay.can_ask(rule).map_err(refused)?;

    let mut play = |rows: Vec<Row>, wanted: &dyn Fn(u64) -> bool| {
        let last = rows.last().map(|row| row.seq);
        for row in rows.iter().filter(|row| wanted(row.seq)) {
            replay.row(row);
        }
        last
    };
    let begin = remembers.max(row.seq.saturating_sub(MOST)).min(lasts.max(row.seq.saturating_sub(MOST_OF_ALERTS)));
    // What holds when it begins: the controls and the coverage of before, which are few.
    let mut seq = 0;
    while seq + 1 < begin {
        let Some(last) = play(reader.rows_of(&[], seq, ROWS)?, &|seq| seq < begin) else { break };
        seq = last;
    }
    seq = begin.saturating_sub(1);
    while seq + 1 < row.seq {
        let Some(last) = play(reader.rows_of(&scope.topics, seq, ROWS)?, &|seq| seq < row.seq) else { break };
        seq = last;
    }
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let replay::Explained { mut explanation, lifecycle, .. } =
        replay.explain(&row, id, rule, &zone).map_err(refused)?;
    if remembers < begin {
        let note = format!("Of what it remembers, only the last {MOST} rows before the event were looked at.");
        explanation.why = if explanation.why.is_empty() { note } else { format!("{} {note}", explanation.why) };
    }
    let mut lifecycle: Vec<Consequence> = lifecycle.into_iter().map(consequence).collect();
    if lasts < begin {
        let words = format!("Only {MOST_OF_ALERTS} rows before it were looked at: an earlier alert is not known here");
        lifecycle.insert(0, Consequence { time: row.received.into(), change: String::new(), words });
    }
    Ok(Explained { explanation, lifecycle })
}

fn consequence(one: replay::Consequence) -> Consequence {
    let change = one.change.map_or("", crate::alert::ChangeKind::name);
    Consequence { time: one.time.into(), change: change.to_owned(), words: one.words }
}
