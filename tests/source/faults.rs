//! What a line can do to a stream.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tocsin::{
    clock::Clock,
    event::Topic,
    simulator::{Fault, Options, Simulator},
    source::{Endpoint, Heard, Phase},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::{
    ear::{Ear, account, key},
    scripted::{Scripted, request},
};

fn a_key() -> secrecy::SecretString {
    key("c", Duration::ZERO)
}

/// The answer that opens the stream.
async fn agree(line: &mut TlsStream<TcpStream>) -> Option<String> {
    let request = request(line).await?;
    let nonce = request.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("sec-websocket-key").then_some(value)
    })?;
    let accept = derive_accept_key(nonce.as_bytes());
    Some(format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    ))
}

/// One octet, one packet.
async fn trickle(line: &mut TlsStream<TcpStream>, octets: &[u8]) -> std::io::Result<()> {
    for octet in octets {
        line.write_all(&[*octet]).await?;
        line.flush().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_may_come_octet_by_octet() {
    let server = Scripted::with(|mut line| async move {
        let Some(answer) = agree(&mut line).await else { return };
        let _ = trickle(&mut line, answer.as_bytes()).await;
        // Two messages, the first in two fragments with a ping between them.
        for frame in [&b"\x02\x05first"[..], b"\x89\x02hi", b"\x80\x04 one", b"\x82\x06second"] {
            let _ = trickle(&mut line, frame).await;
        }
        let mut rest = [0; 64];
        while line.read(&mut rest).await.is_ok_and(|read| read > 0) {}
    })
    .await;
    let mut ear = Ear::listen(server.account(&[Topic::Audit]), a_key(), Clock::system());
    ear.live(Topic::Audit).await;
    for wanted in ["first one", "second"] {
        let bytes = ear.until(wanted, |heard| match heard {
            Heard::Frame { bytes, .. } => Some(bytes.clone()),
            Heard::State(state) => panic!("{state:?}"),
            _ => None,
        });
        assert_eq!(bytes.await, wanted);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_64_mib_is_refused_before_it_is_there() {
    let written = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&written);
    let server = Scripted::with(move |mut line| {
        let count = Arc::clone(&count);
        async move {
            let Some(answer) = agree(&mut line).await else { return };
            let _ = line.write_all(answer.as_bytes()).await;
            let mut head = vec![0x82, 127];
            head.extend((64u64 << 20).to_be_bytes());
            let _ = line.write_all(&head).await;
            let piece = vec![b'x'; 1 << 16];
            for _ in 0..1 << 10 {
                if line.write_all(&piece).await.is_err() || line.flush().await.is_err() {
                    return;
                }
                count.fetch_add(piece.len(), Ordering::Relaxed);
            }
        }
    })
    .await;
    let mut ear = Ear::listen(server.account(&[Topic::Audit]), a_key(), Clock::system());
    ear.live(Topic::Audit).await;
    let state = ear.problem("oversized").await;
    assert_eq!((state.phase, state.tries), (Phase::BackingOff, 1));
    assert!(state.retry_at.is_some(), "it is tried again");
    let written = written.load(Ordering::Relaxed);
    assert!(written < 16 << 20, "{written} octets were taken of a message that is too long");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fragments_that_add_up_to_too_much_are_refused() {
    let server = Scripted::with(move |mut line| async move {
        let Some(answer) = agree(&mut line).await else { return };
        let _ = line.write_all(answer.as_bytes()).await;
        let mut fragment = vec![0x02, 127];
        fragment.extend((1u64 << 20).to_be_bytes());
        fragment.extend(vec![b'x'; 1 << 20]);
        loop {
            if line.write_all(&fragment).await.is_err() {
                return;
            }
            fragment[0] = 0; // more of the same message, which never ends
        }
    })
    .await;
    let mut ear = Ear::listen(server.account(&[Topic::Audit]), a_key(), Clock::system());
    ear.live(Topic::Audit).await;
    ear.problem("oversized").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_in_the_middle_of_a_frame_is_no_frame_and_it_comes_back() {
    let options =
        Options { story: false, faults: vec![Fault::Reset], clock: Clock::hurried(20.0), ..Options::default() };
    let central = Simulator::start(options).await.unwrap();
    let mut ear = Ear::listen(account(&central, &[Topic::Audit]), central.key(), Clock::hurried(5.0));
    ear.live(Topic::Audit).await;
    central.send(Topic::Audit, "whole");
    let whole = ear.until("the whole message", |heard| match heard {
        Heard::Frame { bytes, .. } => Some(bytes.clone()),
        _ => None,
    });
    assert_eq!(whole.await, "whole");
    let state = ear.until("the end, and nothing of the half message", |heard| match heard {
        Heard::Frame { bytes, .. } => panic!("{} octets of half a message", bytes.len()),
        Heard::State(state) if state.phase == Phase::BackingOff => Some(state.clone()),
        _ => None,
    });
    assert!(state.await.problem.is_some());
    central.clear_faults();
    ear.live(Topic::Audit).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_never_finishes_tls_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let central = Simulator::start(Options { story: false, ..Options::default() }).await.unwrap();
    let mut account = account(&central, &[Topic::Audit]);
    account.endpoint = Endpoint::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    // It takes the connection, and that is all.
    let taking = tokio::spawn(async move {
        let mut taken = Vec::new();
        while let Ok((tcp, _)) = listener.accept().await {
            taken.push(tcp);
        }
    });
    let mut ear = Ear::listen(account, central.key(), Clock::hurried(10.0));
    let state = ear.problem("timeout").await;
    assert_eq!(state.phase, Phase::BackingOff);
    assert!(state.problem.unwrap().message.contains("TLS"));
    ear.problem("timeout").await;
    taking.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_never_finishes_its_answer_is_given_up() {
    let server = Scripted::with(|mut line| async move {
        request(&mut line).await;
        // A head that grows and never ends.
        let _ = line.write_all(b"HTTP/1.1 101 Switching Protocols\r\n").await;
        loop {
            if line.write_all(b"X-More: of it\r\n").await.is_err() || line.flush().await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let mut ear = Ear::listen(server.account(&[Topic::Audit]), a_key(), Clock::hurried(10.0));
    let state = ear.problem("timeout").await;
    assert_eq!(state.phase, Phase::BackingOff);
    ear.problem("timeout").await;
}
