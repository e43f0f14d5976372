//! The disk is taken away: full, read-only, spoilt, or in use by another Tocsin.

use std::{
    fs,
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use tocsin::event::Topic;

use crate::{
    afterwards::{coverage, holds, numbered, reader},
    lab::Lab,
    program::{Program, asked, until},
};

/// A small disk of its own.
pub struct Disk(PathBuf);

impl Disk {
    /// `None`, said aloud, where it cannot be had.
    pub fn new(at: &Path, size: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(at).output();
        if !mounted.is_ok_and(|output| output.status.success()) {
            eprintln!("not tested: no disk can be mounted here; that needs root");
            return None;
        }
        Some(Self(at.to_owned()))
    }

    /// Leaves no room on it. Gives what takes it.
    pub fn fill(&self) -> PathBuf {
        let ballast = self.0.join("ballast");
        let mut file = fs::OpenOptions::new().create(true).append(true).open(&ballast).unwrap();
        while file.write(&[0; 4096]).is_ok() {}
        ballast
    }

    fn turn(&self, how: &str) {
        let turned = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&self.0).status().unwrap();
        assert!(turned.success(), "{how}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a test that fails may leave somebody on it.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// A lab whose data is on a disk of its own.
fn lab_on_a_disk(size: &str) -> Option<(Lab, Disk)> {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("disk");
    let disk = Disk::new(&data, size)?;
    Some((Lab::at(folder, data.join("data"), 0.0)?, disk))
}

fn stored(lab: &Lab) -> u64 {
    reader(&lab.data).stats().unwrap().stored.values().sum()
}

fn nothing_is_owed(lab: &Lab) {
    until("nothing is owed any more", || {
        let stats = reader(&lab.data).stats().unwrap();
        stats.waiting == 0 && !stats.deliveries.contains_key("owed")
    });
}

#[test]
fn a_full_disk_holds_everything_up_and_costs_nothing() {
    let Some((lab, disk)) = lab_on_a_disk("24m") else { return };
    let mut program = lab.start();
    program.says("security: listening");
    let feed = lab.feed(Duration::from_millis(5));
    until("a few are stored", || stored(&lab) > 20);
    let mut ballast = disk.fill();
    program.says("The disk is full");
    let then = stored(&lab);
    // It goes on by itself once there is room, with what came meanwhile.
    let before = feed.sent();
    until("a hundred more are sent", || feed.sent() > before + 100);
    assert!(program.runs());
    fs::remove_file(&ballast).unwrap();
    until("they are stored", || stored(&lab) > then + 100);

    // Killed while the disk is full, and started on a full disk: it says so, and goes on where it was.
    ballast = disk.fill();
    let before = feed.sent();
    until("a hundred more are sent", || feed.sent() > before + 100);
    program.kill();
    let mut program = lab.start();
    let ended = program.wait();
    assert_eq!(ended.code(), Some(2));
    assert!(program.err().contains("The disk is full"), "{}", program.err());
    fs::remove_file(&ballast).unwrap();
    let mut program = lab.start();
    program.says("security: listening");
    let then = stored(&lab);
    until("more are stored", || stored(&lab) > then + 20);
    drop(feed);
    nothing_is_owed(&lab);
    assert_eq!(program.end().0, Some(0));
    holds(&lab.data);
    assert!(numbered(&lab.data, &lab.bus.shown()) <= 1, "one kill");
}

#[test]
fn a_read_only_folder_is_explained_and_left_as_it_is() {
    let Some((lab, disk)) = lab_on_a_disk("20m") else { return };
    let feed = lab.feed(Duration::from_millis(5));
    let mut program = lab.start();
    program.says("security: listening");
    until("a few are stored", || stored(&lab) > 20);
    assert_eq!(program.end().0, Some(0));
    drop(feed);
    let before = asked(&["alerts"], &lab.data).stdout;
    disk.turn("ro");
    let mut program = lab.start();
    let ended = program.wait();
    let said = program.err();
    assert_eq!(ended.code(), Some(2), "{said}");
    assert!(said.contains("Read-only") && said.contains("Check that it exists and that you may write to it"), "{said}");
    // What is there can still be looked at.
    let after = asked(&["alerts"], &lab.data);
    assert_eq!(String::from_utf8_lossy(&after.stderr), "");
    assert!(!before.is_empty() && after.stdout == before);
    disk.turn("rw");
    let mut program = lab.start();
    program.says("security: listening");
    assert_eq!(program.end().0, Some(0));
    holds(&lab.data);
}

/// Spoils all but the first pages of a file.
fn spoil(path: &Path) -> Vec<u8> {
    let mut octets = fs::read(path).unwrap();
    octets[8192..].fill(0xA5);
    fs::write(path, &octets).unwrap();
    octets
}

fn aside(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with("tocsin.db.damaged-") && !name.ends_with("-wal") && !name.ends_with("-shm")
        })
        .collect()
}

#[test]
fn a_spoilt_database_is_kept_aside_and_pop_ups_go_on() {
    let Some(lab) = Lab::new(0.0) else { return };
    let feed = lab.feed(Duration::from_millis(5));
    let mut program = lab.start();
    program.says("security: listening");
    until("a hundred are stored", || stored(&lab) > 100);
    assert_eq!(program.end().0, Some(0));
    let spoilt = spoil(&lab.data.join("tocsin.db"));

    let mut program = lab.start();
    program.says("The database was damaged; it is kept as");
    program.says("security: listening");
    let kept = aside(&lab.data);
    assert_eq!(kept.len(), 1);
    assert!(fs::read(&kept[0]).unwrap() == spoilt, "what was kept is not what was there");
    assert!(program.err().contains(&kept[0].display().to_string()), "{}", program.err());
    let shown = lab.bus.shown().len();
    until("pop-ups go on", || lab.bus.shown().len() > shown + 20);
    drop(feed);
    nothing_is_owed(&lab);
    assert_eq!(program.end().0, Some(0));
    holds(&lab.data);
}

/// Spoils the database and its journal in their places, as a failing disk does, under whoever has them open.
fn spoil_in_use(lab: &Lab) {
    for (name, from) in [("tocsin.db", 4096), ("tocsin.db-wal", 32)] {
        let path = lab.data.join(name);
        let length = fs::metadata(&path).map_or(0, |metadata| metadata.len());
        let Ok(mut file) = fs::OpenOptions::new().write(true).open(&path) else { continue };
        file.seek(SeekFrom::Start(from)).unwrap();
        file.write_all(&vec![0xA5; usize::try_from(length.saturating_sub(from)).unwrap()]).unwrap();
    }
}

#[test]
fn a_database_that_is_spoilt_while_it_is_used_is_replaced_and_pop_ups_go_on() {
    let Some(lab) = Lab::new(0.0) else { return };
    // No faster than a busy computer shows pop-ups: they are shown one after the other, and the word about the database
    // comes after those that wait.
    let feed = lab.feed(Duration::from_millis(40));
    let mut program = lab.start();
    program.says("security: listening");
    until("a hundred are stored", || stored(&lab) > 100);
    let (id, listening) = (program.id(), program.err().matches("listening").count());
    spoil_in_use(&lab);
    program.says("The database was damaged; it is kept as");
    let kept = aside(&lab.data);
    assert_eq!(kept.len(), 1);
    assert!(program.err().contains(&kept[0].display().to_string()), "{}", program.err());
    let shown = lab.bus.shown().len();
    until("pop-ups go on", || lab.bus.shown().len() > shown + 20);
    // The same program, with the same connections, and a word to whoever looks only at pop-ups.
    assert!(program.runs() && program.id() == id);
    assert_eq!(program.err().matches("listening").count(), listening, "{}", program.err());
    // Without more of them: it comes after those that wait, which on a busy computer become ever more.
    drop(feed);
    let title = "The database was damaged, and a new one is begun";
    until("it is told", || lab.bus.shown().iter().any(|shown| shown.title == title));
    nothing_is_owed(&lab);
    assert_eq!(program.end().0, Some(0));
    assert_eq!(aside(&lab.data).len(), 1);
    // Each that was accepted since has its alert, and all topics are on record as heard.
    numbered(&lab.data, &lab.bus.shown());
    for topic in Topic::ALL {
        assert!(coverage(&lab.data).iter().any(|(_, row)| row.topic == topic && row.heard), "{topic}");
    }
    holds(&lab.data);
}

#[test]
fn a_disk_that_spoils_each_new_database_is_given_up() {
    let Some(lab) = Lab::new(0.0) else { return };
    let feed = lab.feed(Duration::from_millis(5));
    let mut program = lab.start();
    program.says("security: listening");
    for times in 1..=4 {
        until("some are stored", || !lab.data.join("tocsin.db-wal").exists() || stored(&lab) > 20);
        spoil_in_use(&lab);
        let said = |program: &Program| program.err().matches("it is kept as").count();
        until("it is found", || said(&program) == times || !program.runs());
    }
    assert_eq!(program.wait().code(), Some(2), "{}", program.err());
    assert!(program.err().contains("The database was damaged 3 times within minutes"), "{}", program.err());
    assert!(program.err().contains("name another data folder"), "{}", program.err());
    assert_eq!(aside(&lab.data).len(), 3);
    drop(feed);
}

#[test]
fn a_large_database_that_is_spoilt_where_a_start_does_not_look_is_replaced_when_that_is_read() {
    let Some(lab) = Lab::new(0.0) else { return };
    // More than is checked at each start.
    let mut program = lab.start();
    program.says("security: listening");
    program.kill();
    grow(&lab.data.join("tocsin.db"));
    let feed = lab.feed(Duration::from_millis(5));
    let mut program = lab.start();
    program.says("security: listening");
    until("a hundred are stored", || stored(&lab) > 100);
    program.kill();
    // Only pages that a start does not read.
    let path = lab.data.join("tocsin.db");
    let mut octets = fs::read(&path).unwrap();
    let half = octets.len() / 2;
    octets[half..].fill(0xA5);
    fs::write(&path, octets).unwrap();
    // At the start or a while after it: whenever it comes upon them.
    let mut program = lab.start();
    program.says("it is kept as");
    program.says("security: listening");
    let shown = lab.bus.shown().len();
    until("pop-ups go on", || lab.bus.shown().len() > shown + 20);
    drop(feed);
    nothing_is_owed(&lab);
    assert_eq!(program.end().0, Some(0));
    assert_eq!(aside(&lab.data).len(), 1);
    holds(&lab.data);
}

/// Makes a database larger than what is checked whenever it is opened, with a value that nobody reads.
fn grow(path: &Path) {
    let database = rusqlite::Connection::open(path).unwrap();
    database
        .execute_batch(
            "INSERT INTO engine VALUES ('ballast', hex(zeroblob(20000000))); PRAGMA wal_checkpoint(TRUNCATE);",
        )
        .unwrap();
}

#[test]
fn a_second_instance_says_what_to_do_and_the_first_goes_on() {
    let Some(lab) = Lab::new(0.0) else { return };
    let feed = lab.feed(Duration::from_millis(5));
    let mut first = lab.start();
    first.says("security: listening");
    for _ in 0..2 {
        let mut second: Program = lab.start();
        let ended = second.wait();
        let said = second.err();
        assert_eq!(ended.code(), Some(2), "{said}");
        assert!(said.contains("Tocsin is already running with the data folder"), "{said}");
        assert!(said.contains("Close it, or name another folder."), "{said}");
    }
    let then = stored(&lab);
    until("the first goes on", || stored(&lab) > then + 20);
    // And when it is gone, its lock is too, however it went.
    first.kill();
    let mut next = lab.start();
    next.says("security: listening");
    drop(feed);
    nothing_is_owed(&lab);
    assert_eq!(next.end().0, Some(0));
    holds(&lab.data);
    assert!(numbered(&lab.data, &lab.bus.shown()) <= 1, "one kill");
}
