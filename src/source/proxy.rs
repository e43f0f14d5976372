//! The way out where there is none but a proxy: which one the environment names, and how a tunnel is asked of it.

use std::{fmt, sync::Arc, time::Duration};

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use url::Url;

use super::{
    Endpoint, Problem,
    problem::{Retry, timed_out},
};
use crate::clock::Clock;

/// How long a proxy may take to open a tunnel.
const PATIENCE: Duration = Duration::from_secs(15);
/// The longest head of an answer that is read, in octets.
const LONGEST_HEAD: usize = 8 * 1024;

/// Which hosts are reached through which proxy. Cheap to clone.
#[derive(Clone)]
pub struct Proxies {
    matcher: Option<Arc<Matcher>>,
    /// A setting that cannot be used. Going around a proxy somebody set would be the wrong way to be helpful.
    unusable: Option<Problem>,
}

impl Proxies {
    /// No proxy at all.
    pub fn none() -> Self {
        Self { matcher: None, unusable: None }
    }

    /// As `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say, in capitals or small letters (capitals first).
    pub fn from_environment() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let either = |name: &str| set(name).or_else(|| set(&name.to_ascii_lowercase())).unwrap_or_default();
        Self::new(&either("HTTPS_PROXY"), &either("ALL_PROXY"), &either("NO_PROXY"))
    }

    /// `https` for every host, else `all`; but none for what `except` lists (commas; domains, addresses, networks, `*`).
    pub fn new(https: &str, all: &str, except: &str) -> Self {
        let (name, value) = if https.is_empty() { ("ALL_PROXY", all.trim()) } else { ("HTTPS_PROXY", https.trim()) };
        if value.is_empty() {
            return Self::none();
        }
        let whole = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
        let unusable = match Url::parse(&whole) {
            Ok(url) if url.scheme().starts_with("socks") => {
                Some(unusable(&format!("{name} names a SOCKS proxy, which Tocsin cannot use.")))
            }
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => None,
            _ => Some(unusable(&format!("{name} does not hold the address of a proxy."))),
        };
        // What cannot be used still stands in the way of every host that is not excepted.
        let intercepts = if unusable.is_some() { "http://unusable.invalid" } else { &whole };
        Self { matcher: Some(Arc::new(Matcher::builder().https(intercepts).no(except).build())), unusable }
    }

    /// The proxy on the way to `endpoint`, if there is one.
    pub(super) fn on_the_way_to(&self, endpoint: &Endpoint) -> Result<Option<Proxy>, Problem> {
        let Some(matcher) = &self.matcher else { return Ok(None) };
        let Ok(uri) = format!("https://{}/", endpoint.host_port()).parse::<Uri>() else { return Ok(None) };
        let Some(found) = matcher.intercept(&uri) else { return Ok(None) };
        if let Some(problem) = &self.unusable {
            return Err(problem.clone());
        }
        let secure = found.uri().scheme_str() == Some("https");
        Ok(found.uri().host().map(|host| Proxy {
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: found.uri().port_u16().unwrap_or(if secure { 443 } else { 80 }),
            secure,
            authorization: found.basic_auth().map(|auth| auth.as_bytes().to_vec()),
        }))
    }
}

impl fmt::Debug for Proxies {
    /// Says only whether there are any: their addresses may hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.matcher.is_some() { "Proxies(set)" } else { "Proxies(none)" })
    }
}

fn unusable(message: &str) -> Problem {
    Problem::new("proxy-setting", message)
        .step("Set it to an HTTP proxy such as http://proxy.example:3128, and start Tocsin again.")
        .retry(Retry::Never)
}

/// A proxy to ask for a tunnel.
pub(super) struct Proxy {
    pub host: String,
    pub port: u16,
    /// It is itself spoken to over TLS.
    pub secure: bool,
    authorization: Option<Vec<u8>>,
}

impl Proxy {
    /// How errors name it: without user and password.
    pub fn named(&self) -> String {
        format!("the proxy {}:{}", self.host, self.port)
    }

    /// Asks for a tunnel to `endpoint` over `line`.
    pub async fn tunnel<L>(&self, line: &mut L, endpoint: &Endpoint, clock: Clock) -> Result<(), Problem>
    where
        L: AsyncRead + AsyncWrite + Unpin,
    {
        let target = endpoint.host_port();
        let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
        if let Some(authorization) = &self.authorization {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(authorization);
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        let exchange = async {
            line.write_all(&request).await?;
            line.flush().await?;
            read_head(line).await
        };
        let head = match clock.timeout(PATIENCE, exchange).await {
            Some(Ok(head)) => head,
            Some(Err(error)) => {
                return Err(Problem::new(
                    "proxy-unreachable",
                    format!("{} hung up instead of opening a tunnel.", capital(&self.named())),
                )
                .said(&error.to_string())
                .step("Check HTTPS_PROXY: is it the right proxy, and http:// or https:// as it wants?"));
            }
            None => return Err(timed_out(&format!("{} opens a tunnel", self.named()), PATIENCE)),
        };
        self.judge(&head, endpoint)
    }

    fn judge(&self, head: &str, endpoint: &Endpoint) -> Result<(), Problem> {
        let status_line = head.lines().next().unwrap_or_default();
        let mut words = status_line.splitn(3, ' ');
        let code = match (words.next(), words.next()) {
            (Some(version), Some(code)) if version.starts_with("HTTP/1.") => code.parse::<u16>().unwrap_or(0),
            _ => 0,
        };
        let said = words.next().unwrap_or_default();
        let who = capital(&self.named());
        Err(match code {
            200..=299 => return Ok(()),
            407 => Problem::new("proxy-auth", format!("{who} wants a user name and password, or does not accept those it was given."))
                .said(said)
                .step("Set HTTPS_PROXY to http://user:password@host:port (special characters percent-encoded), and start Tocsin again.")
                // Wrong passwords, repeated, lock accounts.
                .retry(Retry::Never),
            403 => Problem::new("proxy-forbidden", format!("{who} does not allow connections to {}.", endpoint.host_port()))
                .said(said)
                .step(format!("Ask whoever runs the proxy to allow CONNECT to {}.", endpoint.host_port()))
                .retry(Retry::Slowly),
            502..=504 => Problem::new("proxy-no-way", format!("{who} cannot reach {}.", endpoint.host_port()))
                .said(said)
                .step("Check the endpoint; if it is right, ask whoever runs the proxy."),
            0 => Problem::new("not-a-proxy", format!("What answers at {}:{} is not an HTTP proxy.", self.host, self.port))
                .step("Check HTTPS_PROXY: host, port, and http:// or https://.")
                .retry(Retry::Slowly),
            _ => Problem::new("proxy-refused", format!("{who} does not open a tunnel to {} (HTTP {code}).", endpoint.host_port()))
                .said(said)
                .step("Ask whoever runs the proxy, or set NO_PROXY for this host if it can be reached directly.")
                .retry(Retry::Slowly),
        })
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The head of the answer, octet by octet, so that nothing behind it is taken from the tunnel.
async fn read_head<L: AsyncRead + Unpin>(line: &mut L) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST_HEAD {
        match line.read_u8().await {
            Ok(octet) => head.push(octet),
            // What is not HTTP may end without a head; what came tells more than that it ended.
            Err(_) if !head.is_empty() => break,
            Err(error) => return Err(error),
        }
        if head.len() == 5 && !head.starts_with(b"HTTP/") {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    fn way(https: &str, all: &str, except: &str, to: &str) -> Option<String> {
        let found = Proxies::new(https, all, except).on_the_way_to(&Endpoint::parse(to).unwrap()).unwrap();
        found.map(|proxy| format!("{}{}:{}", if proxy.secure { "s:" } else { "" }, proxy.host, proxy.port))
    }

    #[test]
    fn the_environment_decides() {
        assert_eq!(way("", "", "", "host.example"), None);
        assert_eq!(way("http://p:3128", "", "", "host.example").as_deref(), Some("p:3128"));
        assert_eq!(way("p:3128", "http://other:1", "", "host.example").as_deref(), Some("p:3128"));
        assert_eq!(way("", "https://p", "", "host.example").as_deref(), Some("s:p:443"));
        assert_eq!(way("http://p:1", "", "example", "host.example"), None);
        assert_eq!(way("http://p:1", "", ".host.example, 10.0.0.0/8", "10.1.2.3"), None);
        assert_eq!(way("http://p:1", "", "*", "host.example"), None);
        assert_eq!(way("http://p:1", "", "ample", "host.example").as_deref(), Some("p:1"));
    }

    #[test]
    fn no_setting_is_gone_around_and_no_password_is_told() {
        for setting in ["socks5://u:hunter2@p:1", "http://u:hunter2@", "nonsense://u:hunter2@p", "http://u:hunter2@p:x"]
        {
            let proxies = Proxies::new(setting, "", "");
            let problem = proxies.on_the_way_to(&Endpoint::parse("host").unwrap()).err().unwrap();
            assert_eq!(problem.code, "proxy-setting", "{setting}");
            let excepted = Proxies::new(setting, "", "host").on_the_way_to(&Endpoint::parse("host").unwrap());
            assert!(excepted.is_ok_and(|way| way.is_none()), "{setting}");
            assert!(!format!("{problem:?}{proxies:?}").contains("hunter2"));
        }
    }

    async fn answered(answer: &'static [u8]) -> Result<(), Problem> {
        let (mut ours, mut theirs) = tokio::io::duplex(4096);
        let proxies = Proxies::new("http://user:hunter2@proxy.example:3128", "", "");
        let endpoint = Endpoint::parse("host.example").unwrap();
        let proxy = proxies.on_the_way_to(&endpoint).unwrap().unwrap();
        let server = async move {
            theirs.write_all(answer).await.unwrap();
            let mut request = vec![0; 500];
            let n = theirs.read(&mut request).await.unwrap();
            let request = String::from_utf8_lossy(&request[..n]).into_owned();
            assert!(request.starts_with("CONNECT host.example:443 HTTP/1.1\r\nHost: host.example:443\r\n"));
            assert!(request.contains("Proxy-Authorization: Basic dXNlcjpodW50ZXIy\r\n"));
        };
        let (result, ()) = tokio::join!(proxy.tunnel(&mut ours, &endpoint, Clock::system()), server);
        result
    }

    #[tokio::test]
    async fn what_a_proxy_answers_is_explained() {
        assert!(answered(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n").await.is_ok());
        for (answer, code) in [
            (&b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"[..], "proxy-auth"),
            (b"HTTP/1.0 403 Forbidden\r\n\r\n", "proxy-forbidden"),
            (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "proxy-no-way"),
            (b"HTTP/1.1 418 Teapot\r\n\r\n", "proxy-refused"),
            (b"SSH-2.0-OpenSSH\r\n", "not-a-proxy"),
        ] {
            let problem = answered(answer).await.unwrap_err();
            assert_eq!(problem.code, code);
            assert!(!format!("{problem:?}").contains("hunter2"));
        }
    }
}
