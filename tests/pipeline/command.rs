//! The command itself, as a process of its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Instant,
};

use crate::stand::{PATIENCE, until};

/// A running command. Dropped, it is killed.
pub struct Run {
    pub child: Child,
    /// All it has written, octet by octet.
    pub out: Arc<Mutex<Vec<u8>>>,
    pub err: Arc<Mutex<Vec<u8>>>,
    readers: Vec<thread::JoinHandle<()>>,
}

impl Run {
    /// Starts it with this on standard input. What it would find in this user's desktop and proxies is kept from it.
    pub fn start(arguments: &[&str], input: &str) -> Self {
        let mut child = command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let (out, err) = (Arc::default(), Arc::default());
        let readers = vec![
            gather(child.stdout.take().unwrap(), Arc::clone(&out)),
            gather(child.stderr.take().unwrap(), Arc::clone(&err)),
        ];
        Self { child, out, err, readers }
    }

    pub fn out(&self) -> String {
        text(&self.out)
    }

    pub fn err(&self) -> String {
        text(&self.err)
    }

    /// Waits until its standard error holds this so many times.
    pub fn says(&self, what: &str, times: usize) {
        until(&format!("{times} × \"{what}\" in:\n{}", self.err()), || self.err().matches(what).count() >= times);
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.readers.drain(..).for_each(|reader| reader.join().unwrap());
    }

    /// SIGTERM; gives its exit code.
    pub fn end(&mut self) -> i32 {
        let ended = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(ended.success());
        let end = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < end, "it does not end: {}", self.err());
            thread::sleep(std::time::Duration::from_millis(10));
        };
        self.readers.drain(..).for_each(|reader| reader.join().unwrap());
        status.code().unwrap()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tocsin"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    command
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
    String::from_utf8(octets.lock().unwrap().clone()).expect("what it writes is UTF-8")
}

/// Runs it to its end.
pub fn tocsin(arguments: &[&str], data: &Path) -> Output {
    command(arguments).arg("--data").arg(data).stdin(Stdio::null()).output().unwrap()
}

/// A running `tocsin simulate`.
pub struct Simulate {
    _child: Run,
    pub endpoint: String,
    pub key: String,
    pub ca: String,
}

impl Simulate {
    /// Starts it and reads the line that says where it listens.
    pub fn start(arguments: &[&str]) -> Self {
        let child = Run::start(&[&["simulate", "--listen", "127.0.0.1:0"], arguments].concat(), "");
        until("it listens", || child.out().contains('\n'));
        let line: serde_json::Value =
            serde_json::from_str(BufReader::new(child.out().as_bytes()).lines().next().unwrap().unwrap().as_str())
                .unwrap();
        let field = |name: &str| line[name].as_str().unwrap().to_owned();
        Self { endpoint: field("endpoint"), key: field("key"), ca: field("ca"), _child: child }
    }
}
