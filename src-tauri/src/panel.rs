//! Whether there is a place for a tray icon.
//!
//! On the free desktops two things are needed: a library that is loaded as the tray is made (without it the tray's
//! making panics, so it is looked for first), and a panel that shows icons, which may come and go.

/// Why a tray cannot be made here; `None` when it can.
pub fn obstacle() -> Option<String> {
    #[cfg(target_os = "linux")]
    if !linux::library() {
        return Some(
            "The library libayatana-appindicator3 is not installed, so there is no tray icon. Closing the window quits. \
             Install the package libayatana-appindicator3-1 and start Tocsin again."
                .to_owned(),
        );
    }
    None
}

/// What to say while no panel shows icons.
pub const NO_PANEL: &str = "No panel here shows tray icons, so closing the window quits. On GNOME, the extension \
                            AppIndicator adds such a place.";

/// Tells, now and at each change, whether a panel shows tray icons.
pub fn watch(tell: impl Fn(bool) + Send + 'static) {
    #[cfg(target_os = "linux")]
    linux::watch(tell);
    #[cfg(not(target_os = "linux"))]
    tell(true);
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::Path;

    use futures_util::StreamExt as _;
    use tocsin::inert;
    use zbus::{Connection, fdo::DBusProxy, names::BusName};

    /// The names under which the library is loaded.
    const LIBRARIES: [&str; 4] = [
        "libayatana-appindicator3.so.1",
        "libappindicator3.so.1",
        "libayatana-appindicator3.so",
        "libappindicator3.so",
    ];

    /// Where the loader looks without being told, beside its cache.
    const FOLDERS: [&str; 5] = ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"];

    /// Who knows the panels that show icons.
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";

    /// Whether the loader would find the library: in its cache, in the folders it is told of, or in its own.
    pub fn library() -> bool {
        let told = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
        let in_folder = |folder: &Path| LIBRARIES.iter().any(|name| folder.join(name).exists());
        if std::env::split_paths(&told).any(|folder| in_folder(&folder))
            || FOLDERS.iter().any(|f| in_folder(Path::new(f)))
        {
            return true;
        }
        // The cache holds the names as they are.
        let cache = std::fs::read("/etc/ld.so.cache").unwrap_or_default();
        LIBRARIES.iter().any(|name| cache.windows(name.len()).any(|window| window == name.as_bytes()))
    }

    /// On a thread of its own, for as long as the bus lasts.
    pub fn watch(tell: impl Fn(bool) + Send + 'static) {
        let started = std::thread::Builder::new().name("panels".to_owned()).spawn(move || {
            if let Err(error) = zbus::block_on(follow(&tell)) {
                tracing::warn!("panels cannot be followed: {}", inert::terminal(&error.to_string()));
                tell(false);
            }
        });
        if let Err(error) = started {
            tracing::warn!("panels cannot be followed: {error}");
        }
    }

    async fn follow(tell: &impl Fn(bool)) -> zbus::Result<()> {
        let bus = Connection::session().await?;
        let names = DBusProxy::new(&bus).await?;
        let mut changes = names.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
        tell(names.name_has_owner(BusName::try_from(WATCHER)?).await?);
        while let Some(change) = changes.next().await {
            tell(change.args()?.new_owner().is_some());
        }
        tell(false);
        Ok(())
    }
}
