//! Where Central is: what a user pastes, made into a host and a port.

use std::{fmt, net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::{Problem, problem::inert};
use crate::source::problem::Retry;

/// The domains Central's own hosts are in. A key is sent to any other host only after the user agreed.
const CENTRAL: [&str; 3] = ["arubanetworks.com", "arubanetworks.com.cn", "greenlake.hpe.com"];

/// A host and port to connect to. The paths are the API's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Endpoint {
    /// Lower case, IDNA-encoded; an IPv6 address in brackets.
    host: String,
    port: u16,
}

impl Endpoint {
    /// Reads a host, `host:port`, or a `wss:` or `https:` URL; path and query are left out, since the API has its own.
    pub fn parse(pasted: &str) -> Result<Self, Problem> {
        let text = pasted.trim().trim_matches(['"', '\'', '<', '>', '`']).trim();
        if text.is_empty() {
            return Err(bad("The endpoint is empty."));
        }
        if text.starts_with("eyJ") && text.len() > 40 {
            return Err(bad("This is a key, not an endpoint."));
        }
        let rest = match text.split_once("://") {
            None => text,
            Some((scheme, rest)) => match scheme.to_ascii_lowercase().as_str() {
                "wss" | "https" => rest,
                "ws" | "http" => {
                    return Err(bad(
                        "This endpoint would not be encrypted, and the key would travel readable. Only wss is used.",
                    ));
                }
                _ => return Err(bad("An endpoint begins with wss:// or is just a host name.")),
            },
        };
        let rest = if rest.parse::<std::net::Ipv6Addr>().is_ok() { format!("[{rest}]") } else { rest.to_owned() };
        // https, so that the parser applies the rules for host names of the web.
        let url = Url::parse(&format!("https://{rest}")).map_err(|error| {
            bad(&format!(
                "\"{}\" is not a host name ({error}).",
                inert(rest.rsplit('@').next().unwrap_or_default(), 100)
            ))
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("An endpoint holds no user name or password."));
        }
        let host = match url.host() {
            Some(Host::Domain(name)) => name.trim_end_matches('.').to_owned(),
            Some(host) => host.to_string(),
            None => String::new(),
        };
        let well_formed = host.starts_with('[')
            || (!host.is_empty()
                && host.len() <= 253
                && host.split('.').all(|label| {
                    !label.is_empty()
                        && label.len() <= 63
                        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                }));
        if !well_formed {
            return Err(bad(&format!("\"{}\" is not a host name.", inert(&rest, 100))));
        }
        match url.port_or_known_default() {
            Some(port) if port != 0 => Ok(Self { host, port }),
            _ => Err(bad("Port 0 cannot be connected to.")),
        }
    }

    /// The host as certificates and DNS name it: an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    /// The TCP port; 443 unless one was given.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `host` or `host:port`, as a `Host` header and a person write it.
    pub fn authority(&self) -> String {
        if self.port == 443 { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// `host:port` even for the usual port, as CONNECT wants it.
    pub fn host_port(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Where the stream is.
    pub fn streaming_url(&self) -> String {
        format!("wss://{}{STREAMING_PATH}", self.authority())
    }

    /// Whether this is one of Central's own hosts.
    pub fn is_central(&self) -> bool {
        CENTRAL
            .iter()
            .any(|domain| self.host == *domain || self.host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.')))
    }

    /// Whether it is this computer.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host().parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// The path of the stream.
pub const STREAMING_PATH: &str = "/streaming/api";
/// The path that says which key is valid now.
pub const VALIDATE_PATH: &str = "/streaming/token/validate";

fn bad(message: &str) -> Problem {
    Problem::new("bad-endpoint", message)
        .step("Copy the endpoint from Central's Streaming page, such as app1-apigw.central.arubanetworks.com.")
        .retry(Retry::Never)
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.authority())
    }
}

impl FromStr for Endpoint {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Endpoint {
    type Error = Problem;

    fn try_from(text: String) -> Result<Self, Problem> {
        Self::parse(&text)
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.authority()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    #[test]
    fn what_is_pasted_becomes_host_and_port() {
        for (pasted, authority) in [
            ("app1-apigw.central.arubanetworks.com", "app1-apigw.central.arubanetworks.com"),
            (" wss://App1.Central.arubanetworks.com/streaming/api \n", "app1.central.arubanetworks.com"),
            ("wss://internal-ui.central.arubanetworks.com/api", "internal-ui.central.arubanetworks.com"),
            ("https://host.example:8443/streaming/token/validate?x=1", "host.example:8443"),
            ("host.example:443", "host.example"),
            ("\"host.example.\"", "host.example"),
            ("localhost:8443", "localhost:8443"),
            ("127.0.0.1:9", "127.0.0.1:9"),
            ("[::1]:8443", "[::1]:8443"),
            ("::1", "[::1]"),
            ("bücher.example", "xn--bcher-kva.example"),
        ] {
            let endpoint = Endpoint::parse(pasted).unwrap();
            assert_eq!(endpoint.authority(), authority, "{pasted}");
            assert_eq!(endpoint.streaming_url(), format!("wss://{authority}/streaming/api"));
            assert_eq!(Endpoint::parse(&endpoint.to_string()).unwrap(), endpoint);
        }
    }

    #[test]
    fn what_cannot_work_is_explained_without_repeating_secrets() {
        for pasted in [
            "",
            "   ",
            "ws://host",
            "http://host",
            "ftp://host",
            "host name",
            "host:0",
            "host:99999",
            "a..b",
            "*.example",
            "wss://",
            "wss://user:hunter2@host",
            "user:hunter2@host:x",
            "[::1",
            "eyJhbGciOiJIUzI1NiJ9.eyJjdXN0b21lcl9pZCI6IjEifQ.c2ln",
        ] {
            let problem = Endpoint::parse(pasted).unwrap_err();
            assert_eq!(problem.code, "bad-endpoint", "{pasted}");
            assert!(!problem.to_string().contains("hunter2") && !problem.to_string().contains("eyJ"), "{problem}");
        }
    }

    #[test]
    fn only_centrals_hosts_are_central() {
        for (host, central) in [
            ("app1-apigw.central.arubanetworks.com", true),
            ("arubanetworks.com", true),
            ("apigw.central.arubanetworks.com.cn", true),
            ("de1.api.central.greenlake.hpe.com", true),
            ("evilarubanetworks.com", false),
            ("arubanetworks.com.evil.example", false),
            ("hpe.com", false),
            ("127.0.0.1:8443", false),
        ] {
            assert_eq!(Endpoint::parse(host).unwrap().is_central(), central, "{host}");
        }
    }
}
