//! A Central that runs here: a TLS WebSocket server, a seeded campus with a story, faults on demand.
//!
//! It follows the published contract, so that any client of the Streaming API can use it, and knows nothing of the
//! pipeline: who wants its events goes through TLS and the key, as with Central. [`story`] lists what happens and when.

pub mod campus;
mod certificate;
mod connection;
mod disturb;
mod fault;
mod gate;
pub mod hostile;
mod http;
mod hub;
mod key;
pub mod story;

use std::{
    collections::BTreeSet,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

use crate::{clock::Clock, event::Topic};

pub use fault::Fault;
pub use hub::CONNECTIONS_PER_TOPIC;
pub use key::LIFETIME as KEY_LIFETIME;

/// How long a connection lives under the faults `drop` and `reset`, and when `key-replaced` strikes at the earliest.
pub const CUT_AFTER: Duration = Duration::from_secs(10);
/// How long a handshake waits for its answer under the fault `slow-handshake`.
pub const SLOW_HANDSHAKE: Duration = Duration::from_secs(8);
/// The customer of the simulated account.
pub const CUSTOMER: &str = "c4a7e0d25f3b4b1c9a60e1d27b8f3355";

/// What a simulator is to be like.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Chooses the campus, the key's secret and every random turn of the story.
    pub seed: u64,
    /// The topics that are ticked on the account's Streaming page.
    pub topics: Vec<Topic>,
    /// Faults from the start.
    pub faults: Vec<Fault>,
    /// The clock of the story, the key's age and the faults; a hurried one hurries all of them.
    pub clock: Clock,
    /// How old the key is at the start.
    pub key_age: Duration,
    /// The zone of the campus: says when firmware may be pushed.
    pub zone: TimeZone,
    /// Whether the campus speaks. Without a story only [`Simulator::send`] and the faults do.
    pub story: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            seed: 1,
            topics: Topic::ALL.to_vec(),
            faults: Vec::new(),
            clock: Clock::system(),
            key_age: Duration::ZERO,
            zone: TimeZone::system(),
            story: true,
        }
    }
}

/// Why a simulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("The simulator cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("The simulator cannot make its certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    #[error("The simulator cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
}

/// What all connections of a simulator share.
struct Central {
    clock: Clock,
    /// The clock's running time when the simulator started: where the story begins.
    started: Duration,
    topics: Vec<Topic>,
    keys: Mutex<key::Keys>,
    hub: Arc<hub::Hub>,
    faults: watch::Sender<BTreeSet<Fault>>,
}

impl Central {
    fn has(&self, fault: Fault) -> bool {
        self.faults.borrow().contains(&fault)
    }

    fn keys(&self) -> MutexGuard<'_, key::Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a handshake with this key may go on.
    fn accepts(&self, key: &str) -> bool {
        self.keys().current(self.clock.now()) == key
    }

    /// The key that is valid now, for who holds this one; `None`: it never was a key of the account.
    fn key_for(&self, key: &str) -> Option<String> {
        let mut keys = self.keys();
        keys.ours(key).then(|| keys.current(self.clock.now()).to_owned())
    }

    fn replace_key(&self) {
        self.keys().replace(self.clock.now());
    }

    /// How long the simulator has been running, by its clock.
    fn age(&self) -> Duration {
        self.clock.elapsed().saturating_sub(self.started)
    }
}

/// A running simulator. Dropping it ends it at once.
pub struct Simulator {
    central: Arc<Central>,
    address: SocketAddr,
    ca_pem: String,
    tasks: Vec<JoinHandle<()>>,
}

impl Simulator {
    /// Listens and begins the story.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let failed = |source| StartError::Listen { address: options.listen, source };
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let certificate = certificate::issue(address)?;
        let clock = options.clock;
        let hostile = options.faults.contains(&Fault::HostileRefusal);
        let customer = if hostile { hostile::customer() } else { CUSTOMER.to_owned() };
        let central = Arc::new(Central {
            clock,
            started: clock.elapsed(),
            topics: options.topics,
            keys: Mutex::new(key::Keys::new(options.seed, &customer, clock.now(), options.key_age)),
            hub: Arc::default(),
            faults: watch::Sender::new(options.faults.into_iter().collect()),
        });
        let mut tasks = vec![
            tokio::spawn(accept(Arc::clone(&central), listener, TlsAcceptor::from(certificate.server))),
            tokio::spawn(disturb::run(Arc::clone(&central), options.seed)),
        ];
        if options.story {
            let script = story::Script::new(options.seed, clock.now(), options.zone);
            tasks.push(tokio::spawn(tell(Arc::clone(&central), script)));
        }
        Ok(Self { central, address, ca_pem: certificate.ca_pem, tasks })
    }

    /// Where to connect to, as an account's Streaming page shows it: `127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        address.to_string()
    }

    /// The key that is valid now.
    pub fn key(&self) -> SecretString {
        self.central.keys().current_secret(self.central.clock.now())
    }

    /// The CA to trust, in PEM. It lives as long as this simulator.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Central replaces the key: open connections go on, new ones need the new key, `token/validate` tells it.
    pub fn replace_key(&self) {
        self.central.replace_key();
    }

    /// The key's seven days end now. As Central replaces an expired key by itself, its successor is valid at once.
    pub fn expire_key(&self) {
        self.central.replace_key();
    }

    /// Has this fault from now on.
    pub fn inject(&self, fault: Fault) {
        self.central.faults.send_modify(|faults| {
            faults.insert(fault);
        });
    }

    /// Has no fault any more.
    pub fn clear_faults(&self) {
        self.central.faults.send_modify(BTreeSet::clear);
    }

    /// Sends a message of your own to all connections of a topic.
    pub fn send(&self, topic: Topic, frame: impl Into<Bytes>) {
        self.central.hub.publish(topic, &frame.into());
    }

    /// How many connections are open to a topic.
    pub fn connections(&self, topic: Topic) -> usize {
        self.central.hub.count(topic)
    }

    /// Cuts all connections without a close frame.
    pub fn drop_connections(&self) {
        self.central.hub.cut_all();
    }

    /// Closes all connections with a close frame (1001, going away), then ends.
    pub async fn stop(self) {
        let wall = Clock::system();
        self.central.hub.close_all();
        let leaving = async {
            while !self.central.hub.is_empty() {
                wall.sleep(Duration::from_millis(5)).await;
            }
        };
        // Who does not take a goodbye within a second is cut when `self` goes.
        let _ = wall.timeout(Duration::from_secs(1), leaving).await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Takes connections until it is aborted, which ends all of them.
async fn accept(central: Arc<Central>, listener: TcpListener, acceptor: TlsAcceptor) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((tcp, _)) => {
                    connections.spawn(connection::serve(Arc::clone(&central), acceptor.clone(), tcp));
                }
                // Out of file descriptors, most likely: some will come back.
                Err(_) => Clock::system().sleep(Duration::from_millis(100)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Plays the story on the simulator's clock.
async fn tell(central: Arc<Central>, script: story::Script) {
    for cue in script {
        let early = cue.at.saturating_sub(central.age());
        if early.is_zero() {
            tokio::task::yield_now().await;
        } else {
            central.clock.sleep(early).await;
        }
        central.hub.publish(cue.topic, &cue.frame);
    }
}
