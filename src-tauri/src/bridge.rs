//! The window's two commands: one to ask, one to be told.

use std::time::Duration;

use tauri::{AppHandle, Manager, State, ipc::Channel};
use tauri_plugin_autostart::ManagerExt as _;
use tocsin::api::{ApiError, App, Folder, Push, Request, Response, ShellState};
use tokio::sync::{
    broadcast::{
        Receiver,
        error::{RecvError, TryRecvError},
    },
    mpsc,
};

use crate::{
    shell::{Feed, Shell},
    window,
};

/// How long pushes are gathered before they go to the window together: a frame of the screen.
const GATHER: Duration = Duration::from_millis(16);

/// Carries out a request of the window: what is the shell's here, all else in the engine.
///
/// # Errors
/// What happened and what to do, for people.
#[tauri::command]
pub async fn call(handle: AppHandle, shell: State<'_, Shell>, request: Request) -> Result<Response, ApiError> {
    match request {
        Request::Shell => Ok(Response::Shell(state(&handle, &shell))),
        Request::StartAtLogin { on } => {
            let login = handle.autolaunch();
            let done = if on { login.enable() } else { login.disable() };
            // Not there is what was wanted.
            if let Err(error) = done
                && login.is_enabled().unwrap_or(!on) != on
            {
                let what =
                    if on { "Tocsin could not be set to start at login" } else { "Tocsin still starts at login" };
                return Err(refusal(
                    "start-at-login",
                    &format!("{what}: {error}."),
                    "Check that ~/.config/autostart can be written.",
                ));
            }
            Ok(Response::Shell(state(&handle, &shell)))
        }
        Request::OpenFolder { folder } => {
            let path = match folder {
                Folder::Data => shell.engine.data_folder(),
                Folder::Rules => shell.engine.rules_folder(),
                Folder::Exports => shell.engine.exports_folder(),
            };
            tauri_plugin_opener::open_path(&path, None::<&str>).map_err(|error| {
                let message = format!("The folder could not be shown: {error}.");
                refusal("open-folder", &message, &format!("Open {} yourself.", path.display()))
            })?;
            Ok(Response::Done)
        }
        Request::Quit => {
            handle.exit(0);
            Ok(Response::Done)
        }
        Request::SaveSettings { settings } => {
            let theme = settings.theme;
            let answer = shell.engine.call(Request::SaveSettings { settings }).await?;
            shell.set_theme(theme);
            if let Some(window) = handle.get_webview_window(window::LABEL)
                && let Err(error) = window.set_theme(window::theme(theme))
            {
                tracing::debug!("the window's frame keeps its theme: {error}");
            }
            Ok(answer)
        }
        other => shell.engine.call(other).await,
    }
}

/// From now on the pushes go to that channel, and to no earlier one.
#[tauri::command]
#[allow(clippy::unused_async, reason = "so that Tauri calls it inside the runtime")]
pub async fn subscribe(shell: State<'_, Shell>, channel: Channel<Vec<Push>>) -> Result<(), ()> {
    let pushes = shell.engine.subscribe();
    let waiting = shell.take_waiting();
    let (tell, own) = mpsc::unbounded_channel();
    let task = tokio::spawn(feed(shell.engine.clone(), pushes, own, waiting, channel)).abort_handle();
    shell.set_feed(Some(Feed { task, tell }));
    Ok(())
}

async fn feed(
    engine: App,
    mut pushes: Receiver<Push>,
    mut own: mpsc::UnboundedReceiver<Push>,
    waiting: Option<Push>,
    channel: Channel<Vec<Push>>,
) {
    let mut batch = vec![Push::Status(engine.status().await)];
    batch.extend(waiting);
    loop {
        if channel.send(std::mem::take(&mut batch)).is_err() {
            return;
        }
        let first = tokio::select! {
            push = pushes.recv() => push,
            push = own.recv() => push.ok_or(RecvError::Closed),
        };
        match first {
            Ok(push) => batch.push(push),
            Err(RecvError::Lagged(_)) => batch.extend(missed()),
            Err(RecvError::Closed) => return,
        }
        tokio::time::sleep(GATHER).await;
        // What has come since; the count bounds a batch while more comes all the time.
        for _ in 0..pushes.len() {
            match pushes.try_recv() {
                Ok(push) => batch.push(push),
                Err(TryRecvError::Lagged(_)) => batch.extend(missed()),
                Err(_) => break,
            }
        }
    }
}

/// What a window that missed something must ask for again.
fn missed() -> [Push; 2] {
    [Push::StateChanged, Push::RulesChanged]
}

fn state(handle: &AppHandle, shell: &Shell) -> ShellState {
    let tray_note = shell.tray_note();
    ShellState {
        tray: tray_note.is_empty(),
        tray_note,
        start_at_login: handle.autolaunch().is_enabled().unwrap_or(false),
    }
}

fn refusal(code: &str, message: &str, help: &str) -> ApiError {
    ApiError { code: code.to_owned(), message: message.to_owned(), help: help.to_owned() }
}
