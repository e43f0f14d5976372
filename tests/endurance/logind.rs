//! A logind that says what it is told to, on the lab's bus.

use std::{
    io::Read as _,
    os::{fd::AsFd as _, unix::net::UnixStream},
    sync::{Arc, Mutex},
    thread,
};

use futures_util::StreamExt as _;
use zbus::{Connection, Fd, MessageStream, connection, message::Type, names::MemberName};

const NAME: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const INTERFACE: &str = "org.freedesktop.login1.Manager";

/// Our end of a lock that somebody took, and what they said.
type Lock = (UnixStream, [String; 4]);

/// It ends with this.
pub struct Logind {
    bus: Connection,
    locks: Arc<Mutex<Vec<Lock>>>,
}

impl Logind {
    /// Comes to the bus.
    pub fn start(address: &str) -> Self {
        let locks = Arc::<Mutex<Vec<_>>>::default();
        let given = Arc::clone(&locks);
        let bus = zbus::block_on(async {
            let bus = connection::Builder::address(address).build().await.unwrap();
            let messages = MessageStream::from(&bus);
            bus.request_name(NAME).await.unwrap();
            let asked = bus.clone();
            thread::spawn(move || zbus::block_on(answer(asked, messages, given)));
            bus
        });
        Self { bus, locks }
    }

    /// Says that the computer is about to sleep, or that it woke.
    pub fn say(&self, sleeps: bool) {
        let signal = self.bus.emit_signal(None::<&str>, PATH, INTERFACE, "PrepareForSleep", &sleeps);
        zbus::block_on(signal).unwrap();
    }

    /// How many hold up the next sleep.
    pub fn held_up_by(&self) -> usize {
        let mut locks = self.locks.lock().unwrap();
        locks.retain_mut(|(ours, _)| !matches!(ours.read(&mut [0]), Ok(0)));
        for (_, said) in &*locks {
            assert!(said[0] == "sleep" && said[1] == "Tocsin" && said[3] == "delay", "{said:?}");
        }
        locks.len()
    }

    /// Leaves the bus.
    pub fn end(self) {
        zbus::block_on(self.bus.release_name(NAME)).unwrap();
        zbus::block_on(self.bus.close()).unwrap();
    }
}

async fn answer(bus: Connection, mut messages: MessageStream, locks: Arc<Mutex<Vec<Lock>>>) {
    while let Some(Ok(call)) = messages.next().await {
        let header = call.header();
        if header.message_type() != Type::MethodCall || header.member().map(MemberName::as_str) != Some("Inhibit") {
            continue;
        }
        let (what, who, why, mode): (String, String, String, String) = call.body().deserialize().unwrap();
        let (ours, theirs) = UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        locks.lock().unwrap().push((ours, [what, who, why, mode]));
        // Who asked may be gone by now.
        let _ = bus.reply(&header, &Fd::from(theirs.as_fd())).await;
    }
}
