//! The process that draws the page ends: the window comes back by itself, and is not loaded again for ever.

use std::{fs::File, process::Command};

use crate::bench::{Daemon, Desk, until};

#[test]
fn a_page_whose_process_ends_is_loaded_again() {
    let mut desk = Desk::start(Daemon::None, true); // no pop-up is taken for the page
    let log = File::create(desk.log()).expect("a log");
    let mut app = desk.command(env!("CARGO_BIN_EXE_tocsin-desktop"));
    app.arg("--demo").stdout(log.try_clone().expect("a log")).stderr(log);
    desk.keep(&mut app);
    for time in 1..=3 {
        until("the page is drawn", || (desk.colours() > DRAWN).then_some(()));
        desk.end_page(time);
    }
    until("the page is drawn a last time", || (desk.colours() > DRAWN).then_some(()));
    desk.photograph("page-loaded-again");
    desk.end_page(4);
    until("the window says that it cannot be drawn", || {
        let titles =
            desk.text("xdotool", &["search", "--onlyvisible", "--name", "^Tocsin: the window cannot be drawn"]);
        (!titles.is_empty()).then_some(())
    });
    assert!(desk.app().is_some(), "rules go on");
}

/// More colours than an empty window has.
const DRAWN: u64 = 100;

impl Desk {
    /// Ends the process of the page, and waits until that has happened.
    fn end_page(&self, time: usize) {
        let page = self.processes().into_iter().find(|process| process.name == "WebKitWebProcess");
        let page = page.expect("the page's process").pid.to_string();
        assert!(Command::new("kill").args(["-KILL", &page]).status().expect("kill").success());
        until(&format!("the page ended, time {time}"), || {
            let log = std::fs::read_to_string(self.log()).unwrap_or_default();
            (log.matches("the page of the window ended").count() >= time).then_some(())
        });
    }

    /// How many colours are to be seen on the display.
    fn colours(&self) -> u64 {
        let picture = self.outside().join("colours.png").to_string_lossy().into_owned();
        self.run("import", &["-window", "root", &picture]);
        let counted = self.text("identify", &["-format", "%k", &picture]);
        counted.parse().unwrap_or(0)
    }
}
