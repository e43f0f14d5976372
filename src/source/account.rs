//! What there is to connect to, and the one way to it.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::{
    Endpoint, KeyHolder, Problem,
    dial::{self, SecureLine},
    problem::unknown_host,
    proxy::Proxies,
    tls::{Certificate, PrivateCa, Trust},
};
use crate::{clock::Clock, event::Topic};

/// A Central account to listen to. Its key is not in here but in a [`KeyHolder`].
#[derive(Clone, Debug)]
pub struct Account {
    pub endpoint: Endpoint,
    /// The user agreed to send the key to this host although it is not one of Central's own.
    pub host_confirmed: bool,
    pub topics: Vec<Topic>,
    /// Authorities to believe for this host beside the system's.
    pub private_ca: Option<PrivateCa>,
    /// Sent as `UserName`, which Central takes but does not ask for.
    pub user: Option<String>,
    pub proxies: Proxies,
}

impl Account {
    /// An account with the environment's proxies, no private authority, and no agreement about its host.
    pub fn new(endpoint: Endpoint, topics: Vec<Topic>) -> Self {
        Self {
            endpoint,
            host_confirmed: false,
            topics,
            private_ca: None,
            user: None,
            proxies: Proxies::from_environment(),
        }
    }

    /// Whether the key may be sent there: a host of Central's own, or one the user agreed to.
    pub fn may_send_key(&self) -> Result<(), Problem> {
        if self.host_confirmed || self.endpoint.is_central() {
            Ok(())
        } else {
            Err(unknown_host(&self.endpoint.authority()))
        }
    }
}

/// What every connection of an account shares.
pub(super) struct Link {
    pub account: Account,
    pub keys: Arc<KeyHolder>,
    pub clock: Clock,
    /// Read once, and again after it did not do: somebody may have added an authority to the system meanwhile.
    trust: Mutex<Option<Trust>>,
}

impl Link {
    pub fn new(account: Account, keys: Arc<KeyHolder>, clock: Clock) -> Self {
        Self { account, keys, clock, trust: Mutex::default() }
    }

    /// Looks up where the account's host is. Every connection begins here, so that none goes to a host the user did
    /// not agree to.
    pub async fn find(&self) -> Result<dial::Found, Problem> {
        self.account.may_send_key()?;
        dial::find(&self.account, self.clock).await
    }

    /// Connects and secures the line.
    pub async fn secure(&self, found: dial::Found) -> Result<(SecureLine, Option<Certificate>), Problem> {
        let trust = self.trust().await?;
        let secured = dial::secure(&self.account, found, &trust, self.clock).await;
        if secured.as_ref().is_err_and(|problem| problem.code == "unknown-issuer") {
            *self.trust.lock().await = None;
        }
        secured
    }

    async fn trust(&self) -> Result<Trust, Problem> {
        let mut kept = self.trust.lock().await;
        if let Some(trust) = &*kept {
            return Ok(trust.clone());
        }
        let trust = self.read_trust().await?;
        *kept = Some(trust.clone());
        Ok(trust)
    }

    /// [`Link::find`] and [`Link::secure`].
    pub async fn line(&self) -> Result<SecureLine, Problem> {
        let found = self.find().await?;
        Ok(self.secure(found).await?.0)
    }

    /// Off the async threads: the system's authorities are many files on some systems.
    async fn read_trust(&self) -> Result<Trust, Problem> {
        let private = self.account.private_ca.clone();
        tokio::task::spawn_blocking(move || Trust::new(private.as_ref()))
            .await
            .unwrap_or_else(|error| Err(Problem::new("no-authorities", error.to_string())))
    }
}
