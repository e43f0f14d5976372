//! Where alerts are written to.

use std::{fs, io::BufWriter, path::Path};

use jiff::tz::TimeZone;

use super::{Asked, Unwritten, write};
use crate::api::{ApiError, ExportFormat, Exported, HistoryQuery, app::new_file};

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
    let ending = match format {
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
    };
    let (path, file) = new_file::create(folder, "tocsin-alerts", ending, asked.now, zone)
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

fn refused(message: &str) -> ApiError {
    ApiError::new("export", message).help("Check that the disk has room and that the folder can be written.")
}
