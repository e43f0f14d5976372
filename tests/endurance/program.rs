//! The program itself, as a process of its own.

use std::{
    io::{Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// How long anything may take: far more than it does.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// Waits until it is so.
pub fn until(what: &str, so: impl FnMut() -> bool) {
    until_or(what, so, String::new);
}

/// The same; where it does not come about, `said` is told with it.
pub fn until_or(what: &str, mut so: impl FnMut() -> bool, said: impl Fn() -> String) {
    let end = Instant::now() + PATIENCE;
    while !so() {
        assert!(Instant::now() < end, "never came about: {what}\n{}", said());
        thread::sleep(Duration::from_millis(20));
    }
}

/// A running program. Dropped, it is killed.
pub struct Program {
    child: Child,
    input: Option<ChildStdin>,
    err: Arc<Mutex<Vec<u8>>>,
    reader: Option<thread::JoinHandle<()>>,
}

impl Program {
    /// Starts it with this on standard input.
    pub fn start(command: Command, input: &str) -> Self {
        let mut program = Self::start_listening(command, input);
        program.input = None;
        program
    }

    /// The same, and its standard input stays open.
    pub fn start_listening(mut command: Command, input: &str) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // One that ends at once reads nothing.
        let mut input_of = child.stdin.take().unwrap();
        let _ = input_of.write_all(input.as_bytes());
        let err = Arc::default();
        let reader = gather(child.stderr.take().unwrap(), Arc::clone(&err));
        Self { child, input: Some(input_of), err, reader: Some(reader) }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn err(&self) -> String {
        text(&self.err)
    }

    /// Says a line to it.
    pub fn tell(&mut self, line: &str) {
        if let Some(input) = &mut self.input {
            writeln!(input, "{line}").unwrap();
        }
    }

    /// Waits until its standard error holds this.
    pub fn says(&mut self, what: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.err().contains(what) {
            assert!(Instant::now() < end, "it never says \"{what}\" in:\n{}", self.err());
            assert!(self.runs(), "it ended without \"{what}\" in:\n{}", self.err());
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Sends it a signal, by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.id().to_string()]).status().unwrap();
        assert!(sent.success(), "{name}");
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
    }

    /// SIGTERM: gives its exit code and its last words.
    pub fn end(mut self) -> (Option<i32>, String) {
        self.signal("TERM");
        let status = self.wait();
        (status.code(), self.err())
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < end, "it does not end: {}", self.err());
            thread::sleep(Duration::from_millis(10));
        };
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        status
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command, without what it would find in this user's desktop and proxies.
pub fn tocsin(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tocsin"));
    command.args(arguments);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    for bus in ["DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"] {
        command.env(bus, "unix:path=/nonexistent");
    }
    command
}

/// Runs it to its end on this data folder.
pub fn asked(arguments: &[&str], data: &Path) -> Output {
    tocsin(arguments).arg("--data").arg(data).stdin(Stdio::null()).output().unwrap()
}

fn gather(mut from: impl Read + Send + 'static, to: Arc<Mutex<Vec<u8>>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut piece) {
            to.lock().unwrap().extend(&piece[..read]);
        }
    })
}

fn text(octets: &Mutex<Vec<u8>>) -> String {
    String::from_utf8_lossy(&octets.lock().unwrap()).into_owned()
}
