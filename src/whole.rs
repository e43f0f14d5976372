//! Files that are there whole or as they were before, whenever the program is killed, the disk is full or the power fails.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Who may read a file that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// This user alone.
    Me,
    /// Whoever the system's settings let.
    AsUsual,
}

/// Writes the text beside the file and then puts it in its place. When this returns, the new text stays.
pub fn write(path: &Path, text: &[u8], readers: Readers) -> io::Result<()> {
    let draft = beside(path);
    let written = (|| {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if readers == Readers::Me {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let mut file = options.open(&draft)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&draft, path)
    })();
    #[cfg(not(unix))]
    let _ = readers;
    if written.is_err() {
        // The error says more than a failed cleaning up would.
        let _ = fs::remove_file(&draft);
    }
    written.and_then(|()| keep(path))
}

/// Gives a file another name, for good.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    keep(to)?;
    if from.parent() == to.parent() { Ok(()) } else { keep(from) }
}

/// Has the disk keep all that lies in a folder.
pub fn keep_all(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { keep_all(&path)? } else { File::open(&path)?.sync_all()? }
    }
    keep_folder(folder)
}

/// Has the disk keep that this file is there under this name, or is not.
fn keep(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), keep_folder)
}

fn keep_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened, and keeps its names by itself.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// A hidden name that nobody has: what a kill leaves under it is looked at by nobody.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{:08x}.new", fastrand::u32(..)))
}
