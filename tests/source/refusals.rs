//! What goes wrong before there is a stream.

use std::time::Duration;

use tocsin::{
    clock::Clock,
    event::Topic,
    simulator::{Options, Simulator},
    source::{Endpoint, Phase, Retry},
};

use crate::{
    ear::{Ear, account, key},
    scripted::{Certificate, Scripted},
};

fn refuse(_: &str) -> String {
    "HTTP/1.1 403 Forbidden\r\n\r\n".to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_is_not_right_is_explained_and_no_key_is_sent() {
    for (certificate, code, words) in [
        (Certificate::Expired, "certificate-expired", "2021-02-03"),
        (Certificate::ForAnotherName, "wrong-name", "192.0.2.7"),
        (Certificate::None, "not-tls", "does not speak TLS"),
    ] {
        let server = Scripted::start(certificate, refuse).await;
        let mut ear = Ear::listen(server.account(&[Topic::Audit]), key("c", Duration::ZERO), Clock::system());
        let problem = ear.problem(code).await.problem.unwrap();
        assert!(problem.message.contains(words), "{problem}");
        assert!(server.requests().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authority_nobody_knows_is_not_believed() {
    let server = Scripted::start(Certificate::Good, refuse).await;
    let other = Scripted::start(Certificate::Good, refuse).await;
    let mut account = server.account(&[Topic::Audit]);
    account.private_ca = other.account(&[]).private_ca;
    let mut ear = Ear::listen(account, key("c", Duration::ZERO), Clock::system());
    let state = ear.problem("unknown-issuer").await;
    assert_eq!(state.phase, Phase::BackingOff);
    assert!(server.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_nobody_agreed_to_is_not_even_looked_up() {
    let server = Scripted::start(Certificate::Good, refuse).await;
    let mut account = server.account(&[Topic::Audit]);
    account.host_confirmed = false;
    let mut ear = Ear::listen(account, key("c", Duration::ZERO), Clock::system());
    let state = ear.problem("unknown-host").await;
    assert_eq!((state.phase, state.retry_at), (Phase::Refused, None));
    assert_eq!(state.problem.unwrap().retry, Retry::Never);
    assert!(server.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_are_as_published() {
    let server = Scripted::start(Certificate::Good, refuse).await;
    let mut account = server.account(&[Topic::Presence]);
    account.user = Some("ops@example.com".to_owned());
    let mut ear = Ear::listen(account, key("c", Duration::ZERO), Clock::system());
    ear.problem("forbidden").await;
    let request = server.requests().remove(0);
    assert!(request.starts_with("GET /streaming/api HTTP/1.1\r\n"), "{request}");
    for header in [
        format!("Host: {}", server.address),
        format!("Authorization: {}", secrecy::ExposeSecret::expose_secret(&ear.keys.current().0)),
        "Topic: presence".to_owned(),
        "Username: ops@example.com".to_owned(), // names of headers are the same in capitals and small letters
        "Upgrade: websocket".to_owned(),
        "Sec-Websocket-Version: 13".to_owned(),
    ] {
        assert!(request.contains(&format!("\r\n{header}\r\n")), "{header} in {request}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redirects_are_not_followed() {
    let elsewhere = Scripted::start(Certificate::Good, refuse).await;
    let location = elsewhere.address;
    let server = Scripted::start(Certificate::Good, move |_| {
        format!("HTTP/1.1 302 Found\r\nLocation: https://{location}/streaming/api\r\nContent-Length: 0\r\n\r\n")
    })
    .await;
    let mut ear = Ear::listen(server.account(&[Topic::Audit]), key("c", Duration::ZERO), Clock::system());
    ear.problem("redirected").await;
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_websocket_is_said() {
    for (answer, code) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "no-websocket"),
        (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
            "no-websocket",
        ),
        ("SSH-2.0-OpenSSH_9.9\r\n\r\n", "no-answer"),
        ("", "no-answer"),
    ] {
        let server = Scripted::start(Certificate::Good, move |_| answer.to_owned()).await;
        let mut ear = Ear::listen(server.account(&[Topic::Audit]), key("c", Duration::ZERO), Clock::system());
        ear.problem(code).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_does_not_exist_is_not_found() {
    let central = Simulator::start(Options { story: false, ..Options::default() }).await.unwrap();
    let mut account = account(&central, &[Topic::Audit]);
    account.endpoint = Endpoint::parse("no-such-host.invalid").unwrap();
    let mut ear = Ear::listen(account, central.key(), Clock::system());
    ear.problem("name-not-found").await;
}
