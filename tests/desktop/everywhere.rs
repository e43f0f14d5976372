//! What holds everywhere: where the focus goes, what floats, and an overload's words.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    bench::{Daemon, Desk},
    simulator::Central,
    window::{Window, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn back_from_an_event_the_keyboard_is_in_the_list_again() {
    let mut desk = Desk::start(Daemon::None, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.see("[role=option]").await;
    window.resize(700, 600).await;
    window.go("Live").await;
    window.see(".rows .event").await;
    window.click_text(".top button", "Pause").await;
    window.read(".between", "Paused").await;
    window.click(".rows .event:nth-child(4)").await;
    window.see(".chosen [role=tab]").await;
    window.press(&[Key::Escape], "").await;
    eventually("the list has the keyboard", async || {
        let at = "return document.activeElement?.classList.contains('rows') && window.getComputedStyle(document.activeElement).display";
        (window.script(at).await == "block").then_some(())
    })
    .await;
    // The row one came from is in sight, and moving goes on from there.
    window.press(&[Key::Down], "").await;
    window.see(".chosen [role=tab]").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_rule_editor_shows_under_the_pointer_and_mends() {
    let mut desk = Desk::start(Daemon::None, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.see("[role=option]").await;
    // A hole in what was heard, for the past to show.
    for on in [false, true] {
        window.call(json!({ "type": "set_topic", "topic": "security", "on": on })).await;
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    window.go("Rules").await;
    window.click_text("nav.rules button.open", "thrown off the air").await;
    window.see(".cm-content").await;
    let point = "const walk = document.createTreeWalker(document.querySelector('.cm-content'), NodeFilter.SHOW_TEXT); let node; \
                 while ((node = walk.nextNode())) { const at = node.data.indexOf('attack_type'); if (at < 0) continue; \
                 const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + 5); \
                 const box = range.getBoundingClientRect(); const where = { clientX: box.x + 8, clientY: box.y + 6, bubbles: true }; \
                 node.parentElement.dispatchEvent(new MouseEvent('mousemove', where)); return true } return false";
    assert_eq!(window.script(point).await, true);
    window.see(".cm-hover-card").await;
    window.settle().await;
    window.photograph("rules-hover").await;
    for side in ["past", "explain"] {
        window.click(&format!("#side-{side}")).await;
        window.settle().await;
        window.photograph(&format!("rules-drive-{side}")).await;
    }
    window
        .write_rule(
            "//! Broken on purpose\nconst ON = \"security.wids\";\n\nfn when(event) {\n    event.atack_type == \"x\"\n        && \
             event.radio_band != 6\n}\n",
        )
        .await;
    window.click_text(".cm-line", "atack_type").await;
    window.see(".cm-finding-fix").await;
    window.settle().await;
    window.photograph("rules-fix").await;
    window.click(".cm-finding-fix").await;
    window.read(".cm-content", "event.attack_type").await;
    window.close().await;
}

/// A small disk under the home of a desktop; `None`, said aloud, where it cannot be had.
struct Disk(PathBuf);

impl Disk {
    fn new(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).expect("a folder");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=48m", "tmpfs"]).arg(at).output();
        if !mounted.is_ok_and(|output| output.status.success()) {
            eprintln!("not tested: no disk can be mounted here; that needs root");
            return None;
        }
        Some(Self(at.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overload_is_told_in_the_status_bar() {
    let mut desk = Desk::start(Daemon::None, true);
    let Some(disk) = Disk::new(&desk.home().join(".local/share")) else { return };
    let central = Central::start(&mut desk, &["--speed", "430"]);
    let window = Window::open(&mut desk, &[]).await;
    window.listen(&central, &["security", "presence", "monitoring"]).await;
    window.go("Live").await;
    eventually("records come", async || (window.count(".rows .event").await > 10).then_some(())).await;
    let ballast = disk.0.join("ballast");
    let mut file = fs::File::create(&ballast).expect("a file");
    while file.write(&[0; 4096]).is_ok() {}
    drop(file);
    window.see("footer .bad").await;
    window.photograph("overload-full").await;
    desk.photograph("overload-full-root");
    // What waits for ten seconds is waited for no longer.
    tokio::time::sleep(Duration::from_secs(40)).await;
    fs::remove_file(&ballast).expect("room again");
    let said = window.read("footer", "not kept").await;
    println!("the status bar says {said:?}");
    for (width, height) in [(1280, 800), (900, 600)] {
        window.resize(width, height).await;
        window.settle().await;
        window.photograph(&format!("overload-{width}x{height}")).await;
        let words =
            "const all = document.querySelector('footer .words'); return all.scrollWidth <= all.clientWidth + 1";
        assert_eq!(window.script(words).await, true, "the words are cut at {width}");
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_motion_is_not_wanted_nothing_moves() {
    let mut desk = Desk::start(Daemon::None, true);
    let settings = desk.home().join(".config/gtk-3.0");
    fs::create_dir_all(&settings).expect("a folder");
    fs::write(settings.join("settings.ini"), "[Settings]\ngtk-enable-animations=0\n").expect("the desktop's wish");
    let window = Window::open(&mut desk, &["--demo"]).await;
    assert_eq!(window.script("return matchMedia('(prefers-reduced-motion: reduce)').matches").await, true);
    // Whatever moves in any frame from now on is noted.
    let watch = "window.moved = new Set(); const look = () => { for (const one of document.getAnimations()) { \
                 const { duration, delay } = one.effect.getComputedTiming(); if (duration + delay > 0) \
                 window.moved.add((one.animationName ?? one.transitionProperty) + ' of ' + one.effect.target.className) } \
                 requestAnimationFrame(look) }; look(); return true";
    window.script(watch).await;
    window.see("[role=option]").await;
    for view in ["Alerts", "Live", "Rules", "Connections", "History", "Settings"] {
        window.go(view).await;
        window.press(&[Key::Control], "k").await;
        window.see("dialog[open]").await;
        window.press(&[Key::Escape], "").await;
        eventually("it closes", async || (window.count("dialog[open]").await == 0).then_some(())).await;
    }
    window.click("[role=switch]").await;
    window.go("Alerts").await;
    window.click("[role=option]").await;
    window.click(".actions button[aria-haspopup=menu]").await;
    window.see("[role=menu]").await;
    window.press(&[Key::Escape], "").await;
    window.press(&[], "a").await;
    window.see(".toast").await;
    window.press(&[], "s").await;
    window.see("dialog[open]").await;
    window.settle().await;
    assert_eq!(window.script("return [...window.moved]").await, json!([]));
    window.close().await;
}
