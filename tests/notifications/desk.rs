//! A desktop for one test: a bus, a display, and what runs on them. All end with it.

use std::{
    cell::RefCell,
    io::{BufRead, BufReader, Write},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A process that ends with the test.
struct Guarded(Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub struct Desk {
    dunst: RefCell<Option<Guarded>>,
    bus: String,
    display: String,
    home: TempDir,
    _processes: Vec<Guarded>,
}

impl Desk {
    /// A bus and a display; `None`, said aloud, where the programs are not installed.
    pub fn new() -> Option<Self> {
        for program in ["dbus-daemon", "Xvfb", "dunst", "dunstctl", "dbus-send", "dbus-monitor"] {
            let found = std::env::split_paths(&std::env::var_os("PATH")?).any(|folder| folder.join(program).exists());
            if !found {
                eprintln!("not tested: {program} is not installed");
                return None;
            }
        }
        let home = TempDir::new().unwrap();
        let config = home.path().join("bus.conf");
        // No service files: a daemon runs only if the test starts it.
        std::fs::write(
            &config,
            format!(
                "<busconfig><type>session</type><listen>unix:dir={}</listen><policy context=\"default\"><allow \
                 send_destination=\"*\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
                home.path().display()
            ),
        )
        .unwrap();
        let (daemon, bus) = started(
            Command::new("dbus-daemon")
                .arg(format!("--config-file={}", config.display()))
                .args(["--nofork", "--print-address"]),
        );
        let (server, display) =
            started(Command::new("Xvfb").args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]));
        let display = format!(":{display}");
        Some(Self { dunst: RefCell::new(None), bus, display, home, _processes: vec![daemon, server] })
    }

    pub fn with_dunst() -> Option<Self> {
        let mut desk = Self::new()?;
        desk.start_dunst();
        Some(desk)
    }

    pub fn start_dunst(&mut self) {
        let home = self.home.path();
        let (config, menu) = (home.join("dunstrc"), home.join("menu"));
        std::fs::write(&menu, format!("#!/bin/sh\nexec grep -m1 \"^#$(cat {}/choice)\"\n", home.display())).unwrap();
        std::fs::set_permissions(&menu, std::fs::Permissions::from_mode(0o700)).unwrap();
        let record = home.join("record");
        let line = format!("#!/bin/sh\necho \"$DUNST_URGENCY $DUNST_SUMMARY\" >> {}/urgencies\n", home.display());
        std::fs::write(&record, line).unwrap();
        std::fs::set_permissions(&record, std::fs::Permissions::from_mode(0o700)).unwrap();
        let settings = format!(
            "[global]\nnotification_limit = 100\nhistory_length = 100\nmarkup = full\nstack_duplicates = false\ndmenu = {}\n\
             always_run_script = true\n[urgency]\nsummary = *\nscript = {}\n",
            menu.display(),
            record.display(),
        );
        std::fs::write(&config, settings).unwrap();
        let log = std::fs::File::create(self.home.path().join("dunst.log")).unwrap();
        let dunst =
            self.command(Path::new("dunst")).arg("-conf").arg(&config).stdout(Stdio::null()).stderr(log).spawn();
        *self.dunst.borrow_mut() = Some(Guarded(dunst.unwrap()));
        until("dunst has its name", || self.has_owner().then_some(()));
    }

    pub fn restart_dunst(&mut self) {
        *self.dunst.borrow_mut() = None;
        until("the old dunst's name is free", || (!self.has_owner()).then_some(()));
        self.start_dunst();
    }

    fn has_owner(&self) -> bool {
        self.ask_bus("NameHasOwner", Some("string:org.freedesktop.Notifications")).contains("boolean true")
    }

    /// How many connections the bus has, without the one that asks.
    pub fn connections(&self) -> usize {
        self.ask_bus("ListNames", None).lines().filter(|line| line.trim_start().starts_with("string \":")).count()
    }

    fn ask_bus(&self, method: &str, arg: Option<&str>) -> String {
        let mut command = self.command(Path::new("dbus-send"));
        command.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
        let output = command.arg(format!("org.freedesktop.DBus.{method}")).args(arg).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Chooses on the topmost pop-up that offers it: `default` as a click does, else through dunst's menu, whose
    /// program is one that picks this label.
    pub fn press(&self, label: &str) {
        if label == "default" {
            self.dunstctl(&["action", "0"]);
        } else {
            std::fs::write(self.home.path().join("choice"), label).unwrap();
            self.dunstctl(&["context"]);
        }
    }

    /// The urgency that dunst read from the pop-up with that title.
    pub fn urgency(&self, title: &str) -> String {
        until("dunst says the urgency", || {
            let lines = std::fs::read_to_string(self.home.path().join("urgencies")).ok()?;
            lines.lines().find_map(|line| Some(line.strip_suffix(title)?.trim().to_owned()))
        })
    }

    /// Writes down what is said to the notification service from now on.
    pub fn overhear(&self) -> Overheard {
        let file = self.home.path().join("overheard");
        let mut monitor = self.command(Path::new("dbus-monitor"));
        monitor.args(["--session", "interface='org.freedesktop.Notifications',member='Notify'"]);
        let child = monitor.stdout(std::fs::File::create(&file).unwrap()).spawn().unwrap();
        // Its first words are that it listens.
        until("the bus is overheard", || (std::fs::metadata(&file).ok()?.len() > 0).then_some(()));
        Overheard { file, _child: Guarded(child) }
    }

    /// How many pop-ups dunst holds, on the screen or waiting for room.
    pub fn displayed(&self) -> usize {
        self.dunstctl(&["count", "displayed"]).trim().parse::<usize>().unwrap()
            + self.dunstctl(&["count", "waiting"]).trim().parse::<usize>().unwrap()
    }

    pub fn dunstctl(&self, args: &[&str]) -> String {
        let output = self.command(Path::new("dunstctl")).args(args).output().unwrap();
        assert!(output.status.success(), "dunstctl {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("DISPLAY", &self.display)
            .env("HOME", self.home.path())
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null());
        command
    }

    /// The app's pop-ups in a process on this desk.
    pub fn subject(&self) -> Subject {
        let mut command = self.command(&std::env::current_exe().unwrap());
        command.args(["--exact", "subject::subject", "--nocapture"]).env("TOCSIN_SUBJECT", "1");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stderr.take().unwrap());
        let (done_tx, done) = mpsc::channel();
        let (answer_tx, answers) = mpsc::channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Some(line) = line.strip_prefix("done ") {
                    let _ = done_tx.send(line.to_owned());
                } else if let Some(line) = line.strip_prefix("answer ") {
                    let _ = answer_tx.send(line.to_owned());
                } else {
                    eprintln!("subject: {line}");
                }
            }
        });
        Subject { input, done, answers, _child: Guarded(child) }
    }
}

/// What was said to the notification service.
pub struct Overheard {
    file: std::path::PathBuf,
    _child: Guarded,
}

impl Overheard {
    /// All of the pop-up with that title.
    pub fn pop_up(&self, title: &str) -> String {
        until("the pop-up is on the bus", || {
            let all = std::fs::read_to_string(&self.file).ok()?;
            let said = all.split("member=Notify\n").find(|said| said.contains(&format!("\"{title}\"")))?;
            // The time that it stays is said last.
            said.contains("\n   int32 ").then(|| said.to_owned())
        })
    }
}

/// Starts a program that prints one line when it is ready.
fn started(command: &mut Command) -> (Guarded, String) {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Guarded(child), line.trim().to_owned())
}

pub struct Subject {
    input: ChildStdin,
    done: mpsc::Receiver<String>,
    answers: mpsc::Receiver<String>,
    _child: Guarded,
}

impl Subject {
    fn ask(&mut self, command: &[&str]) -> String {
        writeln!(self.input, "{}", serde_json::to_string(command).unwrap()).unwrap();
        self.done.recv_timeout(PATIENCE).unwrap()
    }

    pub fn show(&mut self, alert: &str, severity: &str, title: &str, body: &str, reminder: bool) {
        assert_eq!(self.ask(&["show", alert, severity, title, body, &reminder.to_string()]), "shown");
    }

    pub fn try_show(&mut self, alert: &str, title: &str) -> String {
        self.ask(&["show", alert, "warning", title, "", "false"])
    }

    /// From now on these severities sound.
    pub fn sound(&mut self, severities: &[&str]) {
        self.ask(&[&["sound"], severities].concat());
    }

    pub fn close(&mut self, alert: &str) {
        self.ask(&["close", alert]);
    }

    pub fn daemon(&mut self) -> String {
        self.ask(&["daemon"])
    }

    /// The next answer.
    pub fn answer(&self) -> String {
        self.answers.recv_timeout(PATIENCE).expect("an answer")
    }
}
