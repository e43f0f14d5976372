//! What the desktop program does, beginning to end.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    process::ExitCode,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tauri::{AppHandle, Manager, RunEvent, Window, WindowEvent, tray::TrayIcon};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};
use tauri_plugin_window_state::AppHandleExt as _;
use tocsin::api::{ApiError, App, AppOptions, Push, Request, Response, Theme};
use tokio::{
    sync::{broadcast::error::RecvError, mpsc},
    task::AbortHandle,
};

use crate::{
    args::Args,
    bridge, panel,
    tray::{self, Content},
    window,
};

/// How often the tray is looked at again while much changes.
const TRAY_EVERY: Duration = Duration::from_millis(500);

/// The shell's own state; the engine's is the engine's.
pub struct Shell {
    pub engine: App,
    theme: Mutex<Theme>,
    /// The tray once it was made, with what it shows.
    tray: Mutex<Option<(TrayIcon, Content)>>,
    /// Whether a panel shows the tray.
    panel: Mutex<bool>,
    /// Why there can be no tray.
    obstacle: Option<String>,
    /// What a window that is not there yet is to be told: an alert to show.
    waiting: Mutex<Option<Push>>,
    /// What feeds the window, and how the shell adds to it.
    feed: Mutex<Option<Feed>>,
}

/// The task that feeds the window.
pub struct Feed {
    pub task: AbortHandle,
    /// What the shell itself tells the window.
    pub tell: mpsc::UnboundedSender<Push>,
}

impl Shell {
    /// Why there is no tray; empty when there is one.
    pub fn tray_note(&self) -> String {
        match &self.obstacle {
            Some(obstacle) => obstacle.clone(),
            None if !*lock(&self.panel) => panel::NO_PANEL.to_owned(),
            None => String::new(),
        }
    }

    /// The theme that was chosen.
    pub fn theme(&self) -> Theme {
        *lock(&self.theme)
    }

    /// Remembers the theme for the next window.
    pub fn set_theme(&self, theme: Theme) {
        *lock(&self.theme) = theme;
    }

    /// Shows an alert (of that account, if it is not the one listened to): in the window that is there, or in one that is
    /// made for it.
    pub fn open_alert(&self, handle: &AppHandle, id: String, account: Option<String>) {
        let push = Push::OpenAlert { id, account };
        let told = lock(&self.feed).as_ref().is_some_and(|feed| feed.tell.send(push.clone()).is_ok());
        if !told {
            *lock(&self.waiting) = Some(push);
        }
        window::open(handle);
    }

    /// Whether the window hears what the engine tells.
    fn is_fed(&self) -> bool {
        lock(&self.feed).as_ref().is_some_and(|feed| !feed.tell.is_closed())
    }

    /// The alert to show first, once.
    pub fn take_waiting(&self) -> Option<Push> {
        lock(&self.waiting).take()
    }

    /// Ends the earlier feed of the window and keeps the new one.
    pub fn set_feed(&self, feed: Option<Feed>) {
        if let Some(old) = std::mem::replace(&mut *lock(&self.feed), feed) {
            old.task.abort();
        }
    }
}

/// Runs until the program is quit.
///
/// # Errors
/// The desktop cannot be reached: no display, no web view.
pub fn run(args: &Args) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let args = args.clone();
    let single = tauri_plugin_single_instance::Builder::new()
        .dbus_id(bus_name(&args))
        .callback(|handle, args, _| {
            // A second start at login is no wish to see the window.
            if !args.iter().any(|arg| arg == "--hidden") {
                window::open(handle);
            }
        })
        .build();
    let app = tauri::Builder::default()
        // First, so that a second start does nothing else.
        .plugin(single)
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_autostart::Builder::new().arg("--hidden").app_name("Tocsin").build())
        .invoke_handler(tauri::generate_handler![bridge::call, bridge::subscribe])
        .setup(move |app| {
            begin(app.handle(), &args)?;
            Ok(())
        })
        .on_window_event(|window, event| match event {
            WindowEvent::CloseRequested { .. } => close(window),
            WindowEvent::Destroyed => let_go(window.app_handle()),
            _ => {}
        })
        .build(crate::context::context())?;
    let code = app.run_return(|handle, event| match event {
        // The last window was closed: the tray stays.
        RunEvent::ExitRequested { code: None, api, .. } if handle.try_state::<Shell>().is_some() => api.prevent_exit(),
        RunEvent::Exit => {
            if let Some(shell) = handle.try_state::<Shell>() {
                shell.set_feed(None);
                tauri::async_runtime::block_on(shell.engine.stop());
            }
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::open(handle),
        _ => {}
    });
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

fn begin(handle: &AppHandle, args: &Args) -> tauri::Result<()> {
    let options = AppOptions { data: args.data.clone(), demo: args.demo };
    let engine = match tauri::async_runtime::block_on(App::start(options)) {
        Ok(engine) => engine,
        Err(error) => {
            give_up(handle, &error);
            return Ok(());
        }
    };
    let places = tauri_plugin_window_state::Builder::new()
        .with_filename(engine.data_folder().join("window.json").to_string_lossy())
        .with_state_flags(window::remembered())
        .build();
    handle.plugin(places)?;
    let theme = match tauri::async_runtime::block_on(engine.call(Request::State)) {
        Ok(Response::State(state)) => state.settings.theme,
        _ => Theme::System,
    };
    handle.manage(Shell {
        engine,
        theme: Mutex::new(theme),
        tray: Mutex::default(),
        panel: Mutex::default(),
        obstacle: panel::obstacle(),
        waiting: Mutex::default(),
        feed: Mutex::default(),
    });
    tauri::async_runtime::spawn(follow(handle.clone()));
    tauri::async_runtime::spawn(end_with_session(handle.clone()));
    let panels = handle.clone();
    panel::watch(move |there| {
        *lock(&panels.state::<Shell>().panel) = there;
        tauri::async_runtime::spawn(show_tray(panels.clone()));
    });
    if !args.hidden {
        window::open(handle);
    }
    Ok(())
}

/// Without an engine there is nothing to show but why.
fn give_up(handle: &AppHandle, error: &ApiError) {
    tracing::error!("{} {}", error.message, error.help);
    let after = handle.clone();
    handle
        .dialog()
        .message(format!("{} {}", error.message, error.help))
        .title("Tocsin cannot start")
        .kind(MessageDialogKind::Error)
        .show(move |_| after.exit(1));
}

/// Somebody closes the window: where it stands is kept now, for a program that ends with it has none left to ask.
fn close(window: &Window) {
    let handle = window.app_handle();
    if let Err(error) = handle.save_window_state(window::remembered()) {
        tracing::warn!("the window's place is not kept: {error}");
    }
    if window.try_state::<Shell>().is_some_and(|shell| !shell.tray_note().is_empty()) {
        // There would be no way back to it.
        handle.exit(0);
    }
}

/// The window is closed: nothing is sent to it any more, and nothing is gathered for it.
fn let_go(handle: &AppHandle) {
    let Some(shell) = handle.try_state::<Shell>() else { return };
    shell.set_feed(None);
    let engine = shell.engine.clone();
    tauri::async_runtime::spawn(async move { engine.call(Request::Unfollow).await });
}

/// Keeps the tray in step, and opens the window when a pop-up asks for it.
async fn follow(handle: AppHandle) {
    let mut pushes = handle.state::<Shell>().engine.subscribe();
    let mut changed = true;
    loop {
        if changed {
            show_tray(handle.clone()).await;
            tokio::time::sleep(TRAY_EVERY).await;
        }
        changed = match pushes.recv().await {
            Ok(Push::OpenAlert { id, account }) => {
                let shell = handle.state::<Shell>();
                if shell.is_fed() {
                    // The window has been told as well.
                    window::open(&handle);
                } else {
                    shell.open_alert(&handle, id, account);
                }
                false
            }
            Ok(Push::Status(_) | Push::Alerts(_) | Push::StateChanged) | Err(RecvError::Lagged(_)) => true,
            Ok(_) => false,
            Err(RecvError::Closed) => return,
        };
    }
}

/// Makes the tray, if it can be and a panel is there to show it, or brings it up to date.
async fn show_tray(handle: AppHandle) {
    let shell = handle.state::<Shell>();
    if !shell.tray_note().is_empty() {
        return;
    }
    let content = tray::content(&shell.engine, tray::is_light(&handle)).await;
    let main = handle.clone();
    let asked = handle.run_on_main_thread(move || {
        let shell = main.state::<Shell>();
        let mut tray = lock(&shell.tray);
        let shown = match tray.take() {
            Some((icon, old)) if old == content => Ok((icon, old)),
            Some((icon, old)) => tray::update(&main, &icon, &old, &content).map(|()| (icon, content)),
            None => tray::make(&main, &content).map(|icon| (icon, content)),
        };
        match shown {
            Ok(shown) => *tray = Some(shown),
            Err(error) => tracing::error!("the tray cannot be shown: {error}"),
        }
    });
    if let Err(error) = asked {
        tracing::debug!("the tray is not shown: {error}");
    }
}

/// The session ends, or somebody stops the program from a terminal: end in order.
async fn end_with_session(handle: AppHandle) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
        let [Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)] = kinds.map(signal) else { return };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hangup.recv() => {}
        }
        handle.exit(0);
    }
    #[cfg(not(unix))]
    let _ = handle;
}

/// The name under which a running program is found: one for each data folder.
fn bus_name(args: &Args) -> String {
    const NAME: &str = "io.github.tocsin_alerts.tocsin";
    let Some(folder) = &args.data else { return NAME.to_owned() };
    let mut hasher = DefaultHasher::new();
    std::path::absolute(folder).unwrap_or_else(|_| folder.clone()).hash(&mut hasher);
    format!("{NAME}.data{:016x}", hasher.finish())
}

/// A lock whose holder panicked is still a lock: each change under it is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
