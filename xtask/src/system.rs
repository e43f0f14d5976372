//! What the system must have, and getting it.

use std::process::{Command, Stdio};

use crate::step::{self, Outcome};

/// A Debian package, and what is asked of the system to know that it is there.
pub type Package = &'static str;

/// To compile the engine.
pub const ENGINE: &[Package] = &["build-essential", "pkg-config"];

/// To compile the window, and to bundle it: the bundler asks for the tray's library as one that is developed with.
pub const WINDOW: &[Package] =
    &["libwebkit2gtk-4.1-dev", "libayatana-appindicator3-1", "libayatana-appindicator3-dev", "librsvg2-dev"];

/// To test the desktop without one.
pub const DESKTOP_TESTS: &[Package] = &[
    "xvfb",
    "xauth",
    "webkit2gtk-driver",
    "gnome-keyring",
    "libsecret-tools",
    "xfce4-notifyd",
    "dunst",
    "libnotify-bin",
    "imagemagick",
    "xdotool",
    "dbus",
    "fonts-dejavu-core",
    "desktop-file-utils",
    "rpm",
];

/// Installs what is missing with apt-get; on other systems it names the packages and goes on only if asked for none.
pub fn require(packages: &[Package]) -> Outcome<()> {
    if !cfg!(target_os = "linux") {
        return Ok(()); // macOS and Windows bring their web view, keyring and notifications with them
    }
    if !has("apt-get") || !has("dpkg-query") {
        println!(
            "This is not Debian or Ubuntu. Tocsin needs the counterparts of these packages: {}.",
            packages.join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing, to be installed: {}", missing.join(" "));
    step::run("apt-get update", &mut as_root(&["apt-get", "update", "-qq"])?)?;
    let mut words = vec!["apt-get", "install", "-y", "-qq", "--no-install-recommends"];
    words.extend(&missing);
    let mut install = as_root(&words)?;
    install.env("DEBIAN_FRONTEND", "noninteractive");
    step::run("apt-get install", &mut install)
}

/// Node and npm, which build the window.
pub fn require_node() -> Outcome<()> {
    if has("npm") && has("node") {
        return Ok(());
    }
    Err("Node.js is missing. It builds the window: install Node.js 20 or later with npm, then run this again."
        .to_owned())
}

/// Whether a program of that name is on the path.
pub fn has(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["-W", "-f=${Status}", package])
        .output()
        .is_ok_and(|answer| answer.stdout.ends_with(b"install ok installed"))
}

/// The words as a command of root's: as they are for root, by sudo for others.
pub fn as_root(words: &[&str]) -> Outcome<Command> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|answer| answer.stdout.trim_ascii() == b"0");
    if root {
        return Ok(step::command(words[0], &words[1..]));
    }
    if !has("sudo") {
        return Err(format!("not root, and sudo is missing. As root, run: {}", words.join(" ")));
    }
    Ok(step::command("sudo", words))
}
