//! Listening, and coming back.

use std::{collections::BTreeSet, time::Duration};

use tocsin::{
    clock::Clock,
    event::Topic,
    simulator::{Fault, Options, Simulator},
    source::{Heard, Phase, Retry},
};

use crate::ear::{Ear, account};

fn quiet() -> Options {
    Options { story: false, ..Options::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_topic_is_heard_octet_by_octet() {
    let central = Simulator::start(quiet()).await.unwrap();
    let mut ear = Ear::listen(account(&central, &Topic::ALL), central.key(), Clock::system());
    for topic in Topic::ALL {
        while central.connections(topic) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        central.send(topic, format!("{topic} says this").into_bytes());
    }
    let mut waiting: BTreeSet<Topic> = Topic::ALL.into();
    while !waiting.is_empty() {
        let (topic, bytes) = ear
            .until("a frame", |heard| match heard {
                Heard::Frame { topic, bytes } => Some((*topic, bytes.clone())),
                _ => None,
            })
            .await;
        assert_eq!(bytes, format!("{topic} says this"));
        waiting.remove(&topic);
    }
    ear.running.stop().await;
    while central.connections(Topic::Audit) != 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_connection_comes_back_by_itself() {
    let central = Simulator::start(quiet()).await.unwrap();
    let mut ear = Ear::listen(account(&central, &[Topic::Audit]), central.key(), Clock::hurried(5.0));
    ear.live(Topic::Audit).await;
    central.drop_connections();
    let state = ear.problem("cut").await;
    assert_eq!((state.phase, state.tries), (Phase::BackingOff, 1));
    assert!(state.retry_at.is_some());
    let state = ear.live(Topic::Audit).await;
    assert_eq!((state.problem, state.retry_at), (None, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_open_connection_is_found_within_fifteen_seconds() {
    let central = Simulator::start(quiet()).await.unwrap();
    let clock = Clock::hurried(5.0);
    let mut ear = Ear::listen(account(&central, &[Topic::Security]), central.key(), clock);
    ear.live(Topic::Security).await;
    // Long enough for a ping to be answered, so that the line is known to be good.
    clock.sleep(Duration::from_secs(6)).await;
    let stalled = clock.elapsed();
    central.inject(Fault::Stall);
    ear.problem("silent").await;
    let found = clock.elapsed().saturating_sub(stalled);
    // A second of the wall, hurried, for a machine that is busy.
    assert!(found <= Duration::from_secs(15 + 5), "found after {found:?}");
    central.clear_faults();
    ear.live(Topic::Security).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quiet_connection_is_not_taken_for_dead() {
    let central = Simulator::start(quiet()).await.unwrap();
    let clock = Clock::hurried(20.0);
    let mut ear = Ear::listen(account(&central, &[Topic::Audit]), central.key(), clock);
    ear.live(Topic::Audit).await;
    clock.sleep(Duration::from_secs(90)).await;
    central.send(Topic::Audit, "still here");
    ear.until("the frame, and no change of state before it", |heard| match heard {
        Heard::Frame { .. } => Some(()),
        Heard::State(state) => panic!("{state:?}"),
        _ => None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_says_so_and_is_then_missed() {
    let central = Simulator::start(quiet()).await.unwrap();
    let mut ear = Ear::listen(account(&central, &[Topic::Audit]), central.key(), Clock::system());
    ear.live(Topic::Audit).await;
    central.stop().await;
    let state = ear.problem("closed").await;
    assert!(state.problem.unwrap().message.contains("1001"));
    ear.problem("connection-refused").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_at_the_server_is_waited_out() {
    let options = Options { faults: vec![Fault::Unavailable], ..quiet() };
    let central = Simulator::start(options).await.unwrap();
    let mut ear = Ear::listen(account(&central, &[Topic::Audit]), central.key(), Clock::hurried(5.0));
    let first = ear.problem("server-trouble").await;
    let second = ear.problem("server-trouble").await;
    assert_eq!((first.phase, first.tries, second.tries), (Phase::BackingOff, 1, 2));
    central.clear_faults();
    ear.live(Topic::Audit).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unticked_topic_is_refused_and_the_others_are_not_held_up() {
    let central = Simulator::start(Options { topics: vec![Topic::Audit], ..quiet() }).await.unwrap();
    let topics = [Topic::Presence, Topic::Audit];
    let mut ear = Ear::listen(account(&central, &topics), central.key(), Clock::system());
    let mut seen = BTreeSet::new();
    while seen.len() < 2 {
        let state = ear
            .until("an end of connecting", |heard| match heard {
                Heard::State(state) if state.phase != Phase::Connecting => Some(state.clone()),
                _ => None,
            })
            .await;
        seen.insert(state.topic);
        if state.topic == Topic::Audit {
            assert_eq!(state.phase, Phase::Live);
        } else {
            let problem = state.problem.unwrap();
            assert_eq!((state.phase, problem.code.as_str()), (Phase::Refused, "unsubscribed-topic"));
            assert_eq!((problem.said.as_str(), problem.retry), ("Unsubscribed Topic", Retry::Slowly));
            assert!(state.retry_at.is_some());
        }
    }
    // Waking reconnects even what is live; retrying does not.
    ear.running.retry(Topic::Audit);
    ear.running.reconnect_all();
    let state = ear
        .until("audit leaving", |heard| match heard {
            Heard::State(state) if state.topic == Topic::Audit => Some(state.clone()),
            _ => None,
        })
        .await;
    assert_eq!(state.phase, Phase::Connecting);
    ear.live(Topic::Audit).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_too_large_is_handed_on_cut_and_the_stream_goes_on() {
    let central = Simulator::start(quiet()).await.unwrap();
    let mut ear = Ear::listen(account(&central, &[Topic::Security]), central.key(), Clock::system());
    ear.live(Topic::Security).await;
    central.send(Topic::Security, vec![7; 17 << 20]);
    central.send(Topic::Security, "after it");
    for length in [(16 << 20) + 1, 8] {
        let bytes = ear
            .until("a frame", |heard| match heard {
                Heard::Frame { bytes, .. } => Some(bytes.clone()),
                Heard::State(state) => panic!("{state:?}"),
                _ => None,
            })
            .await;
        assert_eq!(bytes.len(), length);
    }
}
