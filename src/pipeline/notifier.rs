//! Shows what is owed, on a thread of its own: a notification daemon may take its time.

use std::{
    collections::VecDeque,
    sync::mpsc,
    thread::{self, JoinHandle},
};

use tokio::sync::mpsc as tokio_mpsc;

use crate::{
    alert::{AlertId, Change, ChangeKind},
    store::Owed,
};

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

/// What the thread is told.
enum Order {
    /// And whether the database is to know what became of it.
    Ring(Owed, bool),
    Hush(AlertId),
}

/// What became of a pop-up that was owed.
pub(super) struct Shown {
    /// Which, in the database; `None`: in one that is no more.
    pub owed: Option<i64>,
    pub result: Result<(), String>,
}

/// The pop-ups that wait to be shown. They are shown one at a time, and the next only when the database knows what became
/// of the one before: so a crash can show at most one of them twice.
pub(super) struct Notifier {
    orders: mpsc::Sender<Order>,
    shown: tokio_mpsc::UnboundedReceiver<Shown>,
    waiting: VecDeque<Order>,
    under_way: bool,
    /// The database that owed the one under way is no more.
    orphan: bool,
}

impl Notifier {
    /// Starts the thread. It ends with the notifier.
    pub fn start(mut bell: Box<dyn Bell>) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (orders, received) = mpsc::channel();
        let (tell, shown) = tokio_mpsc::unbounded_channel();
        let work = move || {
            while let Ok(order) = received.recv() {
                match order {
                    Order::Ring(owed, told) => {
                        let result = bell.ring(&owed);
                        // The pipeline has ended: what is shown now will be shown again at the next start.
                        let _ = tell.send(Shown { owed: told.then_some(owed.id), result });
                    }
                    Order::Hush(alert) => bell.hush(&alert),
                }
            }
        };
        let thread = thread::Builder::new().name("notifier".to_owned()).spawn(work)?;
        Ok((Self { orders, shown, waiting: VecDeque::new(), under_way: false, orphan: false }, thread))
    }

    /// Shows these when their turn comes.
    pub fn ring(&mut self, owed: Vec<Owed>) {
        self.waiting.extend(owed.into_iter().map(|owed| Order::Ring(owed, true)));
        self.go_on();
    }

    /// Forgets what waits and has been withdrawn by these changes, as the outbox has.
    pub fn withdraw(&mut self, changes: &[Change]) {
        for change in changes {
            if matches!(change.change, ChangeKind::Notified | ChangeKind::Acknowledged | ChangeKind::Snoozed) {
                self.waiting.retain(|order| !matches!(order, Order::Ring(owed, _) if owed.alert == change.alert));
            }
        }
    }

    /// Takes away the pop-ups of alerts that these changes end or hush.
    pub fn hush(&mut self, changes: &[Change]) {
        for change in changes {
            let over = matches!(
                change.change,
                ChangeKind::Resolved | ChangeKind::Acknowledged | ChangeKind::Snoozed | ChangeKind::Dropped
            );
            if over {
                self.waiting.push_back(Order::Hush(change.alert.clone()));
            }
        }
        self.go_on();
    }

    /// Gives the thread what it may do now.
    pub fn go_on(&mut self) {
        while !self.under_way
            && let Some(order) = self.waiting.pop_front()
        {
            let rings = matches!(order, Order::Ring(..));
            // A thread that ended shows nothing: all of it stays owed until the next start.
            self.under_way = self.orders.send(order).is_ok() && rings;
        }
    }

    /// Another database takes the place of the one that owed what waits: it is shown all the same, and not marked.
    pub fn forget_owed(&mut self) {
        for order in &mut self.waiting {
            if let Order::Ring(_, told) = order {
                *told = false;
            }
        }
        self.orphan = self.under_way;
    }

    /// What became of the one under way: when there is one, this comes soon. Say [`Notifier::go_on`] when it is stored.
    pub async fn heard(&mut self) -> Option<Shown> {
        let shown = self.shown.recv().await;
        self.under_way = false;
        shown.map(|shown| self.owned(shown))
    }

    /// As [`Notifier::heard`], if it is there already.
    pub fn heard_already(&mut self) -> Option<Shown> {
        let shown = self.shown.try_recv().ok()?;
        self.under_way = false;
        Some(self.owned(shown))
    }

    fn owned(&mut self, shown: Shown) -> Shown {
        let orphan = std::mem::take(&mut self.orphan);
        Shown { owed: shown.owed.filter(|_| !orphan), ..shown }
    }

    /// Whether a pop-up is being shown.
    pub fn is_under_way(&self) -> bool {
        self.under_way
    }
}

/// Shows nothing: for a terminal that prints each change anyway.
pub struct Silent;

impl Bell for Silent {
    fn ring(&mut self, _: &Owed) -> Result<(), String> {
        Err("no-popups-here".to_owned())
    }

    fn hush(&mut self, _: &AlertId) {}
}
