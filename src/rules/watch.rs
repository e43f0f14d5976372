//! Hot reload: what changes in the folder is read again a moment later.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, event::AccessKind};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use super::folder::{Folder, Loaded};
use crate::clock::Clock;

/// How long the folder must be quiet before it is read: an editor writes in several steps.
const QUIET: Duration = Duration::from_millis(150);

/// How often the folder is read even though nothing was heard: not every file system tells of every change, and a
/// folder that is put in another's place can change before it is watched.
const LOOK_ANYWAY: Duration = Duration::from_secs(5);

/// Watches a folder until it is dropped.
#[derive(Debug)]
pub struct Watch {
    stop: Sender<Said>,
}

/// What the watching thread hears.
enum Said {
    Changes(DebounceEventResult),
    Stop,
}

impl Watch {
    /// Calls `changed` with all that is in the folder, on a thread of its own, whenever that differs from what it was.
    /// `known` is what the caller has read already. The folder must be there.
    pub fn start(
        folder: Folder,
        known: Loaded,
        changed: impl FnMut(&Loaded) + Send + 'static,
    ) -> Result<Self, notify::Error> {
        let (said, hears) = channel();
        let events = said.clone();
        let mut debouncer = new_debouncer(QUIET, None, move |result| {
            // Nobody hears any more once the watch was dropped.
            let _ = events.send(Said::Changes(result));
        })?;
        // An editor's temporary path may name the folder differently from how events name it.
        let root = folder.root().canonicalize().unwrap_or_else(|_| folder.root().to_owned());
        debouncer.watch(&root, RecursiveMode::Recursive)?;
        if let Some(parent) = root.parent() {
            // So that the folder itself may be replaced. Without it, files in the folder are still watched.
            let _ = debouncer.watch(parent, RecursiveMode::NonRecursive);
        }
        let watching = Watching { folder, root, known, changed, debouncer };
        thread::Builder::new()
            .name("rules folder".into())
            .spawn(move || watching.run(&hears))
            .map_err(notify::Error::io)?;
        Ok(Self { stop: said })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // The thread may have ended already.
        let _ = self.stop.send(Said::Stop);
    }
}

/// What the thread holds.
struct Watching<F> {
    folder: Folder,
    root: PathBuf,
    known: Loaded,
    changed: F,
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl<F: FnMut(&Loaded)> Watching<F> {
    fn run(mut self, hears: &Receiver<Said>) {
        let clock = Clock::system();
        let mut looked = clock.elapsed();
        loop {
            match hears.recv_timeout(LOOK_ANYWAY) {
                Ok(Said::Changes(Ok(events))) => {
                    let mut matters = false;
                    for event in events.iter().filter(|event| is_change(event.kind)) {
                        matters |= event.paths.iter().any(|path| path.starts_with(&self.root));
                        if event.paths.iter().any(|path| path == &self.root) {
                            self.watch_anew();
                        }
                    }
                    // The database may lie beside the folder, so that there is always something to hear.
                    if !matters && clock.elapsed().saturating_sub(looked) < LOOK_ANYWAY {
                        continue;
                    }
                }
                // Some events were lost: look at everything.
                Ok(Said::Changes(Err(_))) => self.watch_anew(),
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Said::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
            looked = clock.elapsed();
            let now = self.folder.load();
            if now != self.known {
                self.known = now;
                (self.changed)(&self.known);
            }
        }
    }

    /// The folder at that path may be another one now.
    fn watch_anew(&mut self) {
        let root: &Path = &self.root;
        // It fails when the folder is gone for now; its parent says when it is back.
        let _ = self.debouncer.unwatch(root);
        let _ = self.debouncer.watch(root, RecursiveMode::Recursive);
    }
}

/// Reading a file is no change of it.
fn is_change(kind: EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if !matches!(access, AccessKind::Close(notify::event::AccessMode::Write)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use std::fs;

    use super::*;

    /// Long enough for a busy machine; a test that passes does not wait for it.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn changes_are_heard_however_they_are_made() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("rules"));
        fs::create_dir(folder.root()).unwrap();
        let (sender, heard) = channel();
        let watch = Watch::start(folder.clone(), folder.load(), move |loaded| {
            let _ = sender.send(loaded.clone());
        })
        .unwrap();
        let until = |wanted: &dyn Fn(&Loaded) -> bool| {
            loop {
                let loaded: Loaded = heard.recv_timeout(PATIENCE).unwrap();
                if wanted(&loaded) {
                    return;
                }
            }
        };
        // A new rule in a new folder.
        let base = folder.save("security/new", "one", None).unwrap();
        until(&|loaded| loaded.rules.len() == 1);
        // Put in its place, as editors do.
        folder.save("security/new", "two", Some(&base)).unwrap();
        until(&|loaded| loaded.rules[0].text == "two");
        // Written over in place.
        fs::write(folder.file("security/new").unwrap(), "three").unwrap();
        until(&|loaded| loaded.rules[0].text == "three");
        // A list.
        fs::create_dir(folder.root().join("lists")).unwrap();
        fs::write(folder.root().join("lists/aps.txt"), "a\n").unwrap();
        until(&|loaded| loaded.lists.get("aps").is_some());
        // The whole folder replaced.
        let other = Folder::new(place.path().join("other"));
        other.save("b", "four", None).unwrap();
        fs::rename(folder.root(), place.path().join("old")).unwrap();
        fs::rename(other.root(), folder.root()).unwrap();
        until(&|loaded| loaded.rules.iter().map(|rule| rule.name.as_str()).eq(["b"]));
        folder.save("c", "five", None).unwrap();
        until(&|loaded| loaded.rules.len() == 2);
        folder.delete("c").unwrap();
        until(&|loaded| loaded.rules.len() == 1);
        drop(watch);
        assert_eq!(heard.recv_timeout(PATIENCE).unwrap_err(), RecvTimeoutError::Disconnected);
    }
}
