//! A desktop of a test's own: display, bus, keyring, notification daemon, home. All of it ends with the test.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::window::pictures;

/// Which notification daemon the desktop has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Daemon {
    /// Tells what it was shown as JSON.
    Dunst,
    /// Draws real buttons that can be clicked.
    Xfce,
    None,
}

/// One desktop.
pub struct Desk {
    /// The home, and beside it what is no part of it.
    place: TempDir,
    home: PathBuf,
    pub display: String,
    pub bus: String,
    running: Vec<Child>,
}

/// A pop-up that was shown.
#[derive(Debug)]
pub struct Popup {
    pub title: String,
    pub body: String,
}

impl Desk {
    /// Starts display and bus, then the keyring (if wanted) and the daemon.
    pub fn start(daemon: Daemon, keyring: bool) -> Self {
        let place = tempfile::tempdir().expect("a folder for the test");
        let home = place.path().join("home");
        let mut desk = Self { place, home, display: String::new(), bus: String::new(), running: Vec::new() };
        for folder in ["run", ".local/share", ".config", ".cache"] {
            fs::create_dir_all(desk.home.join(folder)).expect("a home");
        }
        let only_mine = fs::Permissions::from_mode(0o700);
        fs::set_permissions(desk.home.join("run"), only_mine).expect("a folder of one's own");
        let number = desk.first_line("Xvfb", &["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        desk.display = format!(":{number}");
        desk.bus = desk.start_bus();
        if keyring {
            desk.start_keyring();
        }
        desk.start_daemon(daemon);
        desk
    }

    /// The home of all that runs here.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// A folder that ends with the desktop and is outside its home.
    pub fn outside(&self) -> &Path {
        self.place.path()
    }

    /// What the app prints goes there.
    pub fn log(&self) -> PathBuf {
        self.home.join("app.log")
    }

    /// All pop-ups that dunst has shown so far. Those on the screen are closed for that: dunst tells only of the past.
    pub fn popups(&self) -> Vec<Popup> {
        self.run("dunstctl", &["close-all"]);
        let history: serde_json::Value =
            serde_json::from_str(&self.text("dunstctl", &["history"])).expect("dunst's history");
        let entries = history["data"][0].as_array().cloned().unwrap_or_default();
        let text = |entry: &serde_json::Value, name: &str| entry[name]["data"].as_str().unwrap_or_default().to_owned();
        entries.iter().map(|entry| Popup { title: text(entry, "summary"), body: text(entry, "body") }).collect()
    }

    /// A command with this desktop as its world, and nothing of the one the test runs in.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let home = &self.home;
        let mut command = Command::new(program);
        command.env_clear();
        for name in ["PATH", "LANG", "TZ"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("NO_AT_BRIDGE", "1")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command on this desktop to its end.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Output {
        self.command(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"))
    }

    /// Its standard output as text.
    pub fn text(&self, program: &str, arguments: &[&str]) -> String {
        String::from_utf8_lossy(&self.run(program, arguments).stdout).trim().to_owned()
    }

    /// A free port on loopback.
    pub fn port() -> u16 {
        TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port()
    }

    /// Starts a program that lives as long as the desktop.
    pub fn keep(&mut self, command: &mut Command) {
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
        self.running.push(child);
    }

    /// Starts a program that lives as long as the desktop, and returns the first line it prints.
    pub fn first_line_of(&mut self, command: &mut Command) -> String {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
        let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        reader.read_line(&mut line).expect("a first line");
        // Goes on reading, so that the program never writes to a closed pipe.
        std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
        self.running.push(child);
        line.trim().to_owned()
    }

    /// A picture of the whole display, kept beside the build's other output.
    pub fn photograph(&self, name: &str) -> PathBuf {
        fs::create_dir_all(pictures()).expect("a folder for pictures");
        let path = pictures().join(format!("{name}.png"));
        self.run("import", &["-window", "root", &path.to_string_lossy()]);
        path
    }

    fn first_line(&mut self, program: &str, arguments: &[&str]) -> String {
        let mut command = self.command(program);
        command.args(arguments).stderr(Stdio::null());
        self.first_line_of(&mut command)
    }

    /// A bus that starts nothing by itself: a keyring and a daemon run only if the test starts them.
    fn start_bus(&mut self) -> String {
        let (config, services) = (self.outside().join("bus.conf"), self.outside().join("services"));
        fs::create_dir_all(&services).expect("a folder for services");
        // xfce4-notifyd keeps its settings there.
        let settings = "org.xfce.Xfconf.service";
        let _ = fs::copy(Path::new("/usr/share/dbus-1/services").join(settings), services.join(settings));
        let text = format!(
            "<busconfig><type>session</type><listen>unix:dir={}</listen><servicedir>{}</servicedir><policy \
             context=\"default\"><allow send_destination=\"*\"/><allow eavesdrop=\"true\"/><allow \
             own=\"*\"/></policy></busconfig>",
            self.outside().display(),
            services.display()
        );
        fs::write(&config, text).expect("the bus's settings");
        self.first_line(
            "dbus-daemon",
            &["--nofork", "--print-address=1", &format!("--config-file={}", config.display())],
        )
    }

    fn start_keyring(&mut self) {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("gnome-keyring-daemon");
        child.stdin.take().expect("a pipe").write_all(b"password").expect("the keyring's password");
        self.running.push(child);
        self.wait_for_name("org.freedesktop.secrets");
    }

    fn start_daemon(&mut self, daemon: Daemon) {
        let program = match daemon {
            Daemon::Dunst => "dunst",
            Daemon::Xfce => "/usr/lib/x86_64-linux-gnu/xfce4/notifyd/xfce4-notifyd",
            Daemon::None => return,
        };
        let mut command = self.command(program);
        if daemon == Daemon::Dunst {
            let settings = self.outside().join("dunstrc");
            fs::write(&settings, DUNST).expect("dunst's settings");
            command.arg("-conf").arg(settings);
        }
        self.keep(command.stdout(Stdio::null()).stderr(Stdio::null()));
        self.wait_for_name("org.freedesktop.Notifications");
    }

    /// Where a test fails on another computer, this is all that tells why.
    fn tell_how_it_was(&self) {
        let log = fs::read_to_string(self.log()).unwrap_or_else(|error| format!("no log: {error}"));
        let lines: Vec<&str> = log.lines().collect();
        let last = &lines[lines.len().saturating_sub(SAID_LAST)..];
        let processes: Vec<String> = self.processes().iter().map(|process| process.name.clone()).collect();
        eprintln!("The app's log ends with:\n{}\nRunning: {}", last.join("\n"), processes.join(", "));
        let room = self.text("df", &["-k", &self.home.to_string_lossy(), "/dev/shm"]);
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        eprintln!("{room}\n{}", memory.lines().take(3).collect::<Vec<_>>().join("\n"));
    }

    fn wait_for_name(&self, name: &str) {
        let wanted = format!("string:{name}");
        until(&format!("{name} is on the bus"), || {
            let arguments = [
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.DBus",
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus.NameHasOwner",
                &wanted,
            ];
            self.text("dbus-send", &arguments).ends_with("true").then_some(())
        });
    }
}

/// How much of the end of the app's log a failed test shows.
const SAID_LAST: usize = 60;

/// Room for all that a test may show.
const DUNST: &str =
    "[global]\nnotification_limit = 20\nhistory_length = 500\nmarkup = full\nstack_duplicates = false\n";

impl Drop for Desk {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.tell_how_it_was();
        }
        // The app is the driver's child, and outlives it when a test fails.
        for process in self.processes().iter().filter(|process| process.name == "tocsin-desktop") {
            let _ = Command::new("kill").arg("-KILL").arg(process.pid.to_string()).status();
        }
        for child in self.running.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// How long anything may take before a test gives up: these machines are slow and shared.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// Polls until `look` gives something, or fails the test saying what it waited for.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
