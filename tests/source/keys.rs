//! Keys that age, are replaced, are refused; and that nobody gets to see.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use secrecy::ExposeSecret;
use tocsin::{
    clock::Clock,
    event::Topic,
    simulator::{Fault, KEY_LIFETIME, Options, Simulator},
    source::{Heard, Phase, key::RENEW_BEFORE},
};

use crate::{
    ear::{Ear, account, key},
    scripted::{Certificate, Scripted},
};

fn quiet() -> Options {
    Options { story: false, ..Options::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replaced_key_is_renewed_and_the_connection_comes_back() {
    let central = Simulator::start(quiet()).await.unwrap();
    let old = central.key();
    central.replace_key();
    let mut ear = Ear::listen(account(&central, &[Topic::Audit]), old.clone(), Clock::system());
    let info = ear
        .until("a renewed key", |heard| match heard {
            Heard::KeyRenewed { info, unkept } => Some((info.clone(), unkept.clone())),
            _ => None,
        })
        .await;
    assert_eq!(info, (ear.keys.info(), None));
    ear.live(Topic::Audit).await;
    assert_eq!(ear.keys.current().0.expose_secret(), central.key().expose_secret());
    assert_ne!(ear.keys.current().0.expose_secret(), old.expose_secret());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ageing_key_is_renewed_before_it_ends_while_the_connection_goes_on() {
    let clock = Clock::hurried(20.0);
    let age = KEY_LIFETIME.checked_sub(RENEW_BEFORE + Duration::from_secs(100)).unwrap();
    let central = Simulator::start(Options { key_age: age, clock, ..quiet() }).await.unwrap();
    let mut ear = Ear::listen(account(&central, &[Topic::Audit]), central.key(), clock);
    ear.live(Topic::Audit).await;
    central.replace_key();
    ear.until("a renewed key", |heard| match heard {
        Heard::KeyRenewed { .. } => Some(()),
        Heard::State(state) => panic!("the open connection goes on: {state:?}"),
        _ => None,
    })
    .await;
    assert_eq!(ear.keys.current().0.expose_secret(), central.key().expose_secret());
    assert_eq!(central.connections(Topic::Audit), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_user_may_ask_for_the_key_before_it_is_time() {
    let central = Simulator::start(quiet()).await.unwrap();
    let mut ear = Ear::listen(account(&central, &[Topic::Audit]), central.key(), Clock::system());
    ear.live(Topic::Audit).await;
    central.replace_key();
    ear.running.ask_for_key().await.unwrap();
    ear.until("a renewed key", |heard| matches!(heard, Heard::KeyRenewed { .. }).then_some(())).await;
    assert_eq!(ear.keys.current().0.expose_secret(), central.key().expose_secret());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_key_waits_for_the_user_and_a_new_one_is_tried_at_once() {
    let central = Simulator::start(Options { faults: vec![Fault::Unauthorized], ..quiet() }).await.unwrap();
    let mut ear = Ear::listen(account(&central, &[Topic::Audit]), key("another", Duration::ZERO), Clock::system());
    let state = ear.problem("key-refused").await;
    assert_eq!(state.phase, Phase::Refused);
    central.clear_faults();
    ear.keys.replace(central.key()).await.unwrap();
    ear.running.retry_all();
    ear.live(Topic::Audit).await;
}

fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_refusals_ask_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let successor = key("cust", Duration::ZERO);
    let token = answer("200 OK", &format!(r#"{{"token":"{}"}}"#, successor.expose_secret()));
    let server = Scripted::start(Certificate::Good, move |request| {
        if request.starts_with("GET /streaming/token/validate ") {
            counter.fetch_add(1, Ordering::SeqCst);
            token.clone()
        } else {
            answer("401 Unauthorized", "Unauthorized\n")
        }
    })
    .await;
    let mut ear = Ear::listen(server.account(&Topic::ALL), key("cust", Duration::from_secs(1000)), Clock::system());
    for _ in Topic::ALL {
        ear.problem("key-refused").await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(ear.keys.current().0.expose_secret(), successor.expose_secret());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_sane_key_of_the_same_customer_is_taken() {
    for token in [
        key("somebody else", Duration::ZERO).expose_secret().to_owned(),
        key("cust", Duration::from_hours(8 * 24)).expose_secret().to_owned(),
        "x\\r\\nEvil: yes".to_owned(),
    ] {
        let server = Scripted::start(Certificate::Good, move |request| {
            if request.contains("validate") {
                answer("200 OK", &format!(r#"{{"token":"{token}"}}"#))
            } else {
                answer("401 Unauthorized", "")
            }
        })
        .await;
        let old = key("cust", Duration::ZERO);
        let mut ear = Ear::listen(server.account(&[Topic::Audit]), old.clone(), Clock::system());
        let state = ear.problem("strange-key").await;
        assert_eq!(state.phase, Phase::Refused);
        assert_eq!(ear.keys.current().0.expose_secret(), old.expose_secret());
    }
}

/// Everything the tests of this binary log, at every level of every crate.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_is_in_no_log_and_in_no_words() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _ = tracing::subscriber::set_global_default(subscriber);

    let old = key("cust", Duration::ZERO);
    let echo = old.expose_secret().to_owned();
    // A server that repeats the credential in its complaint.
    let server = Scripted::start(Certificate::Good, move |request| {
        if request.contains("validate") {
            answer("401 Unauthorized", &format!("bad token {echo}"))
        } else if request.contains("Topic: audit") {
            answer("403 Forbidden", &format!("<{echo}> is not allowed"))
        } else {
            answer("401 Unauthorized", &format!("token=\"{echo}\" expired"))
        }
    })
    .await;
    let mut ear = Ear::listen(server.account(&[Topic::Audit, Topic::Security]), old.clone(), Clock::system());
    let mut words = format!("{:?}", ear.keys);
    for _ in 0..2 {
        let state = ear
            .until("a refusal", |heard| match heard {
                Heard::State(state) if state.phase == Phase::Refused => Some(format!("{state:?} {heard:?}")),
                _ => None,
            })
            .await;
        words += &state;
    }
    words += &String::from_utf8_lossy(&log.0.lock().unwrap());
    assert!(words.contains("key-refused") && words.contains("forbidden"), "{words}");
    for part in old.expose_secret().split('.').skip(1) {
        assert!(!words.contains(part), "{words}");
    }
}
