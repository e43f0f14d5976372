//! The desktop's pop-ups as the pipeline's bell.

use super::notifier::Bell;
use crate::{
    alert::AlertId,
    sink::desktop::{Popup, Popups, ShowError},
    store::Owed,
};

/// Shows pop-ups on the desktop.
pub struct PopupBell {
    /// `None` where they could not be started at all.
    pub popups: Option<Popups>,
    /// Whose alerts they are: pop-ups outlive the session that showed them.
    pub whose: String,
}

/// What a pop-up of an alert goes under. Logs number their alerts each for itself, so whose it is belongs to it.
fn tag(whose: &str, alert: &AlertId) -> String {
    format!("{whose}/{alert}")
}

/// Whose alert a pop-up was shown for, and which.
pub fn read_tag(tag: &str) -> Option<(&str, AlertId)> {
    tag.split_once('/').map(|(whose, alert)| (whose, alert.into()))
}

impl Bell for PopupBell {
    fn ring(&mut self, owed: &Owed) -> Result<(), String> {
        let Some(popups) = &self.popups else { return Err("no-daemon".to_owned()) };
        popups.show(popup(&self.whose, owed)).map_err(|error| popup_trouble(&error))
    }

    fn hush(&mut self, alert: &AlertId) {
        if let Some(popups) = &self.popups {
            popups.close(&tag(&self.whose, alert));
        }
    }
}

fn popup(whose: &str, owed: &Owed) -> Popup {
    Popup {
        alert: tag(whose, &owed.alert),
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
