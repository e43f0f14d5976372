//! Opening the database: alone, private, and with a damaged one kept aside.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, config::DbConfig, limits::Limit};

use super::{
    Control, FILE, Place, RowBody, Store, StoreError, doubt, folder::make_data_folder, merge::Unpacked, schema, stamp,
};
use crate::clock;

/// The file whose lock says that a Tocsin works with the folder.
pub const LOCK: &str = "tocsin.lock";

/// What follows the name of a damaged database that is kept; then comes when it was found.
const ASIDE: &str = ".damaged-";

/// How often, and after how long, a lock that another process holds is tried again: for 2 s in all.
const LOCK_TRIES: u32 = 40;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// How long to wait for a reader that holds the database.
const BUSY: Duration = Duration::from_secs(5);

/// Up to this size the whole file is checked when it is opened, which takes a moment; a larger one, when it is in doubt.
const CHECKED_UP_TO: u64 = 32 * 1024 * 1024;

/// To what size the write-ahead log is cut back.
const JOURNAL: i64 = 64 * 1024 * 1024;

/// The longest text or blob that is read from a database: above the largest block.
const LONGEST: i32 = 64 << 20;

/// A store that was opened.
#[derive(Debug)]
pub struct Opened {
    pub store: Store,
    /// The database that was there before, if it was damaged. To be told to the operator.
    pub set_aside: Option<SetAside>,
}

/// A damaged database that was kept under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    pub path: PathBuf,
    /// What is wrong with it, in SQLite's words.
    pub reason: String,
}

impl SetAside {
    /// The row that tells the operator, by an alert.
    pub fn row(&self) -> RowBody {
        let kept = self.path.file_name().unwrap_or_default().to_string_lossy();
        RowBody::Control(Control::BegunAnew { kept: kept.as_ref().into(), reason: self.reason.as_str().into() })
    }
}

impl Store {
    /// Opens the database in `folder`, making both if need be (the folder for this user alone). `now` only names a
    /// damaged database that has to be kept aside.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it open; see [`StoreError`] for the rest.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Opened, StoreError> {
        let failed = |error: io::Error| StoreError::Folder { folder: folder.to_owned(), said: error.to_string() };
        make_data_folder(folder)?;
        let lock = private_file(&folder.join(LOCK)).map_err(failed)?;
        match take(&lock) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse { folder: folder.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let path = folder.join(FILE);
        let (mut store, set_aside) = match Self::open_file(&path) {
            Err(StoreError::Corrupt { said }) => {
                let aside = keep_aside(&path, now).map_err(failed)?;
                (Self::open_file(&path)?, Some(SetAside { path: aside, reason: said }))
            }
            opened => {
                let store = opened?;
                let untold = if store.last_seq == 0 { untold(folder).map_err(failed)? } else { None };
                (store, untold)
            }
        };
        store.lock = Some(lock);
        store.set_aside.clone_from(&set_aside);
        doubt::settle(&path).map_err(failed)?;
        Ok(Opened { store, set_aside })
    }

    /// Keeps this database aside, which was found damaged for that reason while it was used, and begins a new one in its
    /// place. The folder stays taken. Nobody else may have the database open to write; whoever reads it goes on with
    /// the old one. If this fails, nothing can be stored until it is done again.
    ///
    /// # Errors
    /// It cannot be moved (on Windows: while somebody reads it), or a new one cannot be made.
    pub fn begin_anew(&mut self, reason: &str, now: Timestamp) -> Result<(), StoreError> {
        let Place::File(path) = self.place.clone() else {
            return Err(StoreError::Corrupt { said: reason.to_owned() });
        };
        self.connection = Connection::open_in_memory()?;
        let failed = |error: io::Error| StoreError::Folder { folder: path.clone(), said: error.to_string() };
        if !self.moved {
            let aside = keep_aside(&path, now).map_err(failed)?;
            (self.set_aside, self.moved) = (Some(SetAside { path: aside, reason: reason.to_owned() }), true);
        }
        doubt::settle(&path).map_err(failed)?;
        let store = Self::open_file(&path)?;
        *self = Self { lock: self.lock.take(), set_aside: self.set_aside.take(), ..store };
        Ok(())
    }

    /// Deletes the log in `folder`, and what of earlier ones was kept aside there. Other files are left alone.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when a process has it open; [`StoreError::Folder`] when a file stays.
    pub fn delete(folder: &Path) -> Result<(), StoreError> {
        let failed = |error: io::Error| StoreError::Folder { folder: folder.to_owned(), said: error.to_string() };
        let files = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            files => files.map_err(failed)?,
        };
        let lock = private_file(&folder.join(LOCK)).map_err(failed)?;
        match take(&lock) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse { folder: folder.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        for file in files {
            let file = file.map_err(failed)?;
            if file.file_name().to_string_lossy().starts_with(FILE) {
                fs::remove_file(file.path()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// A database that is gone when it is closed.
    pub fn in_memory() -> Result<Self, StoreError> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let uri = format!("file:tocsin-{count}?mode=memory&cache=shared");
        let connection = Connection::open(&uri)?;
        Self::begin(connection, Place::Memory(uri))
    }

    fn open_file(path: &Path) -> Result<Self, StoreError> {
        let file = private_file(path)
            .map_err(|error| StoreError::Folder { folder: path.to_owned(), said: error.to_string() })?;
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        drop(file);
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        if size == 0 {
            // To be said before there is anything: free pages can be given back to the disk.
            connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        }
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // What the write-ahead log grew to in a burst is given back.
        connection.pragma_update(None, "journal_size_limit", JOURNAL)?;
        let doubted = doubt::is_doubted(path);
        if size <= CHECKED_UP_TO || doubted {
            let check = if doubted { "PRAGMA integrity_check(1)" } else { "PRAGMA quick_check(1)" };
            let said: String = connection.query_row(check, [], |row| row.get(0))?;
            if said != "ok" {
                return Err(StoreError::Corrupt { said });
            }
        }
        Self::begin(connection, Place::File(path.to_owned()))
    }

    fn begin(mut connection: Connection, place: Place) -> Result<Self, StoreError> {
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        schema::migrate(&mut connection)?;
        // The keeper writes too: whoever begins to write waits for the other right away, not in the middle.
        connection.set_transaction_behavior(TransactionBehavior::Immediate);
        let (last_seq, last_received, cursor) =
            connection.query_row("SELECT last_seq, last_received, cursor FROM log", [], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
            })?;
        Ok(Self {
            connection,
            unpacked: Unpacked::default(),
            place,
            last_seq: last_seq.unsigned_abs(),
            last_received: stamp::time(last_received),
            cursor: cursor.unsigned_abs(),
            lock: None,
            set_aside: None,
            moved: false,
        })
    }
}

/// Opens the database beside its writer, to look after it. What is done to it is safe in a crash, and reaches the disk
/// with what the writer commits next.
pub(super) fn beside(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "journal_size_limit", JOURNAL)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(connection)
}

/// Opens a database for reading only: it cannot be changed through this connection, nor does a hostile one do harm.
pub(super) fn read_only(place: &Place) -> Result<Connection, StoreError> {
    let connection = match place {
        Place::File(path) => Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        Place::Memory(uri) => {
            let connection = Connection::open(uri)?;
            // In a shared memory, unlike in a file, a reader would wait for the writer.
            connection.pragma_update(None, "read_uncommitted", true)?;
            connection
        }
    };
    connection.busy_timeout(BUSY)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    schema::check(&connection)?;
    Ok(connection)
}

/// Takes the lock, trying for a moment: a program that is just ending lets go of it, and a process that was forked off
/// shares it until it has become another program.
fn take(lock: &File) -> Result<(), TryLockError> {
    for _ in 0..LOCK_TRIES {
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => clock::pause(LOCK_PAUSE),
            answer => return answer,
        }
    }
    lock.try_lock()
}

/// Opens a file, made if need be, that this user alone may read. SQLite gives its other files the same permissions.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut permissions = file.metadata()?.permissions();
        if permissions.mode() & 0o077 != 0 {
            permissions.set_mode(0o600);
            file.set_permissions(permissions)?;
        }
    }
    Ok(file)
}

/// The damaged database in whose place one was begun that holds nothing yet: whoever found it was ended before that was
/// told by a row.
fn untold(folder: &Path) -> io::Result<Option<SetAside>> {
    let mut latest = None;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(&format!("{FILE}{ASIDE}")) && !name.ends_with("-wal") && !name.ends_with("-shm") {
            latest = latest.max(Some(path));
        }
    }
    let reason = "found at an earlier start, which ended before it could say so".to_owned();
    Ok(latest.map(|path| SetAside { path, reason }))
}

/// Moves a damaged database, and what belongs to it, to a name that is free.
fn keep_aside(path: &Path, now: Timestamp) -> io::Result<PathBuf> {
    let stamp = now.strftime("%Y%m%dT%H%M%SZ");
    let mut count = 1;
    let aside = loop {
        let again = if count == 1 { String::new() } else { format!("-{count}") };
        let aside = path.with_file_name(format!("{FILE}{ASIDE}{stamp}{again}"));
        if !aside.try_exists()? {
            break aside;
        }
        count += 1;
    };
    fs::rename(path, &aside)?;
    for ending in ["-wal", "-shm"] {
        let beside = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        match fs::rename(beside(path), beside(&aside)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}
