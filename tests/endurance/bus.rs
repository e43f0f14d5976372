//! A session bus of its own, with a notification service that writes down what it is asked to show.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use futures_util::StreamExt as _;
use tempfile::TempDir;
use zbus::{Connection, Message, MessageStream, Variant, connection, message::Type};

const NAME: &str = "org.freedesktop.Notifications";

/// A pop-up that the service was asked to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub title: String,
    pub body: String,
}

/// The bus and the service. Both end with it.
pub struct Bus {
    pub address: String,
    shown: Arc<Mutex<Vec<Shown>>>,
    /// The service shows what it is asked to, and says nothing.
    silent: Arc<AtomicBool>,
    /// `None`: it has ended.
    daemon: Option<Child>,
    folder: TempDir,
}

impl Bus {
    /// `None`, said aloud, where there is no `dbus-daemon`.
    pub fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("unix:path={}", folder.path().join("bus").display());
        // No service files: what runs on it, the test started.
        let text = format!(
            "<busconfig><type>session</type><listen>{address}</listen><policy context=\"default\"><allow \
             send_destination=\"*\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>"
        );
        std::fs::write(folder.path().join("bus.conf"), text).unwrap();
        let mut bus = Self { address, shown: Arc::default(), silent: Arc::default(), daemon: None, folder };
        bus.begin().then_some(bus)
    }

    /// Begins the bus, or begins it anew, at the same address. `false`, said aloud, where there is no `dbus-daemon`.
    pub fn begin(&mut self) -> bool {
        let started = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", self.folder.path().join("bus.conf").display()))
            .args(["--nofork", "--print-address"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut daemon) = started else {
            eprintln!("not tested: dbus-daemon is not installed");
            return false;
        };
        // It listens once it has said where.
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
        self.daemon = Some(daemon);
        let (record, ready) = (Arc::clone(&self.shown), std::sync::mpsc::channel());
        let (to, tell) = (self.address.clone(), ready.0);
        let says_nothing = Arc::clone(&self.silent);
        thread::spawn(move || {
            zbus::block_on(async {
                let connection = connection::Builder::address(to.as_str()).build().await.unwrap();
                let mut messages = MessageStream::from(&connection);
                connection.request_name(NAME).await.unwrap();
                tell.send(()).unwrap();
                // Until the bus ends.
                while let Some(Ok(message)) = messages.next().await {
                    if message.header().message_type() == Type::MethodCall {
                        answer(&connection, &message, &record, &says_nothing).await;
                    }
                }
            });
        });
        ready.1.recv().unwrap();
        true
    }

    /// Ends the bus, and with it whatever is on it.
    pub fn end(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
        let _ = std::fs::remove_file(self.folder.path().join("bus"));
    }

    /// All that it was asked to show, in order.
    pub fn shown(&self) -> Vec<Shown> {
        self.shown.lock().unwrap().clone()
    }

    /// Whether the service keeps its answer to itself, once it has shown a pop-up, until it may speak again.
    pub fn be_silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::Relaxed);
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.end();
    }
}

/// Written down before it is answered: whoever is killed in between has shown it.
async fn answer(connection: &Connection, call: &Message, shown: &Mutex<Vec<Shown>>, silent: &AtomicBool) {
    let header = call.header();
    // Who asked may be gone by now.
    let _ = match header.member().map(zbus::names::MemberName::as_str) {
        Some("GetServerInformation") => connection.reply(&header, &("recorder", "tests", "1", "1.2")).await,
        Some("GetCapabilities") => connection.reply(&header, &vec!["actions", "body"]).await,
        Some("Notify") => {
            type Notify<'a> =
                (&'a str, u32, &'a str, &'a str, &'a str, Vec<&'a str>, HashMap<&'a str, Variant<'a>>, i32);
            let content = call.body();
            let (_, _, _, title, body, ..) = content.deserialize::<Notify<'_>>().unwrap();
            let id = {
                let mut shown = shown.lock().unwrap();
                shown.push(Shown { title: title.to_owned(), body: body.to_owned() });
                u32::try_from(shown.len()).unwrap()
            };
            while silent.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(20));
            }
            connection.reply(&header, &id).await
        }
        _ => connection.reply(&header, &()).await,
    };
}
