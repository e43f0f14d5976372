//! One stretch of listening: to an account, or to the demo's campus.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use secrecy::SecretString;
use tokio::{
    runtime::Handle,
    sync::{broadcast, mpsc},
    task::JoinSet,
};

use super::{account_list::key_entry, choices::Chosen};
use crate::{
    api::{ApiError, KeyPlace, Mode, ProblemInfo, Settings},
    clock::Clock,
    event::Topic,
    pipeline::{self, Input, Pipeline, PopupBell, Told},
    rules::with_room,
    secrets::{DEMO_KEY, Held, Keyring},
    simulator::{self, Simulator},
    source::{self, Account, Endpoint, Heard, KeyHolder, PrivateCa, Proxies, Running},
    store::{CoverageReason, EngineSettings, Reader, Store},
};

/// What a session is started with.
pub struct Plan {
    /// The id of the account.
    pub whose: String,
    /// Where its log lies.
    pub folder: PathBuf,
    pub rules: pipeline::Ruling,
    pub settings: Settings,
    pub clock: Clock,
    pub bell: PopupBell,
}

/// A pipeline and what feeds it.
pub struct Session {
    /// The id of the account; the demo has one of its own.
    pub whose: String,
    pub mode: Mode,
    pub chosen: Chosen,
    pub pipeline: Pipeline,
    pub reader: Arc<Mutex<Reader>>,
    folder: PathBuf,
    pub keys: Option<Arc<KeyHolder>>,
    running: Option<Running>,
    simulator: Option<Simulator>,
    pub tasks: JoinSet<()>,
    clock: Clock,
    heard: mpsc::Sender<Heard>,
    /// What the connections tell beside frames: for the status.
    pub news: Option<mpsc::Receiver<Heard>>,
}

impl Session {
    /// Opens the database, catches up and listens. Without a key it starts all the same: what is stored can be looked
    /// at, and the reason is returned beside it.
    pub async fn account(
        plan: Plan,
        chosen: Chosen,
        key: Option<SecretString>,
    ) -> Result<(Self, Option<ProblemInfo>), ApiError> {
        let mut session = Self::begin(plan, Mode::Account, chosen, None).await?;
        let problem = session.listen(key).await?;
        Ok((session, problem))
    }

    /// Starts the simulator and listens to it, by the same code as to Central: TLS, key and all.
    pub async fn demo(plan: Plan) -> Result<(Self, Option<ProblemInfo>), ApiError> {
        let clock = plan.clock;
        // Each demo begins anew: what it made up before is of no use to anybody.
        let old = plan.folder.clone();
        match blocking(move || std::fs::remove_dir_all(old)).await? {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(ApiError::new("demo", &format!("{} cannot be cleared: {error}.", plan.folder.display())));
            }
            _ => {}
        }
        let options = simulator::Options { clock, ..simulator::Options::default() };
        let simulator = Simulator::start(options)
            .await
            .map_err(|error| ApiError::new("demo", &format!("The demo cannot start: {error}.")))?;
        let chosen = Chosen {
            name: String::new(),
            endpoint: simulator.endpoint(),
            topics: Topic::ALL.to_vec(),
            authority: Some(simulator.ca_pem().to_owned()),
            host_confirmed: true,
            key_place: KeyPlace::Keyring,
        };
        let key = simulator.key();
        let mut session = Self::begin(plan, Mode::Demo, chosen, Some(simulator)).await?;
        // A demo without a keyring is still a demo: its key is worth nothing.
        if Keyring::new(DEMO_KEY, clock).store(&key).await.is_err() {
            session.chosen.key_place = KeyPlace::ThisRun;
        }
        let problem = session.listen(Some(key)).await?;
        Ok((session, problem))
    }

    async fn begin(plan: Plan, mode: Mode, chosen: Chosen, simulator: Option<Simulator>) -> Result<Self, ApiError> {
        let clock = plan.clock;
        let runtime = Handle::current();
        let (folder, whose) = (plan.folder.clone(), plan.whose.clone());
        let start = move || -> Result<(Pipeline, Reader), ApiError> {
            let opened = Store::open(&plan.folder, clock.now())?;
            if let Some(aside) = opened.set_aside {
                // The operator is told by an alert.
                tracing::error!("the database was damaged and is kept as {}: {}", aside.path.display(), aside.reason);
            }
            let options = pipeline::Options {
                store: opened.store,
                rules: plan.rules,
                settings: engine_settings(&plan.settings),
                noise: Some(plan.settings.noise.clone()),
                clock,
                bell: Box::new(plan.bell),
                keeps: plan.settings.retention(),
            };
            let pipeline = Pipeline::start(options, &runtime)?;
            // After the start, which may have begun another database.
            let reader = Reader::open(&plan.folder)?;
            Ok((pipeline, reader))
        };
        let (pipeline, reader) = blocking(start).await??;
        let (heard, hearing) = mpsc::channel(1_024);
        let (news, told) = mpsc::channel(256);
        let mut tasks = JoinSet::new();
        tasks.spawn(forward(hearing, pipeline.input(), news));
        Ok(Self {
            whose,
            mode,
            chosen,
            pipeline,
            reader: Arc::new(Mutex::new(reader)),
            folder,
            keys: None,
            running: None,
            simulator,
            tasks,
            clock,
            heard,
            news: Some(told),
        })
    }

    /// Connects with this key, or with the one in the keyring. The reason is returned when there is none to be had.
    pub async fn listen(&mut self, key: Option<SecretString>) -> Result<Option<ProblemInfo>, ApiError> {
        self.silence().await;
        let entry = if self.mode == Mode::Demo { DEMO_KEY.to_owned() } else { key_entry(&self.whose) };
        let keyring = Keyring::new(&entry, self.clock);
        let key = match key {
            Some(key) => key,
            None => match keyring.read().await {
                Ok(Some(key)) => key,
                Ok(None) => return Ok(Some(no_key())),
                Err(error) => return Ok(Some((&error).into())),
            },
        };
        let held = match self.chosen.key_place {
            KeyPlace::Keyring => Held::Keyring(keyring),
            KeyPlace::ThisRun => Held::ThisRunOnly,
        };
        let keys = KeyHolder::new(key, held)?;
        self.keys = Some(keys);
        self.follow_topics().await?;
        Ok(None)
    }

    /// Connects to the chosen topics, in place of whatever was connected.
    pub async fn follow_topics(&mut self) -> Result<(), ApiError> {
        self.silence().await;
        let Some(keys) = &self.keys else { return Ok(()) };
        let account = account(&self.chosen, self.mode)?;
        self.running = Some(source::start(account, Arc::clone(keys), self.clock, self.heard.clone()));
        Ok(())
    }

    /// Asks the other side for the key that is valid now, and uses it.
    pub async fn ask_for_key(&self) -> Result<(), ApiError> {
        let Some(running) = &self.running else { return Err(ApiError::new("no-key", "There is no key to ask with.")) };
        Ok(running.ask_for_key().await?)
    }

    /// Whether connections are being made at all.
    pub fn is_listening(&self) -> bool {
        self.running.is_some()
    }

    /// Tries a topic now.
    pub fn retry(&self, topic: Topic) {
        if let Some(running) = &self.running {
            running.retry(topic);
        }
    }

    /// Connects every topic anew.
    pub fn reconnect(&self) {
        if let Some(running) = &self.running {
            running.reconnect_all();
        }
    }

    /// What happens from now on.
    pub fn events(&self) -> broadcast::Receiver<Told> {
        self.pipeline.listen()
    }

    async fn silence(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// Ends the connections, then the pipeline, then the simulator. The log says why nobody listens from here on.
    pub async fn end(mut self, why: CoverageReason) {
        self.silence().await;
        self.tasks.shutdown().await;
        let pipeline = self.pipeline;
        let _ = blocking(move || pipeline.stop_for(why)).await;
        if let Some(simulator) = self.simulator.take() {
            let _ = self.clock.timeout(std::time::Duration::from_secs(2), simulator.stop()).await;
        }
    }

    /// Another database has taken the place of the one that was read.
    pub fn read_anew(&self) -> Result<(), ApiError> {
        let reader = Reader::open(&self.folder)?;
        *self.reader.lock().unwrap_or_else(PoisonError::into_inner) = reader;
        Ok(())
    }

    /// The reader, for a short question.
    pub fn read<T>(&self, ask: impl FnOnce(&Reader) -> T) -> T {
        ask(&self.reader.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Passes frames and coverage to the pipeline, and everything but frames to whoever shows the status.
async fn forward(mut heard: mpsc::Receiver<Heard>, input: mpsc::Sender<Input>, news: mpsc::Sender<Heard>) {
    while let Some(heard) = heard.recv().await {
        let passed = match heard {
            Heard::Frame { topic, bytes } => input.send(Input::Frame { topic, bytes }).await.is_ok(),
            Heard::State(state) => {
                let sent = input.send(pipeline::coverage(&state)).await.is_ok();
                let _ = news.send(Heard::State(state)).await;
                sent
            }
            Heard::Overload { topic, missed } => {
                let [begins, ends] = pipeline::overload(topic, missed);
                input.send(begins).await.is_ok() && input.send(ends).await.is_ok()
            }
            other => news.send(other).await.is_ok(),
        };
        if !passed {
            return;
        }
    }
}

/// The account as the connections need it.
pub fn account(chosen: &Chosen, mode: Mode) -> Result<Account, ApiError> {
    let mut account = Account::new(Endpoint::parse(&chosen.endpoint)?, chosen.topics.clone());
    account.host_confirmed = chosen.host_confirmed;
    account.private_ca = chosen.authority.as_deref().map(PrivateCa::from_pem).transpose()?;
    if mode == Mode::Demo {
        account.proxies = Proxies::none(); // nothing of the demo leaves this computer
    }
    Ok(account)
}

/// The settings that change outcomes.
pub fn engine_settings(settings: &Settings) -> EngineSettings {
    EngineSettings { zone: settings.zone(), notifications: settings.notifications }
}

/// Runs what blocks where it may, with room for deep rules.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(move || with_room(work))
        .await
        .map_err(|_| ApiError::new("internal", "Tocsin could not finish this."))
}

fn no_key() -> ProblemInfo {
    ProblemInfo {
        code: "no-key".to_owned(),
        message: "The keyring holds no key for this account, so Tocsin is not listening.".to_owned(),
        said: String::new(),
        steps: vec!["Copy the key from Central's Streaming page.".to_owned(), "Paste it here with Replace.".to_owned()],
    }
}
