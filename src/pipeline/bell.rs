//! The desktop's pop-ups as the pipeline's bell.

use super::notifier::Bell;
use crate::{
    alert::AlertId,
    sink::desktop::{Popup, Popups, ShowError},
    store::Owed,
};

/// Shows pop-ups on the desktop; `None` where they could not be started at all.
pub struct PopupBell(pub Option<Popups>);

impl Bell for PopupBell {
    fn ring(&mut self, owed: &Owed) -> Result<(), String> {
        let Some(popups) = &self.0 else { return Err("no-daemon".to_owned()) };
        popups.show(popup(owed)).map_err(|error| popup_trouble(&error))
    }

    fn hush(&mut self, alert: &AlertId) {
        if let Some(popups) = &self.0 {
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
        reminder: owed.reminder,
    }
}

/// Why a pop-up was not shown, as the history keeps it.
pub fn popup_trouble(error: &ShowError) -> String {
    match error {
        ShowError::NoDaemon(_) => "no-daemon".to_owned(),
        ShowError::Other(_) => error.to_string(),
    }
}
