//! The desktop's pop-ups as the pipeline's bell.

use std::sync::{Arc, OnceLock};

use crate::{
    alert::AlertId,
    pipeline::Bell,
    sink::desktop::{Popup, Popups, ShowError},
    store::Owed,
};

/// Shows pop-ups on the desktop, by a listener that is started once for the whole run.
pub struct DesktopBell {
    pub popups: Arc<OnceLock<Popups>>,
}

impl Bell for DesktopBell {
    fn ring(&mut self, owed: &Owed) -> Result<(), String> {
        let Some(popups) = self.popups.get() else { return Err("no-daemon".to_owned()) };
        popups.show(popup(owed)).map_err(|error| code(&error))
    }

    fn hush(&mut self, alert: &AlertId) {
        if let Some(popups) = self.popups.get() {
            popups.close(alert.as_str());
        }
    }
}

fn popup(owed: &Owed) -> Popup {
    Popup {
        alert: owed.alert.to_string(),
        severity: owed.severity,
        title: owed.title.clone(),
        body: owed.body.clone(),
        reminder: false,
    }
}

/// The code that the history keeps.
pub fn code(error: &ShowError) -> String {
    match error {
        ShowError::NoDaemon(_) => "no-daemon".to_owned(),
        other => other.to_string(),
    }
}
