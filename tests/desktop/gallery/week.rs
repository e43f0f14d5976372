//! A week that was heard, for pictures of the past: the campus's story here and there, stretches that were not heard, and
//! nothing of it evaluated yet. The app does that when it starts, as after a crash.

use std::{path::Path, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use tocsin::{
    clock::Clock,
    event::Topic,
    rules::{Folder, shipped},
    simulator::story::{LAP, Script},
    store::{Control, Coverage, CoverageReason, RowBody, Store},
};

const DAYS: u64 = 7;
const HEARD: [Topic; 4] = [Topic::Security, Topic::Audit, Topic::Presence, Topic::Monitoring];
/// How often a day the story plays for a while.
const PLAYS: u64 = 4;
/// Stretches that were not heard: which topics, since how many minutes before now, how many minutes long, and why.
const HOLES: [(&[Topic], u64, u64, CoverageReason, &str); 4] = [
    (&HEARD, 3 * 1_440 + 300, 258, CoverageReason::NotRunning, ""),
    (&HEARD, 1_440 + 350, 21, CoverageReason::Asleep, ""),
    (&HEARD, 340, 24, CoverageReason::Asleep, ""),
    (&[Topic::Presence], 130, 11, CoverageReason::Disconnected, "The server ended the connection."),
];

/// Writes it into the folder of the data, with the rules that ship beside it.
pub fn write(data: &Path) {
    let now = Clock::system().now();
    let ago = |minutes: u64| now.checked_sub(Duration::from_mins(minutes)).expect("a time");
    let begin = ago(DAYS * 1_440);
    let mut store = Store::open(data, begin).expect("a log").store;
    let mut rows: Vec<(Timestamp, RowBody)> = vec![(begin, RowBody::Control(rules(data)))];
    rows.extend(HEARD.map(|topic| (begin, coverage(topic, true, CoverageReason::Listening, ""))));
    for (topics, minutes, long, reason, detail) in HOLES {
        for topic in topics {
            rows.push((ago(minutes), coverage(*topic, false, reason, detail)));
            rows.push((ago(minutes - long), coverage(*topic, true, CoverageReason::Listening, "")));
        }
    }
    for number in 0..DAYS * PLAYS {
        // Not at the same hours each day, and not where nothing was heard.
        let minutes = number * 1_440 / PLAYS + 25 + number * 97 % 290;
        let deaf = |(_, since, long, _, _): &(_, u64, u64, _, _)| (since - long..=since + 5).contains(&minutes);
        if !HOLES.iter().any(deaf) {
            rows.extend(play(ago(minutes), number));
        }
    }
    // As a live engine does, so that nothing counts as due to nobody.
    rows.extend((0..DAYS * 720).map(|at| (ago(at * 2), RowBody::Tick)));
    rows.sort_by_key(|(at, _)| *at);
    let mut rows = rows.into_iter().peekable();
    while let Some((at, body)) = rows.next() {
        let soon = at.checked_add(Duration::from_secs(2)).expect("a time");
        let mut together = vec![body];
        while let Some((_, body)) = rows.next_if(|(next, _)| *next < soon && together.len() < 200) {
            together.push(body);
        }
        store.append(together, at).expect("rows");
    }
}

fn rules(data: &Path) -> Control {
    let folder = data.join("rules");
    shipped::seed(&folder).expect("the rules that ship");
    let loaded = Folder::new(folder).load();
    Control::RuleSet { rules: loaded.rules, lists: loaded.lists, last_good: std::collections::BTreeMap::new() }
}

fn coverage(topic: Topic, heard: bool, reason: CoverageReason, detail: &str) -> RowBody {
    RowBody::Coverage(Coverage { topic, heard, reason, detail: detail.to_owned(), missed: 0 })
}

/// A part of the story, another one for each number, with one in ten of the stations.
fn play(at: Timestamp, number: u64) -> Vec<(Timestamp, RowBody)> {
    let (from, long) = (number * 67 % 240, 30 + number * 53 % 90);
    let lap = number % 4 * LAP;
    let begin = at.checked_sub(Duration::from_secs(lap + from)).expect("a time");
    let heard = |cue: &tocsin::simulator::story::Cue| HEARD.contains(&cue.topic);
    Script::new(1, begin, TimeZone::UTC)
        .skip_while(|cue| cue.at < Duration::from_secs(lap + from))
        .take_while(|cue| cue.at < Duration::from_secs(lap + from + long))
        .filter(heard)
        .enumerate()
        .filter(|(place, cue)| cue.topic != Topic::Presence || place % 10 == 0)
        .map(|(_, cue)| {
            let heard = begin.checked_add(cue.at).expect("a time");
            (heard, RowBody::Frame { topic: cue.topic, bytes: cue.frame })
        })
        .collect()
}
