//! What must hold whatever happened.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use tocsin::{
    alert::{Change, ChangeKind},
    decode,
    event::{Topic, Value},
    store::{Coverage, Reader, Row, RowBody, Stats, Status},
};

use crate::{bus::Shown, frames, program::asked};

/// A reader of its own.
pub fn reader(data: &Path) -> Reader {
    Reader::open(data).unwrap()
}

/// All rows. Asked once, the reader gives fewer where they are large.
pub fn rows(data: &Path) -> Vec<Row> {
    let (reader, mut all) = (reader(data), Vec::new());
    loop {
        let rows = reader.rows_after(all.last().map_or(0, |row: &Row| row.seq), 10_000).unwrap();
        if rows.is_empty() {
            return all;
        }
        all.extend(rows);
    }
}

/// What was heard, from the first row on.
pub fn coverage(data: &Path) -> Vec<(jiff::Timestamp, Coverage)> {
    let coverage = |row: Row| match row.body {
        RowBody::Coverage(coverage) => Some((row.received, coverage)),
        _ => None,
    };
    rows(data).into_iter().filter_map(coverage).collect()
}

/// No accepted row is unevaluated, every match is accounted for, the log has no hole and never goes back; and the
/// program without a fault, given the same rows, has the same history byte for byte.
pub fn holds(data: &Path) -> Stats {
    let stats = reader(data).stats().unwrap();
    assert_eq!(stats.waiting, 0, "rows that were never evaluated");
    assert!(stats.balances(), "{stats:?}");
    let rows = rows(data);
    for (row, before) in rows.iter().skip(1).zip(&rows) {
        assert!(row.seq == before.seq + 1 && row.received >= before.received, "{before:?} {row:?}");
    }
    let history = asked(&["alerts"], data).stdout;
    let again = crate::program::tocsin(&["replay"]).arg(data).output().unwrap();
    // A replay goes on until nothing is due: what comes after the last row has not happened yet.
    let (history, again) = (String::from_utf8(history).unwrap(), String::from_utf8(again.stdout).unwrap());
    assert!(!history.is_empty(), "nothing happened");
    for (line, (was, same)) in history.lines().zip(again.lines()).enumerate() {
        assert_eq!(was, same, "line {line} of the history");
    }
    let (was, same) = (history.lines().count(), again.lines().count());
    assert!(same >= was, "{was} changes in the history, and an unharmed run has {same}");
    stats
}

/// The numbers of the numbered frames that were accepted, in the order of their rows.
pub fn accepted(data: &Path) -> Vec<u32> {
    accepted_after(data, 0).0
}

/// Those of rows after the one numbered `seq`, and the last row there is. Some rows at a time: a log may hold a gigabyte of
/// frames that are too large, and this is asked again and again.
pub fn accepted_after(data: &Path, mut seq: u64) -> (Vec<u32>, u64) {
    let (reader, mut numbers) = (reader(data), Vec::new());
    loop {
        let rows = reader.rows_of(&[Topic::Security], seq, 20).unwrap();
        let Some(last) = rows.last() else { return (numbers, seq) };
        seq = last.seq;
        numbers.extend(numbers_in(rows));
    }
}

fn numbers_in(rows: Vec<Row>) -> Vec<u32> {
    let mut numbers = Vec::new();
    for row in rows {
        let RowBody::Frame { topic: Topic::Security, bytes } = &row.body else { continue };
        for event in decode::frame(Some(Topic::Security), row.seq, row.received, bytes).unwrap_or_default() {
            if let (Some(Value::Text(ssid)), Some(Value::Text(id))) = (event.get("ssid"), event.get("rogue_id"))
                && &*ssid == "numbered"
            {
                let octets = id.split(':').skip(4).map(|part| u32::from_str_radix(part, 16).unwrap());
                numbers.push(octets.fold(0, |number, octet| number << 8 | octet));
            }
        }
    }
    numbers
}

/// Each numbered frame that was accepted has its alert, which is owed no pop-up any more; gives how many pop-ups were
/// shown once too often.
pub fn numbered(data: &Path, shown: &[Shown]) -> usize {
    let wanted: BTreeSet<String> = accepted(data).into_iter().map(frames::id).collect();
    let reader = reader(data);
    let fired: Vec<Change> = reader
        .changes(0, 100_000_000)
        .unwrap()
        .into_iter()
        .map(|(_, change)| change)
        .filter(|change| &*change.rule == "numbered" && change.change == ChangeKind::Fired)
        .collect();
    let keys: BTreeSet<String> = fired.iter().map(|change| change.key.to_string()).collect();
    assert_eq!(keys.len(), fired.len(), "an alert twice");
    assert_eq!(keys, wanted, "the alerts are not those of the accepted frames");
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for popup in shown {
        *times.entry(popup.title.as_str()).or_default() += 1;
    }
    let mut too_often = 0;
    for change in &fired {
        let was = times.get(&*change.title).copied().unwrap_or_default();
        let alert = reader.alert(&change.alert).unwrap().unwrap();
        let sent = alert.notifications.iter().filter(|due| due.status == Status::Sent).count();
        assert_eq!((alert.notifications.len(), sent), (1, 1), "{change:?}: {:?}", alert.notifications);
        assert!(was >= 1, "never shown: {change:?}");
        too_often += was - 1;
    }
    too_often
}
