//! Shows what is owed, on a thread of its own: a notification daemon may take its time.

use std::{
    sync::mpsc,
    thread::{self, JoinHandle},
};

use super::told::Input;
use crate::{alert::AlertId, store::Owed};

/// Something that shows pop-ups.
pub trait Bell: Send {
    /// Shows it, in place of an earlier one for the same alert.
    ///
    /// # Errors
    /// Why it could not be shown: a code such as `no-daemon`.
    fn ring(&mut self, owed: &Owed) -> Result<(), String>;

    /// Takes the alert's pop-up away, if it is there: it is over, or has been dealt with elsewhere.
    fn hush(&mut self, alert: &AlertId);
}

/// What the notifier is told.
pub(super) enum Order {
    Ring(Owed),
    Hush(AlertId),
}

/// Starts it. It ends when the sender is dropped.
pub(super) fn start(
    mut bell: Box<dyn Bell>,
    input: tokio::sync::mpsc::Sender<Input>,
) -> std::io::Result<(mpsc::Sender<Order>, JoinHandle<()>)> {
    let (orders, received) = mpsc::channel();
    let work = move || {
        while let Ok(order) = received.recv() {
            match order {
                Order::Ring(owed) => {
                    let result = bell.ring(&owed);
                    // The pipeline has ended: what is shown now will be shown again at the next start.
                    let _ = input.blocking_send(Input::Shown { owed: owed.id, result });
                }
                Order::Hush(alert) => bell.hush(&alert),
            }
        }
    };
    let thread = thread::Builder::new().name("notifier".to_owned()).spawn(work)?;
    Ok((orders, thread))
}

/// Shows nothing: for a terminal that prints each change anyway.
pub struct Silent;

impl Bell for Silent {
    fn ring(&mut self, _: &Owed) -> Result<(), String> {
        Err("no-popups-here".to_owned())
    }

    fn hush(&mut self, _: &AlertId) {}
}
