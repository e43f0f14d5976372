//! The window: one, made when it is wanted, and let go with its web view when it is closed.

use tauri::{AppHandle, Manager, Theme, WebviewUrl, WebviewWindow, WebviewWindowBuilder, webview::NewWindowResponse};
use tauri_plugin_window_state::StateFlags;
use tocsin::api;

use crate::shell::Shell;

/// The window's label; the capabilities name it.
pub const LABEL: &str = "main";

/// What of the window is remembered: not whether it was visible, for it may be started hidden.
pub fn remembered() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN
}

/// Brings the window to the front, making it if there is none. From any thread.
pub fn open(handle: &AppHandle) {
    let again = handle.clone();
    let asked = handle.run_on_main_thread(move || {
        if let Err(error) = show(&again) {
            tracing::error!("the window cannot be shown: {error}");
        }
    });
    if let Err(error) = asked {
        tracing::error!("the window cannot be shown: {error}");
    }
}

fn show(handle: &AppHandle) -> tauri::Result<()> {
    // Without a shell the program could not start and says so: there is nothing to open.
    let Some(shell) = handle.try_state::<Shell>() else { return Ok(()) };
    let window = match handle.get_webview_window(LABEL) {
        Some(window) => window,
        None => make(handle, &shell)?,
    };
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

fn make(handle: &AppHandle, shell: &Shell) -> tauri::Result<WebviewWindow> {
    let window = WebviewWindowBuilder::new(handle, LABEL, WebviewUrl::App("index.html".into()))
        .title("Tocsin")
        .inner_size(1280.0, 800.0)
        .min_inner_size(480.0, 400.0)
        .theme(theme(shell.theme()))
        .data_directory(shell.engine.data_folder().join("window"))
        // The window shows this program's own page and nothing else, whatever a text in it might bring about.
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    #[cfg(target_os = "linux")]
    crate::drawing::keep(&window);
    Ok(window)
}

/// The page's own addresses: `tauri://localhost`, on Windows `http://tauri.localhost`.
fn is_own(url: &tauri::Url) -> bool {
    let host = url.host_str();
    match url.scheme() {
        "tauri" => host == Some("localhost"),
        "http" | "https" => host == Some("tauri.localhost") && url.port().is_none(),
        _ => false,
    }
}

/// The theme as the window's frame takes it; `None` follows the system.
pub fn theme(chosen: api::Theme) -> Option<Theme> {
    match chosen {
        api::Theme::System => None,
        api::Theme::Light => Some(Theme::Light),
        api::Theme::Dark => Some(Theme::Dark),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    #[test]
    fn only_its_own_page_is_shown() {
        for own in ["tauri://localhost/index.html", "tauri://localhost/", "http://tauri.localhost/index.html#alerts"] {
            assert!(is_own(&own.parse().unwrap()), "{own}");
        }
        for other in [
            "https://example.com/",
            "http://localhost/",
            "http://tauri.localhost:8080/",
            "http://tauri.localhost.example.com/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "about:blank",
            "tauri://other/",
        ] {
            assert!(!is_own(&other.parse().unwrap()), "{other}");
        }
    }
}
