//! Where alerts are written to.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, ErrorKind},
    path::{Path, PathBuf},
};

use jiff::{Timestamp, tz::TimeZone};

use super::{Asked, Unwritten, write};
use crate::api::{ApiError, ExportFormat, Exported, HistoryQuery};

/// How many files of one second get a name.
const NAMES: usize = 100;

/// Where files that the operator asked for go: the folder for downloads, or `exports` beside the database where the
/// system has none.
pub fn folder(data: &Path) -> PathBuf {
    directories::UserDirs::new()
        .and_then(|places| places.download_dir().map(Path::to_owned))
        .filter(|folder| folder.is_dir())
        .unwrap_or_else(|| data.join("exports"))
}

/// Writes a new file into the folder; nothing that is there is touched.
pub fn save(
    asked: &Asked<'_>,
    query: &HistoryQuery,
    format: ExportFormat,
    zone: &TimeZone,
    folder: &Path,
) -> Result<Exported, ApiError> {
    // Before anything is written: a filter that is none leaves no file.
    super::filter(&query.filter)?;
    let (path, file) = create(folder, asked.now, format, zone)
        .map_err(|error| refused(&format!("{} cannot be written: {error}.", folder.display())))?;
    let written = write(asked, query, format, zone, BufWriter::new(&file))
        .and_then(|alerts| Ok(file.sync_all().map(|()| alerts)?))
        .map_err(|error| match error {
            Unwritten::Asked(error) => error,
            Unwritten::Out(error) => refused(&format!("The file could not be written: {error}.")),
        });
    match written {
        Ok(alerts) => {
            Ok(Exported { path: path.display().to_string(), alerts: u32::try_from(alerts).unwrap_or(u32::MAX) })
        }
        Err(error) => {
            // Half a table passes for a whole one.
            if let Err(left) = fs::remove_file(&path) {
                tracing::warn!("{} is incomplete and could not be removed: {left}", path.display());
            }
            Err(error)
        }
    }
}

fn create(folder: &Path, now: Timestamp, format: ExportFormat, zone: &TimeZone) -> io::Result<(PathBuf, File)> {
    fs::create_dir_all(folder)?;
    let stamp = now.to_zoned(zone.clone()).strftime("%Y-%m-%d-%H%M%S").to_string();
    let ending = match format {
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
    };
    for number in 1..=NAMES {
        let more = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("tocsin-alerts-{stamp}{more}.{ending}"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|file| (path, file)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn refused(message: &str) -> ApiError {
    ApiError::new("export", message).help("Check that the disk has room and that the folder can be written.")
}
