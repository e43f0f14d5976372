//! Through a proxy, to the simulator.

use std::sync::{Arc, Mutex};

use tocsin::{
    clock::Clock,
    event::Topic,
    simulator::{Options, Simulator},
    source::{Phase, Proxies},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use crate::ear::{Ear, account};

/// A proxy that wants `user:pass word`, and what it was asked.
pub async fn proxy() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::<Mutex<Vec<String>>>::default();
    let log = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let log = Arc::clone(&log);
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                let target = head.split(' ').nth(1).unwrap().to_owned();
                let allowed = head.contains("Proxy-Authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n");
                log.lock().unwrap().push(head);
                if !allowed {
                    let _ = client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
                    return;
                }
                let mut server = TcpStream::connect(target).await.unwrap();
                client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    (port, asked)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_and_renewals_go_through_the_proxy() {
    let central = Simulator::start(Options { story: false, ..Options::default() }).await.unwrap();
    let (port, asked) = proxy().await;
    let mut account = account(&central, &[Topic::Audit]);
    account.proxies = Proxies::new(&format!("http://user:pass%20word@127.0.0.1:{port}"), "", "");
    let old = central.key();
    central.replace_key();
    let mut ear = Ear::listen(account, old, Clock::system());
    ear.live(Topic::Audit).await;
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 3, "refused stream, renewal, stream");
    assert!(asked.iter().all(|head| head.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", central.endpoint()))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_wants_a_password_is_asked_once() {
    let central = Simulator::start(Options { story: false, ..Options::default() }).await.unwrap();
    let (port, _) = proxy().await;
    let mut account = account(&central, &[Topic::Audit]);
    account.proxies = Proxies::new(&format!("http://user:hunter2@127.0.0.1:{port}"), "", "");
    let mut ear = Ear::listen(account, central.key(), Clock::system());
    let state = ear.problem("proxy-auth").await;
    assert_eq!((state.phase, state.retry_at), (Phase::Refused, None));
    assert!(!format!("{state:?}").contains("hunter2"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_is_not_there_is_named() {
    let central = Simulator::start(Options { story: false, ..Options::default() }).await.unwrap();
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let mut account = account(&central, &[Topic::Audit]);
    account.proxies = Proxies::new(&format!("http://user:hunter2@127.0.0.1:{port}"), "", "");
    let mut ear = Ear::listen(account, central.key(), Clock::system());
    let problem = ear.problem("connection-refused").await.problem.unwrap();
    assert!(problem.message.contains("the proxy 127.0.0.1"), "{problem}");
    assert!(!format!("{problem:?}").contains("hunter2"));
}
