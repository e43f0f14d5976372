//! More than anybody takes.

use std::time::Duration;

use tocsin::{
    clock::Clock,
    event::Topic,
    simulator::{Options, Simulator},
    source::Heard,
};

use crate::ear::{Ear, account};

/// More than wait in the channel, the server's queue and the line together, and sent for longer than a message waits.
const SENT: u64 = 3_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_takes_is_held_back_and_then_let_go_and_counted() {
    let central = Simulator::start(Options { story: false, ..Options::default() }).await.unwrap();
    let mut ear = Ear::listen(account(&central, &[Topic::Security]), central.key(), Clock::hurried(20.0));
    ear.live(Topic::Security).await;
    // Nobody takes anything for a minute of the line's time.
    for number in 0..SENT {
        central.send(Topic::Security, number.to_be_bytes().to_vec());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let (mut next, mut missed) = (0, 0);
    while next < SENT {
        let heard = ear.until("all that was sent", |heard| match heard {
            Heard::Frame { bytes, .. } => Some(Ok(u64::from_be_bytes(bytes[..].try_into().unwrap()))),
            Heard::Overload { topic: Topic::Security, missed } => Some(Err(*missed)),
            Heard::State(state) => panic!("it held: {state:?}"),
            _ => None,
        });
        match heard.await {
            // Where the count says that some are missing, so many are, and nowhere else.
            Ok(number) => {
                assert_eq!(number, next);
                next += 1;
            }
            Err(count) => {
                missed += count;
                next += count;
            }
        }
    }
    assert!(missed > 500 && missed < SENT - 64, "{missed} of {SENT} were let go");
    // And it goes on.
    central.send(Topic::Security, SENT.to_be_bytes().to_vec());
    let last = ear.until("one more", |heard| matches!(heard, Heard::Frame { .. }).then_some(()));
    last.await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_short_wait_costs_nothing() {
    let central = Simulator::start(Options { story: false, ..Options::default() }).await.unwrap();
    let mut ear = Ear::listen(account(&central, &[Topic::Security]), central.key(), Clock::system());
    ear.live(Topic::Security).await;
    for number in 0..SENT {
        central.send(Topic::Security, number.to_be_bytes().to_vec());
    }
    for wanted in 0..SENT {
        let number = ear.until("each of them", |heard| match heard {
            Heard::Frame { bytes, .. } => Some(u64::from_be_bytes(bytes[..].try_into().unwrap())),
            Heard::Overload { .. } | Heard::State(_) => panic!("{heard:?}"),
            _ => None,
        });
        assert_eq!(number.await, wanted);
    }
}
