//! What rules remember, over the end of the program and beyond its bounds.

use std::path::Path;

use tocsin::{
    alert::ChangeKind,
    clock::Clock,
    decode::wire::{envelope, security},
    event::Topic,
    pipeline::{Input, Options, Pipeline, Ruling, Silent},
    rules::RuleText,
    simulator::CUSTOMER,
    store::{EngineSettings, Retention, Store},
};

use crate::{frames, history, stand::until};

fn start(data: &Path, runtime: &tokio::runtime::Runtime) -> Pipeline {
    let clock = Clock::system();
    let text =
        "const ON = \"security.rogue\";\nfn when(e) { count(\"1h\", e.rogue_id) >= 3 }\nfn key(e) { e.rogue_id }\n";
    let rule = RuleText { name: "third".into(), text: text.into(), enabled: true };
    let options = Options {
        store: Store::open(data, clock.now()).unwrap().store,
        rules: Ruling { rules: vec![rule], ..Ruling::default() },
        settings: EngineSettings { zone: "UTC".into(), notifications: true },
        clock,
        bell: Box::new(Silent),
        noise: None,
        keeps: Retention::default(),
    };
    Pipeline::start(options, runtime.handle()).unwrap()
}

fn send(pipeline: &Pipeline, frame: Vec<u8>) {
    pipeline.input().blocking_send(Input::Frame { topic: Topic::Security, bytes: frame.into() }).unwrap();
}

#[test]
fn what_was_counted_counts_after_the_end() {
    let place = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for life in 0..3 {
        let pipeline = start(place.path(), &runtime);
        send(&pipeline, frames::rogue(1, b"x"));
        pipeline.stop().unwrap();
        let fired = history::of(place.path(), "third", ChangeKind::Fired).len();
        assert_eq!(fired, usize::from(life == 2), "in life {life}");
        let kept = Store::open(place.path(), jiff::Timestamp::now()).unwrap().store.kept_memory().unwrap();
        assert_eq!(kept.keys().collect::<Vec<_>>(), ["head", "marks", "rule:third"]);
    }
    history::holds(place.path());
}

#[test]
fn a_rule_that_remembers_less_than_it_wants_says_so() {
    let place = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let pipeline = start(place.path(), &runtime);
    // One message with more rogues than are remembered.
    let rogue = |number: u32| {
        let [_, a, b, c] = number.to_be_bytes();
        let addr = Some(vec![2, 0, 0, a, b, c]);
        security::RogueEvent { rogue_id: Some(security::MacAddress { addr }), ..Default::default() }
    };
    let message = security::RapidsStreamingEvent { rogue: (0..10_007).map(rogue).collect(), ..Default::default() };
    send(&pipeline, envelope(Topic::Security, CUSTOMER, 1, &message));
    until("it is said", || pipeline.rules().rules[0].forgotten == 7);
    pipeline.stop().unwrap();
    let stats = history::reader(place.path()).stats().unwrap();
    assert_eq!(stats.other["forgotten"]["third"], 7);
    // It is known after the end, and not counted again.
    let pipeline = start(place.path(), &runtime);
    assert_eq!(pipeline.rules().rules[0].forgotten, 7);
    pipeline.stop().unwrap();
    assert_eq!(history::reader(place.path()).stats().unwrap().other["forgotten"]["third"], 7);
}
