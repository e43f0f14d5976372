//! What can go wrong before the server says a word, and after it fell silent.

use std::{io, time::Duration};

use rustls::CertificateError;

use super::{Problem, Retry};

/// A host outside Central that the user has not agreed to.
pub fn unknown_host(host: &str) -> Problem {
    Problem::new(
        "unknown-host",
        format!("{host} is not one of Central's hosts, and the key opens the account's events to whoever holds it. Nothing is sent there before you agree."),
    )
    .step("Check the endpoint against Central's Streaming page.")
    .step("If it is right (Central On-Premises, a test server), agree to send the key to this host.")
    .retry(Retry::Never)
}

/// The name could not be turned into an address.
pub fn unresolved(host: &str) -> Problem {
    Problem::new("name-not-found", format!("The name {host} cannot be found (DNS)."))
        .step("Check the spelling of the endpoint, and whether this computer is online.")
        .step("If names outside are only known to a proxy here, set HTTPS_PROXY and start Tocsin again.")
}

/// No TCP connection to any address of the host (or proxy).
pub fn unreachable(whom: &str, port: u16, error: &io::Error) -> Problem {
    let (code, what) = match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            ("connection-refused", format!("{whom} is there, but nothing accepts connections on port {port}."))
        }
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
            ("unreachable", format!("There is no way from this computer to {whom} on port {port}."))
        }
        io::ErrorKind::TimedOut => {
            ("timeout", format!("{whom} does not answer on port {port}: the packets get lost or are dropped."))
        }
        _ => ("unreachable", format!("No connection to {whom} on port {port}.")),
    };
    let said = if error.kind() == io::ErrorKind::TimedOut { String::new() } else { error.to_string() };
    Problem::new(code, what)
        .said(&said)
        .step(format!("Check that this computer is online, and that no firewall blocks port {port} to {whom}."))
        .step("If the way out is a proxy, set HTTPS_PROXY and start Tocsin again.")
}

/// The other side took too long over something.
pub fn timed_out(doing: &str, limit: Duration) -> Problem {
    Problem::new("timeout", format!("No answer within {} s while {doing}.", limit.as_secs()))
        .step("Nothing to do if it passes: it is tried again.")
        .step("If it lasts, check whether a proxy or firewall inspects this connection.")
}

/// The TLS handshake failed; `error` is as tokio-rustls gives it.
pub fn about_tls(host: &str, error: &io::Error) -> Problem {
    let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else {
        return Problem::new("cut-in-handshake", format!("The connection to {host} was cut while securing it (TLS)."))
            .said(&error.to_string())
            .step("Check whether a firewall between here and there blocks or inspects this connection.");
    };
    match tls {
        rustls::Error::InvalidCertificate(reason) => about_certificate(host, reason),
        rustls::Error::InvalidMessage(_) => {
            Problem::new("not-tls", format!("{host} answers, but does not speak TLS on this port."))
                .step("Check the port of the endpoint. Tocsin only talks to servers over TLS.")
        }
        rustls::Error::AlertReceived(alert) => {
            Problem::new("tls-refused", format!("{host} ended the TLS handshake ({alert:?})."))
                .step("Check the host name: servers refuse names they do not serve.")
        }
        rustls::Error::PeerIncompatible(_) => Problem::new(
            "tls-too-old",
            format!("{host} speaks no TLS version or cipher that is safe to use (TLS 1.2 or 1.3 is needed)."),
        )
        .step("Have the server's TLS brought up to date."),
        other => Problem::new("tls", format!("The connection to {host} could not be secured (TLS)."))
            .said(&other.to_string())
            .step("Check whether a proxy or firewall inspects this connection."),
    }
}

#[allow(deprecated)] // rustls still produces nothing of it, but the match should not depend on that
fn about_certificate(host: &str, reason: &CertificateError) -> Problem {
    let problem = match reason {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Problem::new(
            "unknown-issuer",
            format!("{host} shows a certificate from an authority this computer does not know. It may not be the server it claims to be, so no key was sent."),
        )
        .step(format!("If a proxy here inspects TLS, have {host} exempted, or add the proxy's authority (CA)."))
        .step("If this is your own server (Central On-Premises), add its private authority (CA) to the account."),
        CertificateError::NotValidForName => {
            Problem::new("wrong-name", format!("The certificate is not for {host}, so no key was sent."))
                .step("Check the endpoint's host name, and whether a sign-in page of the local network answers instead.")
        }
        CertificateError::NotValidForNameContext { presented, .. } => Problem::new(
            "wrong-name",
            format!("The certificate is not for {host}{}, so no key was sent.", names(presented)),
        )
        .step("Check the endpoint's host name, and whether a sign-in page of the local network answers instead."),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            Problem::new("certificate-expired", format!("The certificate of {host} has expired{}, so no key was sent.", expiry(reason)))
                .step("Check this computer's date and time.")
                .step("If they are right, the server's certificate has to be renewed by whoever runs it.")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Problem::new("certificate-not-yet", format!("The certificate of {host} is not valid yet, so no key was sent."))
                .step("Check this computer's date and time.")
        }
        CertificateError::Revoked => {
            Problem::new("certificate-revoked", format!("The certificate of {host} was revoked, so no key was sent."))
                .step("Ask whoever runs the server; do not go on.")
        }
        other => Problem::new("bad-certificate", format!("The certificate of {host} cannot be trusted, so no key was sent."))
            .said(&other.to_string())
            .step("If this is your own server, check how its certificate was made: a server needs one that its authority signed, not the authority's own."),
    };
    problem.retry(Retry::Soon)
}

fn names(presented: &[String]) -> String {
    // rustls writes names as `DnsName("example.com")`; only what is between the quotes is for people.
    let names: Vec<String> =
        presented.iter().take(3).map(|name| super::inert(name.split('"').nth(1).unwrap_or(name), 80)).collect();
    if names.is_empty() { String::new() } else { format!(" but for {}", names.join(", ")) }
}

fn expiry(reason: &CertificateError) -> String {
    let CertificateError::ExpiredContext { not_after, .. } = reason else { return String::new() };
    i64::try_from(not_after.as_secs())
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(String::new, |end| format!(" on {}", end.strftime("%Y-%m-%d")))
}

/// Nothing came for so long, not even answers to our pings.
pub fn half_open(limit: Duration) -> Problem {
    Problem::new(
        "silent",
        format!("The connection went dead: for {} s nothing came, not even answers to our pings.", limit.as_secs()),
    )
    .step("Nothing to do: it is tried again. If it happens often, look for a firewall or VPN that drops idle connections.")
}

/// The computer is about to sleep, and what is open is let go.
pub fn sleeps() -> Problem {
    Problem::new("asleep", "The computer goes to sleep. Nothing is heard until it wakes.")
}

/// The computer slept, and what was open may be dead.
pub fn slept() -> Problem {
    Problem::new("asleep", "The computer slept, and heard nothing meanwhile. The connection is made anew.")
}

/// The connection ended without a close.
pub fn reset(error: &str) -> Problem {
    Problem::new("cut", "The connection was cut on the way, without a goodbye from the server.")
        .said(error)
        .step("Nothing to do: it is tried again.")
}

/// A message above the size that is read.
pub fn oversized(limit: usize) -> Problem {
    Problem::new(
        "oversized",
        format!(
            "The server sent a message of more than {} MiB. It was not read, and the connection was made anew.",
            limit >> 20
        ),
    )
    .step("If it happens again, report it: no published message comes near that size.")
}
