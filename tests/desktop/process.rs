//! What runs on a desktop: the app, its web view, and what they hold.

use std::{fs, path::Path};

use crate::bench::Desk;

/// A running process of a desktop.
pub struct Process {
    pub pid: u32,
    /// Its program's file name.
    pub name: String,
}

impl Desk {
    /// All processes whose home is this desktop's.
    pub fn processes(&self) -> Vec<Process> {
        let wanted = format!("HOME={}", self.home().display());
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").expect("/proc").flatten() {
            let Ok(pid) = entry.file_name().to_string_lossy().parse() else { continue };
            let environ = fs::read(entry.path().join("environ")).unwrap_or_default();
            if environ.split(|octet| *octet == 0).any(|variable| variable == wanted.as_bytes()) {
                let program = fs::read_link(entry.path().join("exe")).unwrap_or_default();
                let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
                found.push(Process { pid, name });
            }
        }
        found
    }

    /// The app's own process.
    pub fn app(&self) -> Option<u32> {
        self.processes().into_iter().find(|process| process.name == "tocsin-desktop").map(|process| process.pid)
    }

    /// The web view's processes, which draw the page.
    pub fn web_views(&self) -> usize {
        self.processes().iter().filter(|process| process.name == "WebKitWebProcess").count()
    }

    /// Proportional set size of the app and its web view, in MB.
    pub fn memory(&self) -> u64 {
        let mine = |name: &str| name == "tocsin-desktop" || (name.starts_with("WebKit") && name.ends_with("Process"));
        let processes = self.processes();
        let kilobytes = processes.iter().filter(|process| mine(&process.name)).filter_map(|process| {
            let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", process.pid)).ok()?;
            let line = rollup.lines().find(|line| line.starts_with("Pss:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        });
        kilobytes.sum::<u64>() / 1024
    }
}

/// When a process began, in milliseconds since 1970; exact to a hundredth of a second.
pub fn began(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("the process runs");
    // The second field is a name in brackets that may hold anything; the 22nd is the start in ticks since boot.
    let after = stat.rsplit_once(')').expect("a name").1;
    let ticks: f64 = after.split_whitespace().nth(19).and_then(|ticks| ticks.parse().ok()).expect("a start");
    let system = fs::read_to_string("/proc/stat").expect("/proc/stat");
    let boot = system.lines().find_map(|line| line.strip_prefix("btime ")).expect("a boot");
    boot.parse::<f64>().expect("a number") * 1000.0 + ticks * 10.0
}

/// The files under a folder that hold one of these texts, as they are or in UTF-16.
pub fn files_with(folder: &Path, texts: &[String]) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && holds(&fs::read(entry.path()).unwrap_or_default(), texts) {
                found.push(entry.path());
            }
        }
    }
    found
}

/// Whether these octets hold one of the texts, as it is or in UTF-16.
pub fn holds(octets: &[u8], texts: &[String]) -> bool {
    let flat: Vec<u8> = octets.iter().copied().filter(|octet| *octet != 0).collect();
    texts.iter().any(|text| contains(octets, text.as_bytes()) || contains(&flat, text.as_bytes()))
}

fn contains(octets: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else { return true };
    octets
        .iter()
        .enumerate()
        .filter(|(_, octet)| *octet == first)
        .any(|(at, _)| octets.get(at..at + wanted.len()) == Some(wanted))
}
