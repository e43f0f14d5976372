//! A place to try the program in: a simulator, a bus, a folder, and frames that are numbered.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use secrecy::ExposeSecret as _;
use tempfile::TempDir;
use tocsin::{
    clock::Clock,
    event::Topic,
    simulator::{Options, Simulator},
};
use tokio::runtime::Runtime;

use crate::{
    bus::Bus,
    frames,
    program::{Program, tocsin},
};

const TOPICS: &str = "security,audit,presence,monitoring,location,apprf";

/// One alert for each numbered frame, each with a pop-up that nothing holds back.
const NUMBERED: &str = "//! Numbered\n\nconst ON = \"security.rogue\";\nconst SEVERITY = \"critical\";\n\
    const RESOLVE_AFTER = \"3s\";\n\nfn when(event) { event.ssid == \"numbered\" }\nfn key(event) { event.rogue_id }\n\
    fn title(event) { `Numbered ${event.rogue_id}` }\n";

/// What looks back, waits and reminds: it shows if memory or a timer is lost.
const REMEMBERS: &str = "//! Remembers\n\nconst ON = \"security.rogue\";\nconst HOLD = \"1s\";\nconst REMIND = \"2s\";\n\
    const RESOLVE_AFTER = \"2s\";\n\nfn when(event) {\n    event.ssid == \"numbered\" && count(\"4s\", event.ssid) >= 10 \
    && count(\"1h\", \"all\") % 7 != 0\n}\n\
    fn title(event) { `${count(\"1h\", \"all\")} since the last hour` }\n";

/// All of it.
pub struct Lab {
    pub bus: Bus,
    pub central: Arc<Simulator>,
    pub data: PathBuf,
    /// The next numbered frame's.
    number: Arc<AtomicU32>,
    ca: PathBuf,
    _runtime: Runtime,
    _folder: TempDir,
}

impl Lab {
    /// With the campus's story, hurried `speed` times; 0: without. `None` where there is no bus to be had.
    pub fn new(speed: f64) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        Self::at(folder, data, speed)
    }

    /// With its data in that folder, which may be anywhere.
    pub fn at(folder: TempDir, data: PathBuf, speed: f64) -> Option<Self> {
        let bus = Bus::start()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let options = Options {
            clock: if speed > 0.0 { Clock::hurried(speed) } else { Clock::system() },
            story: speed > 0.0,
            ..Options::default()
        };
        let central = Arc::new(runtime.block_on(Simulator::start(options)).unwrap());
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, central.ca_pem()).unwrap();
        let rules = folder.path().join("rules");
        copy(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")), &rules);
        std::fs::write(rules.join("numbered.rhai"), NUMBERED).unwrap();
        std::fs::write(rules.join("remembers.rhai"), REMEMBERS).unwrap();
        Some(Self { bus, central, data, number: Arc::default(), ca, _runtime: runtime, _folder: folder })
    }

    /// Puts another rule beside them.
    pub fn rule(&self, name: &str, text: &str) {
        std::fs::write(self.ca.with_file_name("rules").join(format!("{name}.rhai")), text).unwrap();
    }

    /// What starts the program here, with pop-ups on the lab's bus.
    pub fn command(&self) -> Command {
        let rules = self.ca.with_file_name("rules");
        let mut command = tocsin(&["watch", "--topic", TOPICS, "--key-stdin", "--notify", "--format", "json"]);
        command.args(["--endpoint", &self.central.endpoint()]);
        command.arg("--ca").arg(&self.ca).arg("--data").arg(&self.data).arg("--rules").arg(rules);
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus.address);
        // Without a logind, unless the test brings one.
        command.env("DBUS_SYSTEM_BUS_ADDRESS", &self.bus.address);
        command
    }

    /// Starts the program.
    pub fn start(&self) -> Program {
        Program::start(self.command(), self.central.key().expose_secret())
    }

    /// Starts the program on a clock that begins then and hurries; what it is told sets the clock.
    pub fn rehearse(&self, speed: f64, start: jiff::Timestamp) -> Program {
        let mut command = self.command();
        command.args(["--rehearse", &format!("{speed}@{start}")]);
        Program::start_listening(command, &format!("{}\n", self.central.key().expose_secret()))
    }

    /// Sends numbered frames, `every` so often, while anybody listens, until it is dropped.
    pub fn feed(&self, every: Duration) -> Feed {
        let (sent, stop) = (Arc::clone(&self.number), Arc::new(AtomicBool::new(false)));
        let central = Arc::clone(&self.central);
        let (count, end) = (Arc::clone(&sent), Arc::clone(&stop));
        let thread = thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                if central.connections(Topic::Security) > 0 {
                    let number = count.fetch_add(1, Ordering::Relaxed);
                    central.send(Topic::Security, frames::rogue(number, b"numbered"));
                }
                thread::sleep(every);
            }
        });
        Feed { sent, stop, thread: Some(thread) }
    }
}

/// Frames that are being sent.
pub struct Feed {
    sent: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Feed {
    /// How many have been sent in this lab.
    pub fn sent(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &there);
        } else {
            std::fs::copy(entry.path(), there).unwrap();
        }
    }
}
