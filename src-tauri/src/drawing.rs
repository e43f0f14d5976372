//! How the window is drawn where there is no graphics card, and that it is drawn again when what draws it ends.
//!
//! WebKit puts the page together with OpenGL. Without a card Mesa does that on the processor, for the whole window and
//! on several threads at every change: in a flood of events a frame took 130 ms. Drawn by WebKit alone it takes 17.
//!
//! The page lives in a process of its own. When that ends, WebKit leaves an empty window behind: on a full disk, say,
//! where Mesa's cache of shaders is a file that cannot grow (a bus error ends the process).

use std::{
    cell::RefCell,
    fs, io,
    path::Path,
    time::{Duration, Instant},
};

use tauri::WebviewWindow;
use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebProcessTerminationReason, WebView, WebViewExt as _};

/// How often the page is loaded again within [`SPELL`]: what ends more often ends whatever is done.
const AGAIN: usize = 3;
const SPELL: Duration = Duration::from_secs(60);

/// Has the window drawn by WebKit alone on a machine that could only pretend to have a card; and loads the page again
/// whenever its process ends by itself, then drawn so in any case: OpenGL is the likeliest cause.
pub fn keep(window: &WebviewWindow) {
    let again = window.clone();
    let told = window.with_webview(move |view| {
        if !has_card(Path::new("/dev/dri")) {
            draw_alone(&view.inner());
        }
        let ended: RefCell<Vec<Instant>> = RefCell::default();
        view.inner().connect_web_process_terminated(move |view, reason| {
            if reason == WebProcessTerminationReason::TerminatedByApi {
                return; // the window is being closed
            }
            let mut ended = ended.borrow_mut();
            ended.retain(|before| before.elapsed() < SPELL);
            if ended.len() >= AGAIN {
                tracing::error!("the page of the window ended {AGAIN} times within a minute and is not loaded again");
                let _ = again.set_title("Tocsin: the window cannot be drawn. Close it and open it again");
                return;
            }
            ended.push(Instant::now());
            tracing::warn!("the page of the window ended ({reason:?}) and is loaded again");
            draw_alone(view);
            view.reload();
        });
    });
    if let Err(error) = told {
        tracing::debug!("the page is not loaded again when it ends: {error}");
    }
}

fn draw_alone(view: &WebView) {
    if let Some(settings) = view.settings() {
        settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
    }
}

/// Whether there is a card that draws: its render node stands in that folder. A folder that may not be read tells nothing.
fn has_card(folder: &Path) -> bool {
    match fs::read_dir(folder) {
        Ok(entries) => entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("render")),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    #[test]
    fn a_card_is_known_by_its_render_node() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("dri");
        assert!(!has_card(&folder));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("card0"), "").unwrap();
        assert!(!has_card(&folder));
        fs::write(folder.join("renderD128"), "").unwrap();
        assert!(has_card(&folder));
        assert!(has_card(&folder.join("card0")), "no folder that can be read");
    }
}
