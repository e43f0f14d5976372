//! Trying an account before it is used: step by step, each with what it found.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use serde::{Deserialize, Serialize};

use super::{
    Account, KeyHolder, KeyInfo, Problem,
    account::Link,
    exchange::{self, Socket},
    renew::{Renewal, renew},
};
use crate::{clock::Clock, event::Topic};

/// How long the first message is waited for: presence speaks every minute in any network that is used.
const FIRST_MESSAGE_LIMIT: Duration = Duration::from_secs(65);

/// The steps, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The name was looked up.
    Name,
    /// The line is up and the server is who it says.
    Line,
    /// The server accepts the key.
    Key,
    /// Each topic can be opened.
    Topics,
    /// A message came.
    FirstMessage,
}

impl Stage {
    /// All, in order.
    pub const ALL: [Self; 5] = [Self::Name, Self::Line, Self::Key, Self::Topics, Self::FirstMessage];
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Running,
    Good,
    Failed,
    /// Not tried, because an earlier step failed.
    Skipped,
}

/// A step, as it begins and as it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    pub stage: Stage,
    /// For [`Stage::Topics`], the topic this is about; none for the step as a whole.
    pub topic: Option<Topic>,
    pub state: StepState,
    /// What it found: an address, a date, a customer.
    pub found: String,
    /// How long it took, in milliseconds.
    pub millis: u64,
    pub problem: Option<Problem>,
}

/// What a test that went well found.
#[derive(Clone, Debug)]
pub struct Tested {
    /// The key, or the successor that the server gave for it (which is in the holder now).
    pub key: KeyInfo,
    /// Topics that could not be opened, though others could.
    pub refused: Vec<(Topic, Problem)>,
    /// Whose message came first, if any came while the test waited.
    pub first_message: Option<Topic>,
}

/// Tries everything that listening needs. `on_step` is called when a step begins and when it ends; the test as a whole
/// fails with the problem of the step that failed, after telling that the rest was skipped. Drop the future to cancel.
pub async fn test_connection(
    account: Account,
    keys: Arc<KeyHolder>,
    clock: Clock,
    mut on_step: impl FnMut(StepReport) + Send,
) -> Result<Tested, Problem> {
    let mut test = Test {
        link: Link::new(account, keys, clock),
        on_step: &mut on_step,
        stage: Stage::Name,
        began: clock.elapsed(),
    };
    let result = test.run().await;
    if let Err(problem) = &result {
        test.end(StepState::Failed, String::new(), Some(problem.clone()));
        for stage in Stage::ALL.into_iter().filter(|stage| *stage > test.stage) {
            (test.on_step)(StepReport {
                stage,
                topic: None,
                state: StepState::Skipped,
                found: String::new(),
                millis: 0,
                problem: None,
            });
        }
    }
    result
}

struct Test<'a> {
    link: Link,
    on_step: &'a mut (dyn FnMut(StepReport) + Send),
    stage: Stage,
    began: Duration,
}

impl Test<'_> {
    async fn run(&mut self) -> Result<Tested, Problem> {
        self.begin(Stage::Name);
        let found = self.link.find().await?;
        self.end(StepState::Good, found.told(), None);

        self.begin(Stage::Line);
        let (line, certificate) = self.link.secure(found).await?;
        drop(line);
        let told = certificate.map_or_else(String::new, |certificate| {
            format!(
                "certificate by {}, good until {}",
                certificate.issuer,
                certificate.valid_until.strftime("%Y-%m-%d")
            )
        });
        self.end(StepState::Good, told, None);

        self.begin(Stage::Key);
        let (_, generation) = self.link.keys.current();
        let told = match renew(&self.link, generation).await? {
            Renewal::Same => "customer",
            Renewal::Renewed { .. } | Renewal::Already => "replaced by its successor, customer",
        };
        let key = self.link.keys.info();
        self.end(StepState::Good, format!("{told} {}", key.customer_id), None);

        self.begin(Stage::Topics);
        let (sockets, refused) = self.open_topics().await;
        if sockets.is_empty() {
            return Err(refused.into_iter().next().map_or_else(
                || {
                    Problem::new("no-topics", "No topic is chosen, so there is nothing to listen to.")
                        .step("Choose at least one topic.")
                },
                |(_, problem)| problem,
            ));
        }
        let state = if refused.is_empty() { StepState::Good } else { StepState::Failed };
        self.end(state, format!("{} of {}", sockets.len(), sockets.len() + refused.len()), None);

        self.begin(Stage::FirstMessage);
        let first_message = self.first_message(sockets).await;
        let told = first_message.map_or_else(
            || "none yet; topics speak when something happens".to_owned(),
            |topic| topic.name().to_owned(),
        );
        self.end(StepState::Good, told, None);
        Ok(Tested { key, refused, first_message })
    }

    async fn open_topics(&mut self) -> (Vec<(Topic, Socket)>, Vec<(Topic, Problem)>) {
        let (key, _) = self.link.keys.current();
        let (mut open, mut refused) = (Vec::new(), Vec::new());
        for topic in self.link.account.topics.clone() {
            let began = self.link.clock.elapsed();
            let opened = async {
                let line = self.link.line().await?;
                exchange::open_stream(line, &self.link.account, &key, topic, self.link.clock).await
            }
            .await;
            let millis = self.millis_since(began);
            let (state, problem) = match opened {
                Ok(socket) => {
                    open.push((topic, socket));
                    (StepState::Good, None)
                }
                Err(problem) => {
                    refused.push((topic, problem.clone()));
                    (StepState::Failed, Some(problem))
                }
            };
            (self.on_step)(StepReport {
                stage: Stage::Topics,
                topic: Some(topic),
                state,
                found: topic.name().to_owned(),
                millis,
                problem,
            });
        }
        (open, refused)
    }

    async fn first_message(&mut self, sockets: Vec<(Topic, Socket)>) -> Option<Topic> {
        let mut messages: FuturesUnordered<_> = sockets
            .into_iter()
            .map(|(topic, mut socket)| async move {
                while let Some(Ok(message)) = socket.next().await {
                    if message.is_binary() {
                        return Some(topic);
                    }
                }
                None
            })
            .collect();
        let first = async {
            while let Some(message) = messages.next().await {
                if message.is_some() {
                    return message;
                }
            }
            None
        };
        self.link.clock.timeout(FIRST_MESSAGE_LIMIT, first).await.flatten()
    }

    fn begin(&mut self, stage: Stage) {
        self.stage = stage;
        self.began = self.link.clock.elapsed();
        (self.on_step)(StepReport {
            stage,
            topic: None,
            state: StepState::Running,
            found: String::new(),
            millis: 0,
            problem: None,
        });
    }

    fn end(&mut self, state: StepState, found: String, problem: Option<Problem>) {
        let millis = self.millis_since(self.began);
        (self.on_step)(StepReport { stage: self.stage, topic: None, state, found, millis, problem });
    }

    fn millis_since(&self, began: Duration) -> u64 {
        u64::try_from(self.link.clock.elapsed().saturating_sub(began).as_millis()).unwrap_or(u64::MAX)
    }
}
