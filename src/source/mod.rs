//! Where frames come from: one WebSocket per topic to Central, kept up by itself.
//!
//! [`start`] makes the connections of an [`Account`] and tells what it hears as [`Heard`]. Every failure ends as a
//! [`Problem`] in words a network operator can act on.

mod account;
mod dial;
mod endpoint;
mod exchange;
mod holder;
pub mod key;
#[cfg(target_os = "linux")]
mod logind;
mod problem;
mod proxy;
mod reconnect;
mod renew;
mod silence;
mod test_connection;
mod tls;
mod topic;
mod wake;
mod websocket;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::{sync::mpsc, task::JoinSet};

pub use account::Account;
pub use endpoint::Endpoint;
pub use exchange::valid_key;
pub use holder::KeyHolder;
pub use key::{KeyInfo, read_key};
pub use problem::{Problem, Retry, about_answer, about_close, about_validate_answer, inert};
pub use proxy::Proxies;
pub use reconnect::Phase;
pub use test_connection::{Stage, StepReport, StepState, Tested, test_connection};
pub use tls::{Certificate, PrivateCa};

use crate::{clock::Clock, event::Topic};
use account::Link;
use renew::Renewal;
use topic::{Follower, Nudge};

/// What the connections tell.
#[derive(Clone, Debug)]
pub enum Heard {
    /// A message, as it came.
    Frame { topic: Topic, bytes: Bytes },
    /// So many messages after the last one came faster than they were taken for so long that they were let go.
    Overload { topic: Topic, missed: u64 },
    /// A connection stands differently now.
    State(ConnectionState),
    /// The key has a successor, which is in use. `unkept`: why it could not be put into the keyring.
    KeyRenewed { info: KeyInfo, unkept: Option<Problem> },
    /// The key nears its end (or is past it), and asking for its successor failed. It is asked for again.
    KeyTrouble(Problem),
}

/// How a topic's connection stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionState {
    pub topic: Topic,
    pub phase: Phase,
    /// When this phase began.
    pub since: Timestamp,
    /// When the next try is due, if one comes by itself.
    pub retry_at: Option<Timestamp>,
    /// Tries that failed in a row.
    pub tries: u32,
    /// Why it is not live; while connecting, why the last try failed.
    pub problem: Option<Problem>,
}

/// The connections of an account. Dropped, it ends them at once; [`Running::stop`] says goodbye to the server.
pub struct Running {
    nudges: BTreeMap<Topic, mpsc::Sender<Nudge>>,
    topics: JoinSet<()>,
    watchers: JoinSet<()>,
    link: Arc<Link>,
    out: mpsc::Sender<Heard>,
}

/// Connects to each of the account's topics, inside a Tokio runtime. `out` should have room for a few messages; when it
/// is full, the connections wait and Central is slowed down by TCP; when it stays so, what comes is let go and counted.
pub fn start(account: Account, keys: Arc<KeyHolder>, clock: Clock, out: mpsc::Sender<Heard>) -> Running {
    let link = Arc::new(Link::new(account, keys, clock));
    let mut running = Running {
        nudges: BTreeMap::new(),
        topics: JoinSet::new(),
        watchers: JoinSet::new(),
        link: Arc::clone(&link),
        out: out.clone(),
    };
    for &topic in &link.account.topics {
        let (nudge, nudges) = mpsc::channel(4);
        if running.nudges.insert(topic, nudge).is_none() {
            running.topics.spawn(Follower::new(Arc::clone(&link), topic, out.clone(), nudges).run());
        }
    }
    let nudge_all = || {
        let nudges: Vec<_> = running.nudges.values().cloned().collect();
        move |what: Nudge| {
            for nudge in &nudges {
                let _ = nudge.try_send(what); // full: it has been told enough
            }
        }
    };
    let (sleep, renewed) = (nudge_all(), nudge_all());
    let (words, said) = mpsc::channel(4);
    #[cfg(target_os = "linux")]
    running.watchers.spawn(logind::watch(clock, words));
    #[cfg(not(target_os = "linux"))]
    drop(words);
    running.watchers.spawn(wake::watch(clock, said, sleep));
    if link.account.may_send_key().is_ok() {
        running.watchers.spawn(renew::keep_fresh(link, out, move || renewed(Nudge::Retry)));
    }
    running
}

impl Running {
    /// Tries a topic now, unless it is live.
    pub fn retry(&self, topic: Topic) {
        if let Some(nudge) = self.nudges.get(&topic) {
            let _ = nudge.try_send(Nudge::Retry); // full: it has been told enough
        }
    }

    /// Tries every topic now that is not live, as after a new key.
    pub fn retry_all(&self) {
        for &topic in self.nudges.keys() {
            self.retry(topic);
        }
    }

    /// Asks Central for the key that is valid now, for a user who does not want to wait until it is asked by itself.
    /// A successor is told as [`Heard::KeyRenewed`], and what is not live is tried with it at once.
    pub async fn ask_for_key(&self) -> Result<(), Problem> {
        let (_, generation) = self.link.keys.current();
        if let Renewal::Renewed { info, unkept } = renew::renew(&self.link, generation).await? {
            let _ = self.out.send(Heard::KeyRenewed { info, unkept }).await; // nobody hears: nobody needs it
            self.retry_all();
        }
        Ok(())
    }

    /// Connects every topic anew, even those that seem live.
    pub fn reconnect_all(&self) {
        for nudge in self.nudges.values() {
            let _ = nudge.try_send(Nudge::Reconnect); // full: it has been told enough
        }
    }

    /// Says goodbye to the server and ends, within two seconds.
    pub async fn stop(mut self) {
        self.watchers.abort_all();
        // The topics end when their channels close: when we and the watchers have let go of them.
        self.nudges.clear();
        while self.watchers.join_next().await.is_some() {}
        let ended = async { while self.topics.join_next().await.is_some() {} };
        let _ = self.link.clock.timeout(Duration::from_secs(2), ended).await; // what is left is ended by the drop
    }
}
