//! What a test hears of the connections under test.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use tocsin::{
    clock::Clock,
    event::Topic,
    secrets::Held,
    simulator::Simulator,
    source::{Account, ConnectionState, Endpoint, Heard, KeyHolder, Phase, PrivateCa, Proxies, Running, start},
};
use tokio::sync::mpsc;

/// How long anything may take, by the wall: far more than it does.
const PATIENCE: Duration = Duration::from_mins(1);

pub struct Ear {
    pub running: Running,
    pub keys: Arc<KeyHolder>,
    heard: mpsc::Receiver<Heard>,
}

/// A key of this customer, so old.
pub fn key(customer: &str, age: Duration) -> SecretString {
    let created = jiff::Timestamp::now().as_second() - i64::try_from(age.as_secs()).unwrap();
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let payload = part(&format!(r#"{{"customer_id":"{customer}","Created":{created}}}"#));
    format!("{}.{payload}.{}", part(r#"{"alg":"HS256","type":"jwt"}"#), part("signature")).into()
}

/// The simulator as an account.
pub fn account(central: &Simulator, topics: &[Topic]) -> Account {
    Account {
        endpoint: Endpoint::parse(&central.endpoint()).unwrap(),
        host_confirmed: true,
        topics: topics.to_vec(),
        private_ca: Some(PrivateCa::from_pem(central.ca_pem()).unwrap()),
        user: None,
        proxies: Proxies::none(),
    }
}

impl Ear {
    pub fn listen(account: Account, key: SecretString, clock: Clock) -> Self {
        let keys = KeyHolder::new(key, Held::ThisRunOnly).unwrap();
        let (out, heard) = mpsc::channel(64);
        Self { running: start(account, Arc::clone(&keys), clock, out), keys, heard }
    }

    /// The next thing heard that `wanted` takes.
    pub async fn until<T>(&mut self, what: &str, wanted: impl Fn(&Heard) -> Option<T>) -> T {
        let wait = async {
            loop {
                let heard = self.heard.recv().await.expect("the connections still run");
                if let Some(found) = wanted(&heard) {
                    return found;
                }
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("never heard of: {what}"))
    }

    pub async fn live(&mut self, topic: Topic) -> ConnectionState {
        self.until(&format!("{topic} live"), |heard| match heard {
            Heard::State(state) if state.topic == topic && state.phase == Phase::Live => Some(state.clone()),
            _ => None,
        })
        .await
    }

    /// The next state that has a problem of this code and is not just the next try.
    pub async fn problem(&mut self, code: &str) -> ConnectionState {
        self.until(code, |heard| match heard {
            Heard::State(state)
                if state.phase != Phase::Connecting && state.problem.as_ref().is_some_and(|p| p.code == code) =>
            {
                Some(state.clone())
            }
            _ => None,
        })
        .await
    }
}
