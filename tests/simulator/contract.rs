//! What Central promises: headers, refusals, connections, the key.

use std::time::Duration;

use client::{Refusal, ask, end, frame, key, open, open_as, open_with, pongs, until, validate};
use jiff::Timestamp;
use tocsin::{
    clock::Clock,
    decode,
    event::Topic,
    simulator::{KEY_LIFETIME, Options, Simulator},
};

use crate::client;

async fn quiet() -> Simulator {
    Simulator::start(Options { story: false, ..Options::default() }).await.unwrap()
}

fn plain(status: u16, body: &str) -> Refusal {
    Refusal(status, "text/plain".to_owned(), body.to_owned())
}

#[tokio::test]
async fn every_topic_streams_messages_that_decode() {
    let clock = Clock::hurried(20.0);
    let simulator = Simulator::start(Options { clock, ..Options::default() }).await.unwrap();
    for topic in Topic::ALL {
        let mut socket = open(&simulator, topic).await.unwrap();
        for seq in 0..3 {
            let events = decode::frame(Some(topic), seq, Timestamp::now(), &frame(&mut socket).await).unwrap();
            assert!(!events.is_empty() && events.iter().all(|event| event.topic == topic));
        }
    }
    simulator.stop().await;
}

#[tokio::test]
async fn a_topic_that_is_not_ticked_is_refused_in_centrals_words() {
    let topics = vec![Topic::Security];
    let simulator = Simulator::start(Options { topics, story: false, ..Options::default() }).await.unwrap();
    assert!(open(&simulator, Topic::Security).await.is_ok());
    assert_eq!(open(&simulator, Topic::Audit).await.unwrap_err(), plain(400, "Unsubscribed Topic\n"));
    let unknown = [("authorization", key(&simulator)), ("topic", "weather".to_owned())];
    let unknown = unknown.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(open_with(&simulator, &unknown).await.unwrap_err(), plain(400, "Unsubscribed Topic\n"));
}

#[tokio::test]
async fn the_key_goes_bare_and_is_needed() {
    let simulator = quiet().await;
    let key = key(&simulator);
    for wrong in ["nonsense", &format!("Bearer {key}"), &key[1..]] {
        assert_eq!(open_as(&simulator, Topic::Audit, wrong).await.unwrap_err(), plain(401, "Unauthorized\n"));
    }
    let missing = open_with(&simulator, &[("topic", "audit")]).await.unwrap_err();
    assert_eq!(missing, plain(400, "Missing header: Authorization\n"));
    let missing = open_with(&simulator, &[("authorization", &key)]).await.unwrap_err();
    assert_eq!(missing, plain(400, "Missing header: Topic\n"));
}

#[tokio::test]
async fn other_requests_are_answered_as_http_says() {
    let simulator = quiet().await;
    let headers = format!("Authorization: {}\r\nTopic: audit\r\n", key(&simulator));
    assert_eq!(ask(&simulator, "GET", "/elsewhere", &headers).await.0, 404);
    assert_eq!(ask(&simulator, "POST", "/streaming/api", &headers).await.0, 405);
    assert_eq!(ask(&simulator, "GET", "/streaming/api", &headers).await.0, 400, "no upgrade");
    assert_eq!(ask(&simulator, "NON SENSE", "/", "").await.0, 400);
    assert_eq!(ask(&simulator, "GET", "/", &format!("X: {}\r\n", "x".repeat(20_000))).await.0, 400);
}

#[tokio::test]
async fn a_topic_has_five_connections() {
    let simulator = quiet().await;
    let mut open_ones = Vec::new();
    for _ in 0..5 {
        open_ones.push(open(&simulator, Topic::Presence).await.unwrap());
    }
    let refused = open(&simulator, Topic::Presence).await.unwrap_err();
    assert_eq!(refused, plain(429, "Too many connections to topic presence: 5 are open\n"));
    assert!(open(&simulator, Topic::Security).await.is_ok(), "each topic counts for itself");
    assert_eq!(simulator.connections(Topic::Presence), 5);
    drop(open_ones.pop());
    until("the fifth has left", || simulator.connections(Topic::Presence) == 4).await;
    assert!(open(&simulator, Topic::Presence).await.is_ok());
}

#[tokio::test]
async fn validate_tells_the_valid_key_to_who_has_or_had_one() {
    let simulator = quiet().await;
    let first = key(&simulator);
    let said = |key: &str| (200, format!(r#"{{"token":"{key}"}}"#));
    assert_eq!(validate(&simulator, &first).await, said(&first));
    simulator.replace_key();
    let second = key(&simulator);
    assert_ne!(first, second);
    assert_eq!(validate(&simulator, &first).await, said(&second));
    assert_eq!(validate(&simulator, &second).await, said(&second));
    assert_eq!(validate(&simulator, "nonsense").await.0, 401);
    assert_eq!(ask(&simulator, "GET", "/streaming/token/validate", "").await.0, 400);
}

#[tokio::test]
async fn an_open_connection_outlives_its_key_and_a_new_one_needs_the_new_key() {
    let simulator = quiet().await;
    let first = key(&simulator);
    let mut socket = open(&simulator, Topic::Audit).await.unwrap();
    simulator.expire_key();
    assert_eq!(open_as(&simulator, Topic::Audit, &first).await.unwrap_err(), plain(401, "Unauthorized\n"));
    simulator.send(Topic::Audit, vec![1, 2, 3]);
    assert_eq!(frame(&mut socket).await, [1, 2, 3]);
    assert!(open(&simulator, Topic::Audit).await.is_ok());
}

#[tokio::test]
async fn a_key_ages_by_the_simulators_clock() {
    let clock = Clock::hurried(10.0);
    let key_age = KEY_LIFETIME.checked_sub(Duration::from_secs(5)).unwrap();
    let simulator = Simulator::start(Options { key_age, clock, story: false, ..Options::default() }).await.unwrap();
    let first = key(&simulator);
    assert!(open_as(&simulator, Topic::Audit, &first).await.is_ok());
    until("the key is replaced", || key(&simulator) != first).await;
    assert_eq!(open_as(&simulator, Topic::Audit, &first).await.unwrap_err().0, 401);
}

#[tokio::test]
async fn pings_are_answered_and_stopping_says_goodbye() {
    let simulator = quiet().await;
    let mut socket = open(&simulator, Topic::Audit).await.unwrap();
    assert!(pongs(&mut socket, client::LIMIT).await);
    let (ended, ()) = tokio::join!(end(&mut socket), simulator.stop());
    assert_eq!(ended, Ok(()));
}

#[tokio::test]
async fn a_topic_hears_only_what_is_its_own() {
    let simulator = quiet().await;
    let mut audit = open(&simulator, Topic::Audit).await.unwrap();
    let mut other = open(&simulator, Topic::Audit).await.unwrap();
    simulator.send(Topic::Security, vec![9]);
    simulator.send(Topic::Audit, vec![7]);
    assert_eq!(frame(&mut audit).await, [7]);
    assert_eq!(frame(&mut other).await, [7]);
}

#[tokio::test]
async fn who_does_not_trust_its_ca_gets_nowhere() {
    let (ours, theirs) = (quiet().await, quiet().await);
    let refused = client::tls(&ours.endpoint(), theirs.ca_pem()).await.unwrap_err();
    assert!(refused.to_string().contains("certificate"), "{refused}");
}

#[tokio::test]
async fn who_does_not_read_is_cut_and_hinders_nobody() {
    let simulator = quiet().await;
    let _sleeper = open(&simulator, Topic::Presence).await.unwrap();
    let mut reader = open(&simulator, Topic::Presence).await.unwrap();
    // Enough to fill the sockets' buffers and then the queue: in steps, so that the reader keeps up.
    for _ in 0..400 {
        for _ in 0..50 {
            simulator.send(Topic::Presence, vec![0; 2_000]);
        }
        for _ in 0..50 {
            assert_eq!(frame(&mut reader).await.len(), 2_000);
        }
    }
    until("the sleeper is cut", || simulator.connections(Topic::Presence) == 1).await;
    simulator.send(Topic::Presence, vec![1]);
    assert_eq!(frame(&mut reader).await, [1]);
}
