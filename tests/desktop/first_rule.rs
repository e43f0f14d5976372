//! docs/first-rule.md, followed to the letter: each button it names is pressed in its order, each text it gives is typed.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use fantoccini::key::Key;

use crate::{
    bench::{Daemon, Desk, until},
    window::Window,
};

/// The page, read on from step to step.
struct Page {
    left: String,
}

impl Page {
    fn open() -> Self {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/first-rule.md");
        let text = fs::read_to_string(page).expect("the page").replace('\n', " ");
        let begin = text.find(" 1. ").expect("a first step");
        Self { left: text[begin..].split_whitespace().collect::<Vec<_>>().join(" ") }
    }

    /// The next that the page names to be pressed; the test stands still where it is another.
    fn press(&mut self, button: &str) {
        assert_eq!(self.next('*'), button);
    }

    /// The next that the page gives to be typed, or to be seen.
    fn code(&mut self) -> String {
        self.next('`')
    }

    fn next(&mut self, mark: char) -> String {
        let from = self.left.find(mark).unwrap_or_else(|| panic!("no further {mark} in {:?}", self.left));
        let rest = &self.left[from + 1..];
        let to = rest.find(mark).expect("its end");
        let (found, rest) = (rest[..to].to_owned(), rest[to + 1..].to_owned());
        self.left = rest;
        found
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_the_first_rule_is_what_one_does() {
    let mut page = Page::open();
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &[]).await;
    let begun = Instant::now();
    page.press("Try the demo");
    window.click_text("button", "Try the demo").await;

    page.press("Live");
    window.see("nav.rail button[aria-label=Live]").await;
    window.press(&[], "2").await;
    let filter = page.code();
    window.type_into("input[aria-label='Filter of live events']", &format!("{filter}\n")).await;
    page.press("Rule from event");
    window.click_text(".event", "security.rogue").await;
    window.read("body", "Rule from event").await;
    window.press(&[], "m").await;
    window.read("section.pane header", "Not saved yet").await;

    let name = page.code();
    window.click(".cm-line:first-child").await;
    window.press(&[Key::Home], "").await;
    window.press(&[Key::Shift, Key::End], "").await;
    window.press(&[], &name).await;
    window.read(".cm-line:first-child", &name).await;
    window.read("nav.rules .open[aria-current=true]", name.trim_start_matches("//! ")).await;

    let line = page.code();
    window.click_text(".cm-line", &line).await;
    window.press(&[Key::End], "").await;
    let typed = page.code();
    window.press(&[Key::Enter], "").await;
    window.press(&[], &typed).await;
    window.read(".cm-tooltip-autocomplete [aria-selected=true]", "REMIND").await;
    window.photograph("first-rule-completion").await;
    // CodeMirror takes no answer in the first moment, lest somebody types into it.
    tokio::time::sleep(Duration::from_millis(200)).await;
    window.press(&[Key::Enter], "").await;
    window.read(".cm-content", &page.code()).await;
    window.read("section.pane footer", "No findings").await;

    page.press("Past");
    window.read("#side-past[aria-selected=true]", "Past").await;
    window.read("#side-panel .sums", "a day").await;
    window.photograph("first-rule-past").await;

    page.press("Cases");
    window.click("#side-cases").await;
    window.read("#side-panel h3", "1 case passes").await;
    page.press("Add from history");
    window.click_text("#side-panel button", "Add from history").await;
    page.press("Make a case");
    window.see("dialog [role=option]").await;
    window.click_text("dialog button", "Make a case").await;
    window.read("#side-panel h3", "All 2 pass").await;
    window.photograph("first-rule-cases").await;

    page.press("Explain");
    window.click("#side-explain").await;
    window.see("#side-panel .clauses").await;
    window.see(".cm-told").await;
    window.photograph("first-rule-explain").await;

    page.press("Save");
    window.click(".cm-content").await;
    window.press(&[Key::Control], "s").await;
    window.read(".toasts", "is saved and runs from the next event").await;
    let folder = desk.home().join(".local/share/tocsin/rules/security");
    let cases = until("the file of cases", || fs::read_to_string(folder.join("new-rogue.toml")).ok());
    assert_eq!(cases.matches("[[case]]").count(), 2, "{cases}");
    assert!(begun.elapsed() < Duration::from_mins(5), "{:?}", begun.elapsed());

    page.press("Alerts");
    window.go("Alerts").await;
    page.press("Past");
    assert!(!page.left.contains('`') && !page.left.contains('*'), "the page goes on: {}", page.left);
    window.close().await;
}
