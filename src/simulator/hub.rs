//! Who listens to what: the open connections of each topic, five at most.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc};

use crate::event::Topic;

/// Connections that may be open to one topic of an account (published).
pub const CONNECTIONS_PER_TOPIC: usize = 5;

/// Messages that wait for one connection; who falls further behind is cut.
const QUEUE: usize = 4096;

/// What a connection is told to do.
pub(super) enum Order {
    Send(Bytes),
    /// Say goodbye as a WebSocket does, then close.
    Close,
}

/// The open connections.
#[derive(Default)]
pub(super) struct Hub {
    listeners: Mutex<Listeners>,
}

#[derive(Default)]
struct Listeners {
    next: u64,
    open: BTreeMap<u64, Listener>,
}

struct Listener {
    topic: Topic,
    orders: mpsc::Sender<Order>,
    cut: Arc<Notify>,
}

/// One connection's place among those of its topic; dropping it gives the place back.
pub(super) struct Seat {
    hub: Arc<Hub>,
    number: u64,
    pub orders: mpsc::Receiver<Order>,
    /// Wakes when the connection is to end at once, whatever it is doing.
    pub cut: Arc<Notify>,
}

impl Hub {
    /// A place for one more connection; `None`: all are taken.
    pub fn enter(self: &Arc<Self>, topic: Topic) -> Option<Seat> {
        let mut listeners = self.lock();
        if listeners.open.values().filter(|listener| listener.topic == topic).count() >= CONNECTIONS_PER_TOPIC {
            return None;
        }
        let (orders_in, orders) = mpsc::channel(QUEUE);
        let cut = Arc::new(Notify::new());
        let number = listeners.next;
        listeners.next += 1;
        listeners.open.insert(number, Listener { topic, orders: orders_in, cut: Arc::clone(&cut) });
        Some(Seat { hub: Arc::clone(self), number, orders, cut })
    }

    /// Gives a message to all connections of a topic. One that cannot keep up is cut.
    pub fn publish(&self, topic: Topic, frame: &Bytes) {
        for listener in self.lock().open.values().filter(|listener| listener.topic == topic) {
            if listener.orders.try_send(Order::Send(frame.clone())).is_err() {
                listener.cut.notify_one();
            }
        }
    }

    /// How many connections are open to a topic.
    pub fn count(&self, topic: Topic) -> usize {
        self.lock().open.values().filter(|listener| listener.topic == topic).count()
    }

    /// Cuts all connections without a close frame.
    pub fn cut_all(&self) {
        for listener in self.lock().open.values() {
            listener.cut.notify_one();
        }
    }

    /// Lets all connections say goodbye.
    pub fn close_all(&self) {
        for listener in self.lock().open.values() {
            if listener.orders.try_send(Order::Close).is_err() {
                listener.cut.notify_one();
            }
        }
    }

    /// Whether nobody listens.
    pub fn is_empty(&self) -> bool {
        self.lock().open.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.lock().open.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_has_five_seats_and_a_seat_comes_back() {
        let hub = Arc::new(Hub::default());
        let mut seats = (0..5).map(|_| hub.enter(Topic::Audit)).collect::<Vec<_>>();
        assert!(seats.iter().all(Option::is_some));
        assert!(hub.enter(Topic::Audit).is_none());
        assert!(hub.enter(Topic::Security).is_some(), "each topic has its own");
        seats.pop();
        assert!(hub.enter(Topic::Audit).is_some());
        drop(seats);
        assert!(hub.is_empty());
    }
}
