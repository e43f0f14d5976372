//! One topic's connection, from the first try to the end of the run.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{
    ConnectionState, Heard, Problem,
    account::Link,
    exchange::{self, Socket},
    problem::{Retry, sleeps, slept},
    reconnect::{Action, Happening, LONG, Phase, SLOWLY, START, Standing, back_off, step},
    renew::{Renewal, renew},
    silence::Manners,
    websocket::{End, listen},
};
use crate::event::Topic;

/// What a topic's task can be told. The channel closing tells it to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nudge {
    /// Try now, unless live.
    Retry,
    /// Connect anew, even if live.
    Reconnect,
    /// The computer is about to sleep.
    Sleeps,
    /// As [`Nudge::Reconnect`], because the computer slept.
    Woke,
}

/// How long a computer that is about to sleep is believed, if it does not.
const SOON_ASLEEP: Duration = Duration::from_secs(30);

/// Everybody who was to be told is gone, or we were told to stop.
struct Over;

/// A topic's connection.
pub(super) struct Follower {
    link: Arc<Link>,
    topic: Topic,
    out: mpsc::Sender<Heard>,
    nudges: mpsc::Receiver<Nudge>,
    standing: Standing,
    since: Timestamp,
    problem: Option<Problem>,
    manners: Manners,
    /// The number of the key the last try was made with.
    generation: u64,
}

impl Follower {
    pub fn new(link: Arc<Link>, topic: Topic, out: mpsc::Sender<Heard>, nudges: mpsc::Receiver<Nudge>) -> Self {
        let since = link.clock.now();
        Self {
            link,
            topic,
            out,
            nudges,
            standing: START,
            since,
            problem: None,
            manners: Manners::default(),
            generation: 0,
        }
    }

    /// Until it is told to stop, or nobody hears it any more.
    pub async fn run(mut self) {
        let _ = self.follow().await;
    }

    async fn follow(&mut self) -> Result<(), Over> {
        let mut socket = None;
        let mut action = Action::Dial;
        self.tell(None).await?;
        loop {
            let happening = match action {
                Action::Dial => self.dial(&mut socket).await?,
                Action::Listen => match socket.take() {
                    Some(open) => self.listen(open).await?,
                    None => Happening::Ended { lasted: false },
                },
                Action::AskForKey => self.ask_for_key().await?,
                Action::Wait => {
                    let least = self.problem.as_ref().map(Problem::wait_at_least).unwrap_or_default();
                    let wait = back_off(self.standing.failures, fastrand::f64()).max(least);
                    self.wait(Some(wait)).await?
                }
                Action::WaitForUser => {
                    let never = self.problem.as_ref().is_some_and(|problem| problem.retry == Retry::Never);
                    self.wait((!never).then_some(SLOWLY)).await?
                }
                Action::WaitForWaking => self.sleep_through().await?,
                // No happening of this loop is answered so: a wait or a life ends only with what its phase knows.
                Action::Nothing => self.wait(Some(SLOWLY)).await?,
            };
            let before = self.standing.phase;
            (self.standing, action) = step(self.standing, happening);
            if self.standing.phase != before {
                self.since = self.link.clock.now();
            }
            if self.standing.phase == Phase::Live {
                self.problem = None;
            }
            // Waits tell it themselves, since they know until when.
            if self.standing.phase != before && !matches!(action, Action::Wait | Action::WaitForUser) {
                self.tell(None).await?;
            }
        }
    }

    async fn dial(&mut self, socket: &mut Option<Socket>) -> Result<Happening, Over> {
        let link = Arc::clone(&self.link);
        let topic = self.topic;
        let (key, generation) = link.keys.current();
        self.generation = generation;
        let open = Box::pin(async move {
            let line = link.line().await?;
            exchange::open_stream(line, &link.account, &key, topic, link.clock).await
        });
        let Some(opened) = self.unless_nudged(open).await? else { return Ok(Happening::Reconnect) };
        Ok(match opened {
            Ok(open) => {
                *socket = Some(open);
                Happening::Opened
            }
            Err(problem) => self.failed(problem),
        })
    }

    async fn ask_for_key(&mut self) -> Result<Happening, Over> {
        let link = Arc::clone(&self.link);
        let generation = self.generation;
        let ask = Box::pin(async move { renew(&link, generation).await });
        let Some(asked) = self.unless_nudged(ask).await? else { return Ok(Happening::Reconnect) };
        Ok(match asked {
            Ok(Renewal::Renewed { info, unkept }) => {
                self.send(Heard::KeyRenewed { info, unkept }).await?;
                Happening::KeyRenewed
            }
            Ok(Renewal::Already) => Happening::KeyRenewed,
            // The stream refuses the very key that the server calls valid.
            Ok(Renewal::Same) => Happening::Refused,
            // Keep what the stream's refusal said if validating adds nothing to it.
            Err(problem) if problem.code == "key-refused" => Happening::Refused,
            Err(problem) => self.failed(problem),
        })
    }

    async fn listen(&mut self, socket: Socket) -> Result<Happening, Over> {
        let clock = self.link.clock;
        let began = clock.elapsed();
        let end = listen(socket, self.topic, &mut self.manners, clock, &self.out, &mut self.nudges).await;
        match end {
            End::Stopped => Err(Over),
            End::Reconnect { woke } => {
                if woke {
                    self.remember(slept());
                }
                Ok(Happening::Reconnect)
            }
            End::Sleeps => {
                self.remember(sleeps());
                Ok(Happening::Sleeps)
            }
            End::Failed(problem) => {
                self.remember(problem);
                Ok(Happening::Ended { lasted: clock.elapsed().saturating_sub(began) >= LONG })
            }
        }
    }

    /// Waits so long, or until somebody asks for a try.
    async fn wait(&mut self, span: Option<Duration>) -> Result<Happening, Over> {
        let clock = self.link.clock;
        let until = span.and_then(|span| clock.now().checked_add(span).ok());
        self.tell(until).await?;
        let due = async {
            match span {
                Some(span) => clock.sleep(span).await,
                None => std::future::pending().await,
            }
        };
        let mut due = std::pin::pin!(due);
        loop {
            tokio::select! {
                () = &mut due => return Ok(Happening::Due),
                nudge = self.nudges.recv() => match nudge {
                    Some(Nudge::Retry) => return Ok(Happening::Retry),
                    Some(Nudge::Reconnect | Nudge::Woke) => return Ok(Happening::Reconnect),
                    Some(Nudge::Sleeps) => {} // nothing is heard as it is
                    None => return Err(Over),
                },
            }
        }
    }

    /// Waits until the computer woke. In sleep this clock stands still: if it goes on, there was none.
    async fn sleep_through(&mut self) -> Result<Happening, Over> {
        let until = self.link.clock.elapsed() + SOON_ASLEEP;
        loop {
            let left = until.saturating_sub(self.link.clock.elapsed());
            match self.link.clock.timeout(left, self.nudges.recv()).await {
                Some(Some(Nudge::Sleeps)) => {}
                Some(Some(Nudge::Retry | Nudge::Reconnect | Nudge::Woke)) | None => return Ok(Happening::Reconnect),
                Some(None) => return Err(Over),
            }
        }
    }

    /// What `work` gives; `None` if it has to begin anew.
    async fn unless_nudged<T>(&mut self, work: impl Future<Output = T>) -> Result<Option<T>, Over> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(Some(done)),
                nudge = self.nudges.recv() => match nudge {
                    Some(Nudge::Retry | Nudge::Sleeps) => {}
                    Some(Nudge::Reconnect | Nudge::Woke) => return Ok(None),
                    None => return Err(Over),
                },
            }
        }
    }

    fn failed(&mut self, problem: Problem) -> Happening {
        let happening = match (problem.code.as_str(), problem.retry) {
            ("key-refused", _) => Happening::KeyRefused,
            (_, Retry::Soon | Retry::After(_)) => Happening::Failed,
            (_, Retry::Slowly | Retry::Never) => Happening::Refused,
        };
        self.remember(problem);
        happening
    }

    fn remember(&mut self, problem: Problem) {
        tracing::info!(topic = %self.topic, code = problem.code, said = problem.said, "{}", problem.message);
        self.problem = Some(problem);
    }

    async fn tell(&self, retry_at: Option<Timestamp>) -> Result<(), Over> {
        self.send(Heard::State(ConnectionState {
            topic: self.topic,
            phase: self.standing.phase,
            since: self.since,
            retry_at,
            tries: self.standing.failures,
            problem: self.problem.clone(),
        }))
        .await
    }

    async fn send(&self, heard: Heard) -> Result<(), Over> {
        self.out.send(heard).await.map_err(|_| Over)
    }
}
