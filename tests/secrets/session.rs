//! A desktop session's bus and keyring, in a folder that goes with it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// No service files: what is not started here does not exist.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=FOLDER</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#;

pub struct Session {
    folder: tempfile::TempDir,
    bus: Child,
    address: String,
    keyring: Option<Child>,
}

/// How a run of the command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
    pub took: Duration,
}

/// A key made now.
pub fn key(customer: &str) -> String {
    let created = jiff::Timestamp::now().as_second();
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let payload = part(&format!(r#"{{"customer_id":"{customer}","Created":{created}}}"#));
    format!("{}.{payload}.{}", part(r#"{"alg":"HS256","type":"jwt"}"#), part("signature"))
}

impl Session {
    pub fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("bus.conf");
        std::fs::write(&config, BUS.replace("FOLDER", &folder.path().to_string_lossy())).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon (package dbus)");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { folder, bus, address: address.trim().to_owned(), keyring: None }
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let home: &Path = self.folder.path();
        let mut command = Command::new(program);
        command
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_RUNTIME_DIR", home);
        command
    }

    pub fn start_keyring(&mut self) {
        let mut daemon = self
            .command("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon (package gnome-keyring)");
        daemon.stdin.take().unwrap().write_all(b"a password").unwrap();
        self.keyring = Some(daemon);
        // The name appears before the collection that the password unlocks.
        self.until("the keyring", |session| {
            session
                .call(&[
                    "/org/freedesktop/secrets/aliases/default",
                    "org.freedesktop.DBus.Properties.Get",
                    "string:org.freedesktop.Secret.Collection",
                    "string:Locked",
                ])
                .contains("boolean false")
        });
    }

    pub fn stop_keyring(&mut self) {
        let mut daemon = self.keyring.take().unwrap();
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }

    /// Stops the daemon in its tracks without ending it.
    pub fn pause_keyring(&self) {
        let pid = self.keyring.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args(["-STOP", &pid]).status().unwrap().success());
    }

    pub fn lock(&self) {
        self.call(&[
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        ]);
    }

    /// Owns the name of the desktop's prompter and lets every question lie.
    pub fn prompter_that_never_answers(&self) -> zbus::Connection {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
            let connection = zbus::connection::Builder::address(self.address.as_str()).build().await.unwrap();
            connection.request_name("org.gnome.keyring.SystemPrompter").await.unwrap();
            connection
        })
    }

    pub fn end_bus(&mut self) {
        self.bus.kill().unwrap();
        self.bus.wait().unwrap();
    }

    fn call(&self, arguments: &[&str]) -> String {
        let output = self
            .command("dbus-send")
            .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets"])
            .args(arguments)
            .output()
            .expect("dbus-send (package dbus)");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn until(&self, what: &str, there: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !there(self) {
            assert!(Instant::now() < deadline, "{what} did not come up");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs the command in this session.
    pub fn tocsin(&self, arguments: &[&str], input: &str) -> Ran {
        let began = Instant::now();
        let mut child = self
            .command(env!("CARGO_BIN_EXE_tocsin"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let (mut out, mut err) = (String::new(), String::new());
        child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        let code = child.wait().unwrap().code().unwrap_or(-1);
        Ran { code, out, err, took: began.elapsed() }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for child in self.keyring.iter_mut().chain([&mut self.bus]) {
            let _ = child.kill(); // it may have ended already
            let _ = child.wait();
        }
    }
}
