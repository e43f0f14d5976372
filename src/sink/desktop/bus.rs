//! The free desktops: `org.freedesktop.Notifications` on the session bus.
//!
//! Pop-ups are sent on the same connection that hears the answers, for some services (dunst is one) answer only the
//! sender. Whoever owns the service's name is remembered with each pop-up: an answer counts only from there, and a
//! number given by a service that has since been restarted is never used again.

use std::{collections::HashMap, io, num::NonZeroUsize, time::Duration};

use futures_util::StreamExt as _;
use notify_rust::Notification;
use tokio::{runtime, sync::mpsc};
use zbus::{Connection, MatchRule, Message, MessageStream, Variant, connection, fdo, message::Type};

use super::{Action, Answer, Job, Popup, ServerInfo, ShowError, meaning, notification};
use crate::{clock::Clock, inert};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// How long the service may take for an answer, its start on demand included. Not counted: time in which this process
/// stood still, for then the answer may be there, or the question not even sent.
const PATIENCE: Duration = Duration::from_secs(10);
/// Signals that may wait while a call is under way. All apps' pop-ups are heard, so it must hold a flood.
const WAITING: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

/// The service closed it because a person did; other reasons are its own.
const BY_HAND: u32 = 2;

/// Does the jobs and passes on the answers until nobody can give a job any more.
pub fn run(jobs: mpsc::UnboundedReceiver<Job>, on_answer: &impl Fn(Answer)) {
    // For its timers; the bus has a thread of its own.
    match runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime.block_on(Desktop::default().serve(jobs, on_answer)),
        Err(error) => tracing::error!("no pop-ups can be shown: {error}"),
    }
}

#[derive(Default)]
struct Desktop {
    bus: Option<Bus>,
    /// By alert, what is (or was last known to be) on the screen.
    shown: HashMap<String, Shown>,
}

struct Bus {
    connection: Connection,
    messages: MessageStream,
    /// Asked once for each owner of the service's name.
    server: Option<Server>,
}

#[derive(Clone)]
struct Server {
    /// Its unique name on the bus.
    owner: String,
    info: ServerInfo,
}

#[derive(PartialEq)]
struct Shown {
    owner: String,
    id: u32,
}

enum Next {
    Job(Option<Job>),
    Message(Option<zbus::Result<Message>>),
}

impl Desktop {
    async fn serve(mut self, mut jobs: mpsc::UnboundedReceiver<Job>, on_answer: &impl Fn(Answer)) {
        loop {
            match self.next(&mut jobs).await {
                Next::Job(None) => return,
                Next::Job(Some(Job::Show(popup, sound, done))) => done(self.show(&popup, sound).await),
                Next::Job(Some(Job::Close(alert))) => self.close(&alert).await,
                Next::Job(Some(Job::Server(done))) => done(self.server().await.map(|server| server.info)),
                Next::Message(Some(Ok(message))) => {
                    if let Some(answer) = self.heard(&message) {
                        // Not every service takes a pop-up away once it is answered.
                        self.close(&answer.alert).await;
                        on_answer(answer);
                    }
                }
                Next::Message(Some(Err(_)) | None) => {
                    // The bus is gone and with it all pop-ups; the next job looks for a new one.
                    self.bus = None;
                    self.shown.clear();
                }
            }
        }
    }

    async fn next(&mut self, jobs: &mut mpsc::UnboundedReceiver<Job>) -> Next {
        let Some(bus) = &mut self.bus else { return Next::Job(jobs.recv().await) };
        tokio::select! {
            job = jobs.recv() => Next::Job(job),
            message = bus.messages.next() => Next::Message(message),
        }
    }

    async fn show(&mut self, popup: &Popup, sound: bool) -> Result<(), ShowError> {
        let mut server = self.server().await?;
        let sent = match self.send(popup, sound, &server).await {
            // It went away since it was asked: perhaps another has taken its place.
            Err(ShowError::NoDaemon(_)) => {
                self.forget_server();
                server = self.server().await?;
                self.send(popup, sound, &server).await
            }
            sent => sent,
        };
        let id = sent?;
        self.shown.insert(popup.alert.clone(), Shown { owner: server.owner, id });
        Ok(())
    }

    async fn send(&mut self, popup: &Popup, sound: bool, server: &Server) -> Result<u32, ShowError> {
        let bus = self.bus().await?;
        let connection = bus.connection.clone();
        let replaces =
            self.shown.get(&popup.alert).filter(|shown| shown.owner == server.owner).map_or(0, |shown| shown.id);
        // What takes the place of one that is there has been heard, unless it reminds.
        let sound = sound && (replaces == 0 || popup.reminder);
        let notification = notification(popup, sound, server.info.markup, server.info.buttons);
        patiently(notify(&connection, &server.owner, replaces, &notification)).await.map_err(refused)
    }

    async fn close(&mut self, alert: &str) {
        let (Some(shown), Some(bus)) = (self.shown.remove(alert), &self.bus) else { return };
        let close =
            bus.connection.call_method(Some(shown.owner.as_str()), PATH, Some(NAME), "CloseNotification", &shown.id);
        if let Err(error) = patiently(close).await {
            // It is already gone; that is what was wanted.
            tracing::debug!(%error, "a pop-up was not closed");
        }
    }

    /// The answer that a message is, if it is one.
    fn heard(&mut self, message: &Message) -> Option<Answer> {
        let header = message.header();
        if header.message_type() != Type::Signal {
            return None;
        }
        let sender = header.sender()?.as_str();
        match (header.interface()?.as_str(), header.member()?.as_str()) {
            (NAME, "ActionInvoked") => {
                let body = message.body();
                let (id, key) = body.deserialize::<(u32, &str)>().ok()?;
                let alert = self.alert(sender, id)?.to_owned();
                Some(Answer { alert, action: meaning(key)? })
            }
            (NAME, "NotificationClosed") => {
                let (id, reason) = message.body().deserialize::<(u32, u32)>().ok()?;
                let alert = self.alert(sender, id)?.to_owned();
                self.shown.remove(&alert);
                (reason == BY_HAND).then_some(Answer { alert, action: Action::Dismissed })
            }
            ("org.freedesktop.DBus", "NameOwnerChanged") => {
                let body = message.body();
                let (name, _, new) = body.deserialize::<(&str, &str, &str)>().ok()?;
                if name == NAME && sender == "org.freedesktop.DBus" {
                    self.shown.retain(|_, shown| shown.owner == new);
                    self.forget_server();
                }
                None
            }
            _ => None,
        }
    }

    fn alert(&self, owner: &str, id: u32) -> Option<&str> {
        self.shown.iter().find(|(_, shown)| shown.id == id && shown.owner == owner).map(|(alert, _)| alert.as_str())
    }

    fn forget_server(&mut self) {
        if let Some(bus) = &mut self.bus {
            bus.server = None;
        }
    }

    async fn bus(&mut self) -> Result<&mut Bus, ShowError> {
        let bus = match self.bus.take() {
            Some(bus) if !bus.connection.is_closed() => bus,
            _ => {
                self.shown.clear();
                patiently(connect()).await.map_err(|error| ShowError::NoDaemon(format!("no session bus: {error}")))?
            }
        };
        Ok(self.bus.insert(bus))
    }

    async fn server(&mut self) -> Result<Server, ShowError> {
        let bus = self.bus().await?;
        if let Some(server) = &bus.server {
            return Ok(server.clone());
        }
        let server = patiently(ask(&bus.connection)).await.map_err(refused)?;
        bus.server = Some(server.clone());
        Ok(server)
    }
}

/// Does it within the service's time.
async fn patiently<T>(work: impl Future<Output = zbus::Result<T>>) -> zbus::Result<T> {
    let late = || Err(io::Error::from(io::ErrorKind::TimedOut).into());
    Clock::system().timeout_awake(PATIENCE, work).await.unwrap_or_else(late)
}

/// A connection that hears the service's signals and the coming and going of the service.
async fn connect() -> zbus::Result<Bus> {
    let connection = connection::Builder::session().max_queued(WAITING).build().await?;
    let messages = MessageStream::from(&connection);
    let bus = fdo::DBusProxy::new(&connection).await?;
    let signals = || MatchRule::builder().msg_type(Type::Signal);
    bus.add_match_rule(signals().interface(NAME).path(PATH).build()?).await?;
    bus.add_match_rule(signals().sender("org.freedesktop.DBus").member("NameOwnerChanged").add_arg(NAME).build()?)
        .await?;
    Ok(Bus { connection, messages, server: None })
}

/// Who owns the service's name, and what it can do.
async fn ask(connection: &Connection) -> zbus::Result<Server> {
    let information = connection.call_method(Some(NAME), PATH, Some(NAME), "GetServerInformation", &()).await?;
    let owner = information.header().sender().ok_or(zbus::Error::MissingField)?.to_string();
    let (name, vendor, version, _spec): (String, String, String, String) = information.body().deserialize()?;
    let capabilities = connection.call_method(Some(owner.as_str()), PATH, Some(NAME), "GetCapabilities", &()).await?;
    let capabilities: Vec<String> = capabilities.body().deserialize()?;
    let can = |what: &str| capabilities.iter().any(|capability| capability == what);
    Ok(Server {
        owner,
        info: ServerInfo { name, vendor, version, buttons: can("actions"), markup: can("body-markup") },
    })
}

async fn notify(connection: &Connection, owner: &str, replaces: u32, sent: &Notification) -> zbus::Result<u32> {
    let hints: HashMap<&str, Variant<'_>> = sent.hints.iter().map(Into::into).collect();
    let timeout = i32::from(sent.timeout);
    let body = (&sent.appname, replaces, &sent.icon, &sent.summary, &sent.body, &sent.actions, hints, timeout);
    connection.call_method(Some(owner), PATH, Some(NAME), "Notify", &body).await?.body().deserialize()
}

fn refused(error: zbus::Error) -> ShowError {
    match &error {
        zbus::Error::FDO(reply) => match &**reply {
            fdo::Error::ServiceUnknown(said)
            | fdo::Error::NameHasNoOwner(said)
            | fdo::Error::SpawnExecFailed(said)
            | fdo::Error::SpawnChildExited(said)
            | fdo::Error::SpawnFailed(said) => ShowError::NoDaemon(inert::line(said)),
            reply => ShowError::Other(inert::line(&reply.to_string())),
        },
        zbus::Error::InputOutput(error) if error.kind() == io::ErrorKind::TimedOut => {
            ShowError::Other(format!("it did not answer within {} s", PATIENCE.as_secs()))
        }
        error => ShowError::Other(inert::line(&error.to_string())),
    }
}
