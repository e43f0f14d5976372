//! New files that the operator asked for.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use jiff::{Timestamp, tz::TimeZone};

/// How many files of one second get a name.
const NAMES: usize = 100;

/// Where they go: the folder for downloads, or `exports` beside the database where the system has none.
pub fn folder(data: &Path) -> PathBuf {
    directories::UserDirs::new()
        .and_then(|places| places.download_dir().map(Path::to_owned))
        .filter(|folder| folder.is_dir())
        .unwrap_or_else(|| data.join("exports"))
}

/// Makes one named by what it is and when; nothing that is there is touched.
pub fn create(folder: &Path, what: &str, ending: &str, now: Timestamp, zone: &TimeZone) -> io::Result<(PathBuf, File)> {
    fs::create_dir_all(folder)?;
    let stamp = now.to_zoned(zone.clone()).strftime("%Y-%m-%d-%H%M%S").to_string();
    for number in 1..=NAMES {
        let more = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{what}-{stamp}{more}.{ending}"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|file| (path, file)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
