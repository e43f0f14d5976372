//! Crashes, damage, full and read-only disks, strangers.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use super::{at, frame, open};
use crate::store::{Count, FILE, Outcome, Reader, RowBody, Store, StoreError};

/// Where the child of `nothing_committed_is_lost_in_a_kill` is to append.
const CHILD: &str = "TOCSIN_TEST_APPEND_TO";

/// Not a test by itself: appends, says what is committed, until it is killed.
#[test]
#[allow(clippy::print_stdout)] // that is how it tells its parent
fn append_until_killed() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let mut store = Store::open(Path::new(&folder), at(0)).unwrap().store;
    let mut keeper = store.keeper().unwrap().unwrap().with_blocks_of(200);
    std::thread::spawn(move || {
        loop {
            let _ = keeper.seal();
        }
    });
    loop {
        let next = store.last_seq() + 1;
        let batch = (0..7).map(|more| frame(format!("frame {}", next + more).as_bytes())).collect();
        store.append(batch, at(0)).unwrap();
        let cursor = store.last_seq() - 3;
        let counts = vec![Count { name: "evaluated", label: String::new(), by: cursor - store.cursor() }];
        store.commit_outcome(&Outcome { cursor, counts, ..Outcome::default() }).unwrap();
        // So that the other gets there.
        std::thread::sleep(std::time::Duration::from_millis(2));
        println!("\ncommitted {} {cursor}", store.last_seq());
    }
}

#[test]
fn nothing_committed_is_lost_in_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    for round in 1..=3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::tests::faults::append_until_killed", "--nocapture", "--test-threads=1"])
            .env(CHILD, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut committed = said.by_ref().filter_map(|line| {
            let (seq, cursor) = line.strip_prefix("committed ")?.split_once(' ')?;
            Some((seq.parse::<u64>().ok()?, cursor.parse::<u64>().ok()?))
        });
        committed.nth(20 * round).unwrap();
        child.kill().unwrap(); // SIGKILL where there are signals
        child.wait().unwrap();
        // Whatever it had still said counts too; its last line may be cut.
        let (seq, cursor) = committed.last().unwrap_or_default();

        let store = open(&folder);
        assert!(store.last_seq() >= seq && store.cursor() >= cursor);
        let rows = store.rows_after(0, usize::MAX >> 1).unwrap();
        let sealed: i64 = store.connection.query_row("SELECT count(*) FROM block", [], |row| row.get(0)).unwrap();
        assert!(sealed > 0 || round < 3, "some of it was sealed meanwhile");
        assert_eq!(rows.len() as u64, store.last_seq());
        for (number, row) in (1..).zip(&rows) {
            assert_eq!((row.seq, &row.body), (number, &frame(format!("frame {number}").as_bytes())));
        }
        // The cursor and what was counted moved together.
        let stats = store.reader().unwrap().stats().unwrap();
        let evaluated = stats.other["evaluated"][""];
        assert_eq!(store.cursor(), evaluated);
    }
}

#[test]
fn a_damaged_database_is_kept_and_a_new_one_begun() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    store.append(vec![frame(&[7; 100_000])], at(0)).unwrap();
    drop(store);
    let path = folder.path().join(FILE);
    let whole = fs::read(&path).unwrap();
    let torn = [&whole[..4096 * 3], &vec![0xA5; whole.len() - 4096 * 3][..]].concat();
    for damaged in [b"This was never a database, and is longer than a header has to be.".repeat(9), torn] {
        fs::write(&path, &damaged).unwrap();
        let opened = Store::open(folder.path(), at(5)).unwrap();
        let aside = opened.set_aside.unwrap();
        assert!(!aside.reason.is_empty());
        assert_eq!(fs::read(&aside.path).unwrap(), damaged);
        assert_eq!(opened.store.last_seq(), 0);
    }
    // The second one got a name of its own.
    let kept = fs::read_dir(folder.path()).unwrap().filter(|entry| {
        entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("tocsin.db.damaged-20261124T080005Z")
    });
    assert_eq!(kept.count(), 2);
}

#[test]
fn a_damage_is_told_at_the_next_start_if_the_one_that_found_it_ended_before_it_could() {
    let folder = tempfile::tempdir().unwrap();
    open(&folder).append(vec![RowBody::Tick], at(0)).unwrap();
    fs::write(folder.path().join(FILE), [0xA5; 9_000]).unwrap();
    let found = Store::open(folder.path(), at(5)).unwrap().set_aside.unwrap();
    // Ended there, once and again.
    for second in [6, 7] {
        let opened = Store::open(folder.path(), at(second)).unwrap();
        let again = opened.set_aside.unwrap();
        assert_eq!((&again.path, opened.store.set_aside()), (&found.path, Some(&again)));
        assert!(again.reason.contains("an earlier start"));
    }
    let mut opened = Store::open(folder.path(), at(8)).unwrap();
    let told = opened.set_aside.unwrap().row();
    opened.store.append(vec![told], at(8)).unwrap();
    drop(opened.store);
    assert_eq!(Store::open(folder.path(), at(9)).unwrap().set_aside, None);
}

#[test]
fn a_full_disk_stores_nothing_by_halves() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    store.append(vec![RowBody::Tick], at(0)).unwrap();
    let pages: i64 = store.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    store.connection.pragma_update(None, "max_page_count", pages).unwrap();
    let large = || vec![frame(b"small"), frame(&[1; 100_000])];
    assert!(matches!(store.append(large(), at(1)), Err(StoreError::Full)));
    assert_eq!(store.last_seq(), 1);
    assert_eq!(store.rows_after(0, 9).unwrap().len(), 1);
    // There is space again: it goes on as if nothing had been.
    store.connection.pragma_update(None, "max_page_count", 1_000_000).unwrap();
    assert_eq!(store.append(large(), at(2)).unwrap()[0].seq, 2);
}

#[test]
fn a_database_that_turns_read_only_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    store.connection.pragma_update(None, "query_only", true).unwrap();
    assert!(matches!(store.append(vec![RowBody::Tick], at(0)), Err(StoreError::ReadOnly)));
    assert!(matches!(store.commit_outcome(&Outcome::default()), Err(StoreError::ReadOnly)));
}

#[test]
fn a_place_where_no_folder_can_be_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for place in [file.clone(), file.join("below")] {
        assert!(matches!(Store::open(&place, at(0)), Err(StoreError::Folder { .. })), "{}", place.display());
    }
    assert!(matches!(Reader::open(folder.path()), Err(StoreError::Missing { .. })));
}

#[test]
fn a_second_instance_is_turned_away_and_readers_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    assert!(matches!(Store::open(folder.path(), at(0)), Err(StoreError::InUse { .. })));
    let reader = Reader::open(folder.path()).unwrap();
    store.append(vec![RowBody::Tick], at(0)).unwrap();
    assert_eq!(reader.stats().unwrap().rows, 1);
    assert!(reader.connection.execute("DELETE FROM tail", []).is_err());
    drop(store);
    open(&folder);
}

#[test]
fn one_that_is_just_ending_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let ending = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(200));
        drop(store);
    });
    open(&folder);
    ending.join().unwrap();
}

#[test]
fn a_newer_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    store.connection.pragma_update(None, "user_version", 999).unwrap();
    drop(store);
    assert!(matches!(Reader::open(folder.path()), Err(StoreError::TooNew)));
    assert!(matches!(Store::open(folder.path(), at(0)), Err(StoreError::TooNew)));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;

    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("a/b");
    let mut store = Store::open(&folder, at(0)).unwrap().store;
    store.append(vec![RowBody::Tick], at(0)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&parent.path().join("a"))), (0o700, 0o700));
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    // The database, its log and index of the log, the lock.
    assert_eq!(files.len(), 4);
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}
