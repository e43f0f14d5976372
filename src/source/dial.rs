//! From an endpoint to a secure line: name, TCP (through a proxy if there is one), TLS.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    Account, Problem,
    problem::{Retry, about_tls, timed_out, unreachable, unresolved},
    proxy::Proxy,
    tls::{Certificate, Trust},
};
use crate::clock::Clock;

const NAME_LIMIT: Duration = Duration::from_secs(10);
const TCP_LIMIT: Duration = Duration::from_secs(10);
const TLS_LIMIT: Duration = Duration::from_secs(10);
/// How much of a head start one address has over the next, as RFC 8305 recommends.
const HEAD_START: Duration = Duration::from_millis(250);

/// Anything octets flow through, both ways.
pub(super) trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

/// A line to the account's host that nobody else can read.
pub(super) type SecureLine = TlsStream<Box<dyn Line>>;

/// Where the first hop is.
pub(super) struct Found {
    addresses: Vec<SocketAddr>,
    proxy: Option<Proxy>,
}

impl Found {
    /// For people: an address, or the proxy that will look the name up.
    pub fn told(&self) -> String {
        match (&self.proxy, self.addresses.first()) {
            (Some(proxy), _) => format!("by {}", proxy.named()),
            (None, Some(address)) if self.addresses.len() > 1 => {
                format!("{} and {} more", address.ip(), self.addresses.len() - 1)
            }
            (None, Some(address)) => address.ip().to_string(),
            (None, None) => String::new(),
        }
    }
}

/// Looks the endpoint's name up, or that of the proxy on the way.
pub(super) async fn find(account: &Account, clock: Clock) -> Result<Found, Problem> {
    let proxy = account.proxies.on_the_way_to(&account.endpoint)?;
    let (host, port) = match &proxy {
        Some(proxy) => (proxy.host.as_str(), proxy.port),
        None => (account.endpoint.host(), account.endpoint.port()),
    };
    let addresses = match clock.timeout(NAME_LIMIT, lookup_host((host, port))).await {
        Some(Ok(addresses)) => alternate(addresses.collect()),
        Some(Err(_)) => Vec::new(),
        None => return Err(timed_out(&format!("looking up {host}"), NAME_LIMIT)),
    };
    if addresses.is_empty() { Err(unresolved(host)) } else { Ok(Found { addresses, proxy }) }
}

/// Connects to what was found, and secures the line to the account's host.
pub(super) async fn secure(
    account: &Account,
    found: Found,
    trust: &Trust,
    clock: Clock,
) -> Result<(SecureLine, Option<Certificate>), Problem> {
    let endpoint = &account.endpoint;
    let line: Box<dyn Line> = match &found.proxy {
        None => Box::new(connect(&found.addresses, endpoint.host(), endpoint.port(), clock).await?),
        Some(proxy) => {
            let tcp = connect(&found.addresses, &proxy.named(), proxy.port, clock).await?;
            let mut line: Box<dyn Line> = if proxy.secure {
                Box::new(handshake(Box::new(tcp), &proxy.host, trust.for_proxy()?, clock).await?)
            } else {
                Box::new(tcp)
            };
            proxy.tunnel(&mut line, endpoint, clock).await?;
            line
        }
    };
    let secured = handshake(line, endpoint.host(), Arc::clone(&trust.host), clock).await?;
    let certificate =
        secured.get_ref().1.peer_certificates().and_then(|chain| Certificate::read(chain.first()?.as_ref()));
    Ok((secured, certificate))
}

async fn handshake(
    line: Box<dyn Line>,
    host: &str,
    config: Arc<ClientConfig>,
    clock: Clock,
) -> Result<SecureLine, Problem> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| {
        Problem::new("bad-endpoint", format!("No certificate can be for the name {host}."))
            .step("Check the endpoint.")
            .retry(Retry::Never)
    })?;
    match clock.timeout(TLS_LIMIT, TlsConnector::from(config).connect(name, line)).await {
        Some(Ok(secured)) => Ok(secured),
        Some(Err(error)) => Err(about_tls(host, &error)),
        None => Err(timed_out(&format!("securing the connection to {host} (TLS)"), TLS_LIMIT)),
    }
}

/// The first connection to come up, each address having a head start over the next: where one family of addresses
/// leads nowhere, the other one wins soon.
async fn connect(addresses: &[SocketAddr], whom: &str, port: u16, clock: Clock) -> Result<TcpStream, Problem> {
    let tries: FuturesUnordered<_> = addresses
        .iter()
        .take(8)
        .enumerate()
        .map(|(place, &address)| async move {
            clock.sleep(HEAD_START * u32::try_from(place).unwrap_or(8)).await;
            TcpStream::connect(address).await
        })
        .collect();
    let mut last = io::Error::from(io::ErrorKind::TimedOut);
    let first = async {
        let mut tries = pin!(tries);
        while let Some(tried) = tries.next().await {
            match tried {
                Ok(stream) => return Some(stream),
                Err(error) => last = error,
            }
        }
        None
    };
    let stream = clock.timeout(TCP_LIMIT, first).await;
    match stream {
        Some(Some(stream)) => {
            let _ = stream.set_nodelay(true); // only a matter of speed
            Ok(stream)
        }
        Some(None) => Err(unreachable(whom, port, &last)),
        None => Err(unreachable(whom, port, &io::ErrorKind::TimedOut.into())),
    }
}

/// The two families of addresses in turn, beginning with the resolver's first choice.
fn alternate(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (preferred, other): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|a| a.is_ipv6() == first_is_v6);
    let mut mixed = Vec::new();
    let (mut preferred, mut other) = (preferred.into_iter(), other.into_iter());
    loop {
        let pair = (preferred.next(), other.next());
        if pair == (None, None) {
            return mixed;
        }
        mixed.extend(pair.0);
        mixed.extend(pair.1);
    }
}
