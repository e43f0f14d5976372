//! How the window is drawn where there is no graphics card.
//!
//! WebKit puts the page together with OpenGL. Without a card Mesa does that on the processor, for the whole window and
//! on several threads at every change: in a flood of events a frame took 130 ms. Drawn by WebKit alone it takes 17.

use std::{fs, io, path::Path};

use tauri::{AppHandle, Manager as _};
use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt as _};

use crate::window;

/// From when events flow through the window, WebKit draws by itself on a machine that could only pretend to have a card.
/// Not turned back: WebKit would draw nothing any more. The next window begins anew.
pub fn flowing(handle: &AppHandle) {
    if has_card(Path::new("/dev/dri")) {
        return;
    }
    let Some(window) = handle.get_webview_window(window::LABEL) else { return };
    let told = window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    });
    if let Err(error) = told {
        tracing::debug!("the window is drawn as before: {error}");
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
