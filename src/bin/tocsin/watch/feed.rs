//! What `watch` listens to: an account, or the demo's campus.

use std::path::PathBuf;

use secrecy::SecretString;
use tocsin::{
    clock::Clock,
    event::Topic,
    pipeline::{Input, coverage, overload},
    secrets::{Held, Keyring},
    simulator::{Options, Simulator},
    source::{Account, Endpoint, Heard, PrivateCa, Proxies},
};
use tokio::sync::mpsc;

use crate::{Failure, output::complain};

/// A key, and where its successors go.
pub struct Key {
    pub secret: SecretString,
    pub held: Held,
}

/// The key from standard input, or from that entry of the keyring.
pub async fn key(stdin: bool, entry: &str, clock: Clock) -> Result<Key, Failure> {
    if stdin {
        return Ok(Key { secret: super::key_from_stdin()?, held: Held::ThisRunOnly });
    }
    let keyring = Keyring::new(entry, clock);
    let found = keyring.read().await.map_err(|error| format!("{} {}", error.message(), error.steps().join(" ")))?;
    let secret = found.ok_or("The keyring holds no key. Store one with: tocsin key set")?;
    Ok(Key { secret, held: Held::Keyring(keyring) })
}

/// The made-up campus, with a folder that goes when it ends.
pub struct Demo {
    simulator: Simulator,
    folder: PathBuf,
}

impl Demo {
    /// Starts it on a free port of this computer.
    pub async fn start(clock: Clock) -> Result<Self, Failure> {
        let simulator = Simulator::start(Options { clock, ..Options::default() }).await?;
        let folder = std::env::temp_dir().join(format!("tocsin-demo-{:016x}", fastrand::u64(..)));
        complain("the demo: a made-up campus on this computer. Nothing leaves it. Ctrl+C ends it.");
        Ok(Self { simulator, folder })
    }

    /// Where its database lies.
    pub fn folder(&self) -> PathBuf {
        self.folder.clone()
    }

    /// The way to it: over TLS and with a key, as to Central.
    pub fn account(&self, topics: &[Topic]) -> Result<Account, Failure> {
        let endpoint = Endpoint::parse(&self.simulator.endpoint()).map_err(|problem| problem.message)?;
        let topics = if topics.is_empty() { Topic::ALL.to_vec() } else { topics.to_vec() };
        let mut account = Account::new(endpoint, topics);
        account.host_confirmed = true;
        account.private_ca = Some(PrivateCa::from_pem(self.simulator.ca_pem()).map_err(|problem| problem.message)?);
        account.proxies = Proxies::none();
        Ok(account)
    }

    /// The key it takes.
    pub fn key(&self) -> Key {
        Key { secret: self.simulator.key(), held: Held::ThisRunOnly }
    }

    /// Ends it and removes its folder.
    pub async fn end(self) {
        self.simulator.stop().await;
        // It is in the system's folder for such things; what cannot be removed now goes with it.
        let _ = std::fs::remove_dir_all(self.folder);
    }
}

/// Passes what is heard to the pipeline, and says on standard error how the connections stand.
pub async fn forward(mut heard: mpsc::Receiver<Heard>, input: mpsc::Sender<Input>) {
    while let Some(heard) = heard.recv().await {
        let passed = match heard {
            Heard::Frame { topic, bytes } => input.send(Input::Frame { topic, bytes }).await,
            Heard::State(state) => {
                super::print::connection(&state);
                input.send(coverage(&state)).await
            }
            Heard::Overload { topic, missed } => {
                complain(&format!(
                    "{topic}: more came than could be stored; {missed} messages were let go. The log says where."
                ));
                let [begins, ends] = overload(topic, missed);
                match input.send(begins).await {
                    Ok(()) => input.send(ends).await,
                    failed => failed,
                }
            }
            Heard::KeyRenewed { unkept, .. } => {
                complain("the key was renewed");
                if let Some(problem) = unkept {
                    complain(&problem.message);
                }
                Ok(())
            }
            Heard::KeyTrouble(problem) => {
                complain(&problem.message);
                Ok(())
            }
        };
        if passed.is_err() {
            return;
        }
    }
}

/// Waits for Ctrl+C or, where there is one, SIGTERM.
pub async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
