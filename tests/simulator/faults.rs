//! What goes wrong on demand.

use std::{collections::BTreeSet, time::Duration};

use client::{end, frame, key, open, open_as, pongs, soon, until, validate};
use jiff::Timestamp;
use tocsin::{
    clock::Clock,
    decode,
    event::{Topic, Value},
    simulator::{Fault, Options, Simulator, hostile},
};

use crate::client;

async fn with(faults: &[Fault]) -> Simulator {
    let clock = Clock::hurried(20.0);
    Simulator::start(Options { clock, faults: faults.to_vec(), story: false, ..Options::default() }).await.unwrap()
}

#[tokio::test]
async fn refusals_are_given_as_long_as_asked() {
    let simulator = with(&[]).await;
    for (fault, status) in [
        (Fault::Unauthorized, 401),
        (Fault::Unsubscribed, 400),
        (Fault::HostileRefusal, 403),
        (Fault::Unavailable, 503),
    ] {
        simulator.inject(fault);
        assert_eq!(open(&simulator, Topic::Audit).await.unwrap_err().0, status);
        let validated = validate(&simulator, &key(&simulator)).await.0;
        assert_eq!(validated, if matches!(fault, Fault::Unsubscribed | Fault::HostileRefusal) { 200 } else { status });
        simulator.clear_faults();
        assert!(open(&simulator, Topic::Audit).await.is_ok());
    }
}

#[tokio::test]
async fn a_slow_handshake_takes_its_time() {
    let simulator = Simulator::start(Options {
        clock: Clock::hurried(10.0),
        faults: vec![Fault::SlowHandshake],
        ..Options::default()
    })
    .await
    .unwrap();
    let watch = Clock::system();
    assert!(open(&simulator, Topic::Audit).await.is_ok());
    assert!(watch.elapsed() >= Duration::from_millis(800), "{:?}", watch.elapsed());
}

#[tokio::test]
async fn drop_and_reset_end_without_a_goodbye() {
    for fault in [Fault::Drop, Fault::Reset] {
        let simulator = with(&[fault]).await;
        let mut socket = open(&simulator, Topic::Audit).await.unwrap();
        assert!(end(&mut socket).await.is_err(), "{fault}");
        until("its seat is free", || simulator.connections(Topic::Audit) == 0).await;
    }
}

#[tokio::test]
async fn connections_can_be_cut_by_hand() {
    let simulator = with(&[]).await;
    let mut socket = open(&simulator, Topic::Audit).await.unwrap();
    simulator.drop_connections();
    assert!(end(&mut socket).await.is_err());
}

#[tokio::test]
async fn a_stalled_connection_is_silent_but_open_and_wakes_again() {
    let simulator = with(&[]).await;
    let mut socket = open(&simulator, Topic::Audit).await.unwrap();
    assert!(pongs(&mut socket, client::LIMIT).await);
    simulator.inject(Fault::Stall);
    simulator.send(Topic::Audit, vec![1]);
    assert!(!pongs(&mut socket, Duration::from_millis(700)).await);
    assert_eq!(simulator.connections(Topic::Audit), 1);
    simulator.clear_faults();
    assert!(pongs(&mut socket, client::LIMIT).await);
}

#[tokio::test]
async fn a_replaced_key_needs_a_new_one_at_the_next_handshake() {
    let simulator = with(&[Fault::KeyReplaced]).await;
    let first = key(&simulator);
    let mut socket = open(&simulator, Topic::Audit).await.unwrap();
    assert!(end(&mut socket).await.is_err());
    assert_eq!(open_as(&simulator, Topic::Audit, &first).await.unwrap_err().0, 401);
    assert!(validate(&simulator, &first).await.1.contains(&key(&simulator)));
}

#[tokio::test]
async fn truncated_and_oversized_messages_do_not_decode() {
    for fault in [Fault::Truncated, Fault::Oversize] {
        let simulator = with(&[fault]).await;
        let mut socket = open(&simulator, Topic::Security).await.unwrap();
        // This client takes frames of up to 16 MiB: of an oversized one it sees the error.
        let message = soon(futures_util::StreamExt::next(&mut socket)).await.unwrap();
        match message {
            Ok(message) => {
                assert_eq!(fault, Fault::Truncated);
                let decoded = decode::frame(Some(Topic::Security), 1, Timestamp::now(), &message.into_data());
                assert!(decoded.is_err());
            }
            Err(error) => assert!(fault == Fault::Oversize && error.to_string().contains("too long"), "{error}"),
        }
    }
}

#[tokio::test]
async fn garbage_comes_on_every_topic() {
    let simulator = with(&[Fault::Garbage]).await;
    for topic in Topic::ALL {
        let mut socket = open(&simulator, topic).await.unwrap();
        // Random octets may by chance be a message; what must not happen is a panic.
        drop(decode::frame(Some(topic), 1, Timestamp::now(), &frame(&mut socket).await));
    }
}

#[tokio::test]
async fn hostile_text_comes_well_formed_and_on_the_wire() {
    let simulator = with(&[Fault::Hostile]).await;
    let mut socket = open(&simulator, Topic::Security).await.unwrap();
    let mut radios = BTreeSet::new();
    while radios.len() < hostile::TEXTS.len() {
        let bytes = frame(&mut socket).await;
        for event in decode::frame(Some(Topic::Security), 1, Timestamp::now(), &bytes).unwrap() {
            if event.kind.name == "security.rogue" {
                assert!(matches!(event.get("lan_mac"), Some(Value::Text(mac)) if mac.starts_with("02:ba:d0:")));
                let Some(Value::Text(radio)) = event.get("rogue_id") else { panic!("a rogue has an id") };
                radios.insert(radio);
            }
        }
    }
}

#[tokio::test]
async fn a_burst_is_thousands_of_records_a_second() {
    let simulator = with(&[Fault::Burst]).await;
    let mut socket = open(&simulator, Topic::Security).await.unwrap();
    let watch = Clock::system();
    for _ in 0..200 {
        frame(&mut socket).await; // ten records each
    }
    assert!(watch.elapsed() < Duration::from_secs(10), "{:?}", watch.elapsed());
}
