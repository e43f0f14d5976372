//! Test connection, step by step.

use std::{sync::Arc, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use tocsin::{
    clock::Clock,
    event::Topic,
    secrets::Held,
    simulator::{Options, Simulator},
    source::{Account, KeyHolder, Problem, Stage, StepReport, StepState, Tested, test_connection},
};

use crate::ear::{account, key};

async fn tried(account: Account, key: SecretString) -> (Result<Tested, Problem>, Vec<StepReport>, Arc<KeyHolder>) {
    let keys = KeyHolder::new(key, Held::ThisRunOnly).unwrap();
    let mut steps = Vec::new();
    let result = test_connection(account, Arc::clone(&keys), Clock::hurried(5.0), |step| steps.push(step)).await;
    // Of each pair of begin and end, the end.
    steps.retain(|step| step.state != StepState::Running);
    (result, steps, keys)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_is_well() {
    let central = Simulator::start(Options::default()).await.unwrap();
    let (result, steps, _) = tried(account(&central, &[Topic::Security, Topic::Audit]), central.key()).await;
    let tested = result.unwrap();
    assert!(tested.refused.is_empty());
    let stages: Vec<_> = steps.iter().map(|step| (step.stage, step.topic, step.state)).collect();
    assert_eq!(
        stages,
        [
            (Stage::Name, None, StepState::Good),
            (Stage::Line, None, StepState::Good),
            (Stage::Key, None, StepState::Good),
            (Stage::Topics, Some(Topic::Security), StepState::Good),
            (Stage::Topics, Some(Topic::Audit), StepState::Good),
            (Stage::Topics, None, StepState::Good),
            (Stage::FirstMessage, None, StepState::Good),
        ]
    );
    assert_eq!(steps[0].found, "127.0.0.1");
    assert!(steps[1].found.contains("good until"), "{}", steps[1].found);
    assert!(steps[2].found.contains(&tested.key.customer_id));
    assert_eq!(steps[5].found, "2 of 2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_key_is_replaced_and_an_unticked_topic_named() {
    let options = Options { story: false, topics: vec![Topic::Audit], ..Options::default() };
    let central = Simulator::start(options).await.unwrap();
    let old = central.key();
    central.replace_key();
    let test = tried(account(&central, &[Topic::Security, Topic::Audit]), old);
    let speak = async {
        while central.connections(Topic::Audit) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        central.send(Topic::Audit, "hello");
    };
    let ((result, steps, keys), ()) = tokio::join!(test, speak);
    let tested = result.unwrap();
    assert_eq!(tested.first_message, Some(Topic::Audit));
    assert_eq!((tested.refused.len(), tested.refused[0].0), (1, Topic::Security));
    assert_eq!(tested.refused[0].1.code, "unsubscribed-topic");
    assert!(steps[2].found.contains("successor"));
    assert_eq!(keys.current().0.expose_secret(), central.key().expose_secret());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_step_that_fails_says_why_and_the_rest_is_skipped() {
    let central = Simulator::start(Options { story: false, ..Options::default() }).await.unwrap();
    let (result, steps, _) = tried(account(&central, &[Topic::Audit]), key("nobody", Duration::ZERO)).await;
    let problem = result.unwrap_err();
    assert_eq!(problem.code, "key-refused");
    let states: Vec<_> = steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Good, StepState::Good, StepState::Failed, StepState::Skipped, StepState::Skipped]);
    assert_eq!(steps[2].problem.as_ref(), Some(&problem));

    let mut unasked = account(&central, &[Topic::Audit]);
    unasked.host_confirmed = false;
    let (result, steps, _) = tried(unasked, central.key()).await;
    assert_eq!((result.unwrap_err().code.as_str(), steps.len()), ("unknown-host", 5));
}
