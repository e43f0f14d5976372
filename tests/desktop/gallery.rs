//! The gallery: each view and each state of it, dark and light, in a wide and in a small window.
//!
//! With `TOCSIN_GALLERY=1` a campus is listened to for a minute before each run of pictures, all sizes and themes are taken, and
//! the pictures go to docs/gallery. Without, a run takes each state wide and dark, and small and light.

mod accounts;
mod alerts;
mod first_run;
mod history;
mod large;
mod live;
mod nothing;
mod rules;
mod settings;
mod week;
mod writing;

use std::{fs, path::Path, time::Duration};

use crate::{
    bench::{Daemon, Desk},
    reach::leave,
    simulator::Central,
    window::{Window, pictures},
};

const WIDE: (u32, u32) = (1280, 800);
const SMALL: (u32, u32) = (900, 600);

/// A window whose pictures are taken, and the pictures so far.
struct Album {
    desk: Desk,
    window: Window,
    kept: bool,
    names: Vec<String>,
}

impl Album {
    async fn open(mut desk: Desk, words: &[&str]) -> Self {
        let kept = std::env::var_os("TOCSIN_GALLERY").is_some();
        let window = Window::open(&mut desk, words).await;
        Self { desk, window, kept, names: Vec::new() }
    }

    /// One that listens to a campus after a week that was heard, long enough for something to be seen in every view.
    async fn of_a_week() -> Self {
        let mut desk = Desk::start(Daemon::Dunst, true);
        week::write(&desk.home().join(".local/share/tocsin"));
        let central = Central::start(&mut desk, &[]);
        let album = Self::open(desk, &[]).await;
        album.window.listen(&central, &["security", "audit", "presence", "monitoring"]).await;
        album.window.go("Alerts").await;
        album.window.see("[role=option].firing").await;
        if album.kept {
            tokio::time::sleep(Duration::from_secs(75)).await;
        }
        album.window.resize(WIDE.0, WIDE.1).await;
        album
    }

    /// Takes what is to be seen now in both themes and sizes, and leaves the window wide and dark.
    async fn take(&mut self, name: &str) {
        self.take_at(name, &[WIDE, SMALL]).await;
    }

    /// The same in other sizes.
    async fn take_at(&mut self, name: &str, sizes: &[(u32, u32)]) {
        let mut shots = Vec::new();
        for (at, size) in sizes.iter().enumerate() {
            match (self.kept, at) {
                (true, _) => shots.extend([(*size, "dark"), (*size, "light")]),
                (false, 0) => shots.push((*size, "dark")),
                (false, _) => shots.push((*size, "light")),
            }
        }
        for ((width, height), theme) in shots {
            self.window.resize(width, height).await;
            self.window.choose_theme(theme).await;
            self.shoot(&format!("{name}-{theme}-{width}x{height}")).await;
        }
        self.window.choose_theme("dark").await;
        self.window.resize(WIDE.0, WIDE.1).await;
    }

    async fn shoot(&mut self, name: &str) {
        // What moved to where the pointer was last seen tells of itself.
        self.window.rest_pointer().await;
        self.window.settle().await;
        self.window.photograph(name).await;
        let overflow = "return document.documentElement.scrollWidth > window.innerWidth";
        assert_eq!(self.window.script(overflow).await, false, "{name} is wider than its window");
        self.names.push(format!("{name}.png"));
    }

    /// Presses a key, waits for what it shows, and takes it.
    async fn press_and_take(&mut self, held: &[fantoccini::key::Key], letter: &str, shows: &str, name: &str) {
        self.window.press(held, letter).await;
        self.window.see(shows).await;
        self.take(name).await;
    }

    /// The same of what floats; then it is closed.
    async fn open_and_take(&mut self, held: &[fantoccini::key::Key], letter: &str, shows: &str, name: &str) {
        self.press_and_take(held, letter, shows, name).await;
        leave(&self.window).await;
    }

    /// Ends the app, and keeps the pictures if that was asked for.
    async fn close(self) {
        if self.kept {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/gallery");
            fs::create_dir_all(&folder).expect("docs/gallery");
            for name in &self.names {
                // Of 255 colours a third of the size is left, and no difference to be seen.
                let (from, to) = (pictures().join(name), format!("PNG8:{}", folder.join(name).display()));
                let from = from.to_string_lossy();
                let words = [&from, "-strip", "-dither", "None", "-colors", "255", to.as_str()];
                let made = self.desk.run("convert", &words);
                assert!(made.status.success(), "{name}: {}", String::from_utf8_lossy(&made.stderr));
            }
        }
        self.window.close().await;
    }
}
