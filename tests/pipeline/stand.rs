//! A stand to try the pipeline on: a simulator, the connections to it, a folder of rules, and a pipeline that may be
//! stopped and started again.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tocsin::{
    alert::{AlertId, AlertRecord, ChangeKind},
    clock::Clock,
    event::Topic,
    pipeline::{Bell, Input, Options, Pipeline, Ruling, Told, coverage, overload},
    rules::{Folder, Loaded, Watch},
    secrets::Held,
    simulator::{self, Simulator},
    source::{self, Account, Endpoint, Heard, KeyHolder, PrivateCa, Proxies, Running},
    store::{AlertQuery, EngineSettings, Owed, Retention, Store, Which},
};
use tokio::{
    runtime::Runtime,
    sync::{broadcast, mpsc},
};

use crate::history;

/// How long anything may take, by the wall: far more than it does.
pub const PATIENCE: Duration = Duration::from_secs(45);

/// Waits until it is so.
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < end, "never came about: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A bell that remembers what it was told.
#[derive(Clone, Default)]
pub struct Heeding(pub Arc<Mutex<Rung>>);

/// What a bell was told.
#[derive(Default)]
pub struct Rung {
    pub shown: Vec<Owed>,
    pub hushed: Vec<AlertId>,
}

impl Bell for Heeding {
    fn ring(&mut self, owed: &Owed) -> Result<(), String> {
        self.0.lock().unwrap().shown.push(owed.clone());
        Ok(())
    }

    fn hush(&mut self, alert: &AlertId) {
        self.0.lock().unwrap().hushed.push(alert.clone());
    }
}

/// What is to be tried.
pub struct Plan {
    pub simulator: simulator::Options,
    /// Of the connections.
    pub line: Clock,
    pub topics: Vec<Topic>,
    pub rules: Vec<(&'static str, String)>,
}

impl Default for Plan {
    /// No story: frames of our own on security, all clocks the system's.
    fn default() -> Self {
        Self {
            simulator: simulator::Options { story: false, ..simulator::Options::default() },
            line: Clock::system(),
            topics: vec![Topic::Security],
            rules: Vec::new(),
        }
    }
}

/// All of it. The pipeline's clock is the simulator's.
pub struct Stand {
    pub central: Simulator,
    pub rules: Folder,
    pub bell: Heeding,
    clock: Clock,
    line: Clock,
    topics: Vec<Topic>,
    data: PathBuf,
    live: Option<Live>,
    runtime: Runtime,
    _place: TempDir,
}

struct Live {
    pipeline: Pipeline,
    running: Running,
    told: Mutex<broadcast::Receiver<Told>>,
    _watch: Watch,
}

impl Stand {
    /// Starts everything.
    pub fn start(plan: Plan) -> Self {
        let place = tempfile::tempdir().unwrap();
        let rules = Folder::new(place.path().join("rules"));
        std::fs::create_dir_all(rules.root().join("lists")).unwrap();
        for (name, text) in &plan.rules {
            rules.save(name, text, None).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let clock = plan.simulator.clock;
        let central = runtime.block_on(Simulator::start(plan.simulator)).unwrap();
        let mut stand = Self {
            central,
            rules,
            bell: Heeding::default(),
            clock,
            line: plan.line,
            topics: plan.topics,
            data: place.path().join("data"),
            live: None,
            runtime,
            _place: place,
        };
        stand.go_on();
        stand
    }

    /// Starts the pipeline and the connections, and waits until all topics are open, unless the simulator refuses.
    pub fn go_on(&mut self) {
        let loaded = self.rules.load();
        let store = Store::open(&self.data, self.clock.now()).unwrap().store;
        let options = Options {
            store,
            rules: ruling(&loaded),
            settings: EngineSettings { zone: "UTC".into(), notifications: true },
            clock: self.clock,
            bell: Box::new(self.bell.clone()),
            noise: None,
            keeps: Retention::default(),
        };
        let pipeline = Pipeline::start(options, self.runtime.handle()).unwrap();
        let told = Mutex::new(pipeline.listen());
        let input = pipeline.input();
        let watch = Watch::start(self.rules.clone(), loaded, move |loaded| {
            // The pipeline may have ended before its watch.
            let _ = input.blocking_send(Input::Rules(ruling(loaded)));
        })
        .unwrap();
        let account = account(&self.central, &self.topics);
        let (heard, mut hearing) = mpsc::channel(1_024);
        let keys = KeyHolder::new(self.central.key(), Held::ThisRunOnly).unwrap();
        let guard = self.runtime.enter();
        let running = source::start(account, keys, self.line, heard);
        drop(guard);
        let input = pipeline.input();
        self.runtime.spawn(async move {
            while let Some(heard) = hearing.recv().await {
                let passed = match heard {
                    Heard::Frame { topic, bytes } => input.send(Input::Frame { topic, bytes }).await,
                    Heard::State(state) => input.send(coverage(&state)).await,
                    Heard::Overload { topic, missed } => {
                        let [begins, ends] = overload(topic, missed);
                        let _ = input.send(begins).await;
                        input.send(ends).await
                    }
                    Heard::KeyRenewed { .. } | Heard::KeyTrouble(_) => Ok(()),
                };
                if passed.is_err() {
                    return;
                }
            }
        });
        self.live = Some(Live { pipeline, running, told, _watch: watch });
    }

    /// Waits until every topic is heard.
    pub fn hears(&self) {
        until("all topics are heard", || {
            let coverage = history::coverage(&self.data);
            self.topics.iter().all(|topic| {
                coverage.iter().rev().find(|coverage| coverage.topic == *topic).is_some_and(|last| last.heard)
            })
        });
    }

    /// Ends the connections and the pipeline in good order.
    pub fn stop(&mut self) {
        let live = self.live.take().unwrap();
        self.runtime.block_on(live.running.stop());
        live.pipeline.stop().unwrap();
    }

    /// Ends in good order, and asks that the history holds.
    pub fn end(mut self) {
        if self.live.is_some() {
            self.stop();
        }
        history::holds(&self.data);
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn pipeline(&self) -> &Pipeline {
        &self.live.as_ref().unwrap().pipeline
    }

    pub fn retry(&self) {
        self.live.as_ref().unwrap().running.retry_all();
    }

    /// Waits until it is told something that is `wanted`.
    pub fn told<T>(&self, what: &str, mut wanted: impl FnMut(&Told) -> Option<T>) -> T {
        let mut told = self.live.as_ref().unwrap().told.lock().unwrap();
        let found = self.runtime.block_on(async {
            tokio::time::timeout(PATIENCE, async {
                loop {
                    match told.recv().await {
                        Ok(told) => {
                            if let Some(found) = wanted(&told) {
                                return found;
                            }
                        }
                        Err(broadcast::error::RecvError::Lagged(_)) => {}
                        Err(error) => panic!("{what}: {error}"),
                    }
                }
            })
            .await
        });
        found.unwrap_or_else(|_| panic!("never told: {what}"))
    }

    /// Sends a frame on security and waits until it is evaluated: then gives the number of its row.
    pub fn send(&self, frame: Vec<u8>) -> u64 {
        let before = history::reader(&self.data).stats().unwrap().stored.get("security").copied().unwrap_or_default();
        self.central.send(Topic::Security, frame);
        let mut rows = 0;
        until("the frame is stored and evaluated", || {
            let stats = history::reader(&self.data).stats().unwrap();
            rows = stats.rows;
            stats.stored.get("security").copied().unwrap_or_default() > before && stats.waiting == 0
        });
        rows
    }

    /// Something the operator does, or the window.
    pub fn input(&self, input: Input) {
        self.pipeline().input().blocking_send(input).unwrap();
    }

    /// The alerts of one rule, the latest begun first.
    pub fn alerts(&self, which: Which, rule: &str) -> Vec<AlertRecord> {
        let query = AlertQuery { which, limit: 1_000_000, ..AlertQuery::default() };
        let alerts = history::reader(&self.data).alerts(&query).unwrap();
        alerts.into_iter().filter(|alert| &*alert.rule == rule).collect()
    }

    /// Saves a rule over what there is of it, as the window or an editor would.
    pub fn save(&self, rule: &str, text: &str) {
        let path = self.rules.file(rule).unwrap();
        let base = std::fs::read_to_string(&path).ok().map(|text| tocsin::rules::folder::hash(&text));
        self.rules.save(rule, text, base.as_deref()).unwrap();
    }

    /// Waits until so many changes of that kind of the rule are in the history.
    pub fn changed(&self, rule: &str, kind: ChangeKind, count: usize) {
        until(&format!("{count} × {} of {rule}", kind.name()), || history::of(&self.data, rule, kind).len() >= count);
    }
}

/// As the folder has it.
pub fn ruling(loaded: &Loaded) -> Ruling {
    Ruling { rules: loaded.rules.clone(), lists: loaded.lists.clone(), ..Ruling::default() }
}

/// The simulator as an account.
pub fn account(central: &Simulator, topics: &[Topic]) -> Account {
    let mut account = Account::new(Endpoint::parse(&central.endpoint()).unwrap(), topics.to_vec());
    account.host_confirmed = true;
    account.private_ca = Some(PrivateCa::from_pem(central.ca_pem()).unwrap());
    account.proxies = Proxies::none();
    account
}

/// A rule on rogues that always matches, one alert per rogue, with this title.
pub fn plain(title: &str) -> String {
    format!(
        "//! {title}\n\nconst ON = \"security.rogue\";\n\nfn when(event) {{ true }}\nfn key(event) {{ event.rogue_id }}\nfn title(event) {{ `{title} ${{event.rogue_id}}` }}\n"
    )
}
