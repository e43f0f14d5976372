//! Desktop pop-ups, and the answers people give on them.
//!
//! One thread holds one connection to the session bus for as long as the app runs. It shows every pop-up and hears
//! every answer, one after the other, so that no answer can come before somebody listens. Elsewhere than on the free
//! desktops pop-ups are shown without buttons.

use std::{sync::mpsc as blocking, thread};

use notify_rust::{Notification, Timeout};
use thiserror::Error;
use tokio::sync::mpsc;

use crate::{inert, rules::Severity};

#[cfg(all(unix, not(target_os = "macos")))]
mod bus;
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod native;
mod sounds;

#[cfg(all(unix, not(target_os = "macos")))]
use bus::run;
#[cfg(not(all(unix, not(target_os = "macos"))))]
use native::run;
pub use sounds::Sounds;

/// What a pop-up says. Text may come from the air as it is: it is made inert here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Popup {
    /// The alert it speaks for: its next pop-up takes the place of this one, and answers name it.
    pub alert: String,
    pub severity: Severity,
    /// Shown to at most [`inert::TITLE`] characters.
    pub title: String,
    /// Shown to at most [`inert::BODY`] characters.
    pub body: String,
    /// It may sound again although it takes the place of one that is still there.
    pub reminder: bool,
}

/// What a person did with a pop-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Acknowledge,
    /// No more pop-ups of this alert for an hour.
    Snooze,
    /// Show the alert in the window: the button, or a click on the pop-up itself.
    Open,
    /// Closed by hand without a choice. One that goes by itself gives no answer.
    Dismissed,
}

/// An answer to a pop-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// As in [`Popup::alert`].
    pub alert: String,
    pub action: Action,
}

/// Who draws the pop-ups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerInfo {
    pub name: String,
    pub vendor: String,
    pub version: String,
    /// Whether it draws buttons.
    pub buttons: bool,
    /// Whether it reads markup in bodies.
    pub markup: bool,
}

/// Why a pop-up was not shown.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ShowError {
    /// Nobody draws pop-ups here.
    #[error("no notification service runs on this desktop ({0})")]
    NoDaemon(String),
    /// The service did not take it.
    #[error("the notification service did not take the pop-up: {0}")]
    Other(String),
}

/// What is done when a pop-up was shown or not.
type Done<T> = Box<dyn FnOnce(Result<T, ShowError>) + Send>;

enum Job {
    /// With whether it sounds.
    Show(Popup, bool, Done<()>),
    Close(String),
    Server(Done<ServerInfo>),
}

/// The desktop's pop-ups. Clones share one connection, which ends with the last of them.
#[derive(Clone)]
pub struct Popups {
    jobs: mpsc::UnboundedSender<Job>,
    sounds: sounds::Chosen,
}

impl Popups {
    /// Starts the thread. `on_answer` is called on it and must not block. Nothing is sent until a pop-up is shown.
    pub fn start(on_answer: impl Fn(Answer) + Send + 'static) -> std::io::Result<Self> {
        let (jobs, todo) = mpsc::unbounded_channel();
        thread::Builder::new().name("pop-ups".to_owned()).spawn(move || run(todo, &on_answer))?;
        Ok(Self { jobs, sounds: sounds::Chosen::default() })
    }

    /// Shows a pop-up in the place of the alert's earlier one. Blocks until the service took it, at most some seconds
    /// (10 on the free desktops): not for an async task, which takes [`Self::show_then`].
    pub fn show(&self, popup: Popup) -> Result<(), ShowError> {
        wait(|done| self.show_then(popup, done))
    }

    /// As [`Self::show`] without waiting: `done` is called on the pop-ups' thread and must not block.
    pub fn show_then(&self, popup: Popup, done: impl FnOnce(Result<(), ShowError>) + Send + 'static) {
        let sound = self.sounds.of(popup.severity);
        self.ask(Job::Show(popup, sound, Box::new(done)));
    }

    /// From now on pop-ups of these severities sound.
    pub fn sound(&self, sounds: Sounds) {
        self.sounds.set(sounds);
    }

    /// Takes the alert's pop-up away, if one is there: the alert is over, or was acknowledged elsewhere.
    pub fn close(&self, alert: &str) {
        self.ask(Job::Close(alert.to_owned()));
    }

    /// Who draws pop-ups here. Starts the service where the desktop starts it on demand. Blocks as [`Self::show`].
    pub fn daemon(&self) -> Result<ServerInfo, ShowError> {
        wait(|done| self.ask(Job::Server(done)))
    }

    fn ask(&self, job: Job) {
        if let Err(mpsc::error::SendError(job)) = self.jobs.send(job) {
            match job {
                Job::Show(_, _, done) => done(Err(ended())),
                Job::Server(done) => done(Err(ended())),
                Job::Close(_) => {}
            }
        }
    }
}

fn wait<T: Send + 'static>(ask: impl FnOnce(Done<T>)) -> Result<T, ShowError> {
    let (tell, told) = blocking::sync_channel(1);
    ask(Box::new(move |result| {
        // Nobody waits any more only if the asker's thread is gone.
        let _ = tell.send(result);
    }));
    told.recv().unwrap_or_else(|_| Err(ended()))
}

fn ended() -> ShowError {
    ShowError::Other("the pop-ups' thread has ended".to_owned())
}

/// A pop-up as it is sent to a service with those abilities.
fn notification(popup: &Popup, sound: bool, markup: bool, buttons: bool) -> Notification {
    let mut out = Notification::new();
    let title = inert::title(&popup.title);
    out.appname("Tocsin")
        .summary(if title.is_empty() { "Alert" } else { &title })
        .body(&inert::body(&popup.body, markup))
        .timeout(stays(popup.severity));
    if buttons {
        // Without a label: some servers draw a button for it beside the click that it is for.
        out.action("default", "");
        for (key, label, _) in BUTTONS {
            out.action(key, label);
        }
    }
    #[cfg(all(unix, not(target_os = "macos")))]
    dress(&mut out, popup, sound);
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    if sound {
        out.sound_name("Default");
    }
    out
}

#[cfg(all(unix, not(target_os = "macos")))]
fn dress(out: &mut Notification, popup: &Popup, sound: bool) {
    use notify_rust::{Hint, Urgency};
    out.icon("tocsin")
        .hint(Hint::DesktopEntry("tocsin".to_owned()))
        .hint(Hint::Category("network".to_owned()))
        .urgency(match popup.severity {
            Severity::Info => Urgency::Low,
            Severity::Warning => Urgency::Normal,
            Severity::Critical => Urgency::Critical,
        })
        // Some servers sound on their own unless they are told not to.
        .hint(if sound { Hint::SoundName(sounds::name(popup.severity).to_owned()) } else { Hint::SuppressSound(true) });
}

/// Key, label and meaning of each button, in order.
const BUTTONS: [(&str, &str, Action); 3] = [
    ("acknowledge", "Acknowledge", Action::Acknowledge),
    ("snooze", "Snooze 1 h", Action::Snooze),
    ("open", "Open", Action::Open),
];

/// What a key means that the service sends back.
#[cfg(all(unix, not(target_os = "macos")))]
fn meaning(key: &str) -> Option<Action> {
    if key == "default" {
        return Some(Action::Open);
    }
    BUTTONS.iter().find(|(name, ..)| *name == key).map(|(.., action)| *action)
}

/// How long a pop-up stays if nobody touches it: critical until it is closed.
fn stays(severity: Severity) -> Timeout {
    match severity {
        Severity::Info => Timeout::Milliseconds(5_000),
        Severity::Warning => Timeout::Milliseconds(10_000),
        Severity::Critical => Timeout::Never,
    }
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use notify_rust::Hint;

    use super::*;

    #[test]
    fn a_pop_up_is_silent_unless_its_severity_sounds() {
        for severity in Severity::ALL {
            let popup = Popup { alert: "a".into(), severity, title: "t".into(), body: "b".into(), reminder: false };
            let (silent, loud) = (notification(&popup, false, false, true), notification(&popup, true, false, true));
            assert!(silent.hints.contains(&Hint::SuppressSound(true)), "{severity:?}");
            assert!(loud.hints.contains(&Hint::SoundName(sounds::name(severity).to_owned())), "{severity:?}");
            assert!(!loud.hints.contains(&Hint::SuppressSound(true)), "{severity:?}");
        }
    }
}
