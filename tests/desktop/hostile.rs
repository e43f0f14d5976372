//! Names from the air that want to be more than text.

use std::fs;

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    account::fill,
    bench::{Daemon, Desk, until},
    large::layout_faults,
    simulator::Central,
    window::{Window, eventually},
};

/// What must not be in a drawn text: controls, direction overrides and isolates, unseen formats.
const UNSEEN: &str = r"/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/";

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_stay_text_in_the_window_and_in_the_pop_up() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let central = Central::start(&mut desk, &["--fault", "hostile"]);
    let window = Window::open(&mut desk, &[]).await;
    fill(&window, &central).await;
    window.script("window.rang = 0; window.alert = () => { window.rang += 1 }; return true").await;
    window.click_text("button", "Start listening").await;
    for hostile in ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "DROP TABLE"] {
        window.read("[role=listbox]", hostile).await;
    }
    let look = async |view: &str| {
        assert_inert(&window, view).await;
        window.photograph(&format!("hostile-{view}")).await;
    };
    look("list").await;
    for title in ["<script>", "ALARM", "gpj.exe", "DROP TABLE"] {
        window.choose(title).await;
        window.read("article.detail", title).await;
        look("detail").await;
    }
    window.go("Live").await;
    window.read("[role=listbox]", "<script>").await;
    look("live").await;

    // The pop-ups: markup is shown as it came, and nothing unseen is left but the joiners that scripts need.
    until("pop-ups with the hostile names", || {
        let shown = desk.popups();
        let has = |text: &str| shown.iter().any(|popup| popup.title.contains(text));
        (has("<script>alert(1)</script>") && has("edumaorgpj.exe")).then_some(())
    });
    for popup in desk.popups() {
        let both = format!("{}{}", popup.title, popup.body);
        let bad = |c: char| {
            c.is_control() && c != '\n'
                || matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        };
        assert!(!both.contains(bad), "{both:?}");
        assert!(!popup.body.contains("<img") && !popup.body.contains("<script"), "{:?}", popup.body);
    }
    desk.photograph("hostile-popups");
    let log = std::fs::read(desk.log()).unwrap_or_default();
    assert!(!log.contains(&0x1b) || !String::from_utf8_lossy(&log).contains("\u{1b}[31mALARM"), "the log");
    window.close().await;
}

/// Asserts that names are text: nothing was made of them, nothing rang, nothing unseen is drawn, nothing is wider than
/// the window.
async fn assert_inert(window: &Window, what: &str) {
    let inert = format!(
        "const drawn = document.body.innerText; const made = document.querySelectorAll('bdi *:not(.control), img, \
         iframe, a[href], #app script, b b').length; const wide = document.documentElement.scrollWidth > innerWidth; \
         return {{ unseen: {UNSEEN}.test(drawn), made, rang: window.rang ?? 0, wide }}"
    );
    let calm = json!({ "unseen": false, "made": 0, "rang": 0, "wide": false });
    assert_eq!(window.script(&inert).await, calm, "in {what}");
}

/// Names that a list must bear, and what of each is drawn whatever room there is.
const NAMES: [(&str, &str); 7] = [
    ("right-to-left", "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{202e}gnp.exe\u{202c} \u{645}\u{631}\u{62d}\u{628}\u{627}"),
    (
        "combining",
        "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}a\u{368}\u{35f}\u{345}\u{349}l\u{30a}\u{311}\u{315}g\u{334}\u{321}o",
    ),
    ("zero-width", "ed\u{200b}u\u{200d}ro\u{2060}am\u{feff}"),
    ("emoji", "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{1f3fd} caf\u{e9} \u{1f6dc}\u{fe0f}"),
    ("markup", "<b onmouseover='alert(1)'>bold</b><img src=x onerror=alert(1)>"),
    ("long", ""),
    ("long-words", ""),
];

fn name_of(kind: &str, name: &str) -> String {
    match kind {
        "long" => "m".repeat(300),
        "long-words" => "wifi campus ".repeat(25),
        _ => name.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_every_kind_hold_the_layout_of_every_list() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.see("[role=option]").await;
    window.script("window.rang = 0; window.alert = () => { window.rang += 1 }; return true").await;

    // Rules that ring on anything, with such titles and keys; a list with such entries; silences with such reasons.
    let state = window.call(json!({ "type": "state" })).await;
    let rules = std::path::PathBuf::from(state["value"]["rules_folder"].as_str().expect("a folder"));
    fs::create_dir_all(rules.join("names")).expect("a folder");
    let mut entries = String::new();
    for (kind, name) in NAMES {
        let name = name_of(kind, name);
        let text = format!(
            "//! {name}\n//!\n//! What to do: {name}\n\nconst ON = [\"security\", \"presence\", \"audit\", \
             \"monitoring\"];\nconst SEVERITY = \"critical\";\n\nfn when(event) {{\n    true\n}}\n\nfn key(event) {{\n    \
             \"{name}\"\n}}\n\nfn title(event) {{\n    \"{name}\"\n}}\n\nfn body(event) {{\n    \"{name}\"\n}}\n"
        );
        fs::write(rules.join(format!("names/{kind}.rhai")), text).expect("a rule");
        entries.extend([name.as_str(), "  # ", &name, "\n"]);
        let short: String = name.chars().take(200).collect();
        let matchers = json!({
            "rule": "", "key": short, "kind": "", "title": "", "severity": null, "spare_critical": true
        });
        let silence = json!({ "type": "silence", "matchers": matchers, "minutes": 60, "comment": short });
        let begun = window.call(silence).await;
        assert!(begun["failed"].is_null(), "{begun}");
    }
    fs::create_dir_all(rules.join("lists")).expect("a folder");
    fs::write(rules.join("lists/names.txt"), entries).expect("a list");
    eventually("an alert of each rule", async || {
        let rung = window.call(json!({ "type": "alerts", "tab": "all", "text": "names/", "limit": 50 })).await;
        let known = rung["value"]["alerts"].as_array()?;
        (known.len() == NAMES.len()).then_some(())
    })
    .await;

    let mut found = Vec::new();
    for (width, height) in [(1280, 800), (900, 600), (640, 600)] {
        window.resize(width, height).await;
        let look = async |what: &str| {
            assert_inert(&window, what).await;
            let faults = layout_faults(&window, &format!("{what}, {width}")).await;
            window.photograph(&format!("names-{what}-{width}")).await;
            faults
        };
        window.go("Alerts").await;
        found.extend(look("alerts").await);
        for title in ["bold", "mmmm", "wifi campus", "Z\u{351}"] {
            window.click_text("[role=option] .title", title).await;
            window.see("article.detail h2").await;
            found.extend(look(&format!("alert-{}", title.split(' ').next().unwrap_or_default())).await);
            if width < 900 {
                window.press(&[Key::Escape], "").await;
            }
        }
        window.go("History").await;
        window.see(".past").await;
        found.extend(look("history").await);
        window.go("Rules").await;
        if width > 1200 {
            for title in ["bold", "mmmm"] {
                window.click_text("nav.rules button.open", title).await;
                window.press(&[], "i").await;
                found.extend(look(&format!("rules-{title}")).await);
            }
            window.click_text("nav.rules button.list", "names").await;
            window.see(".table table").await;
            found.extend(look("list").await);
            window.click_text("nav.rules button.open", "mmmm").await;
        } else {
            found.extend(look("rules").await);
        }
        window.press(&[Key::Control, Key::Shift], "S").await;
        window.see("main table").await;
        found.extend(look("silences").await);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.close().await;
}

/// The account's host, as long as one may be, and of no address.
fn long_host() -> String {
    let label = "m".repeat(60);
    format!("https://{label}.{label}.{label}.invalid")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_central_holds_the_layout_of_connections() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let central = Central::start(&mut desk, &["--fault", "hostile-refusal"]);
    let window = Window::open(&mut desk, &[]).await;
    window.script("window.rang = 0; window.alert = () => { window.rang += 1 }; return true").await;
    // What the form says of the pasted key.
    fill(&window, &central).await;
    assert_inert(&window, "first run").await;
    let mut found = layout_faults(&window, "first run").await;
    let connect = async |endpoint: &str| {
        let draft = json!({
            "endpoint": endpoint, "key": central.key, "authority": central.authority,
            "topics": ["security", "audit", "presence"], "keep": "this_run", "host_confirmed": true
        });
        let connected = window.call(json!({ "type": "connect", "draft": draft })).await;
        assert!(connected["failed"].is_null(), "{connected}");
    };

    for (endpoint, what, words) in
        [(central.endpoint.clone(), "refused", "mmmmmmmm"), (long_host(), "no-host", ".invalid")]
    {
        connect(&endpoint).await;
        for (width, height) in [(1280, 800), (900, 600), (640, 600)] {
            window.resize(width, height).await;
            window.go("Connections").await;
            window.read("[role=table]", words).await;
            for theme in ["dark", "light"] {
                window.choose_theme(theme).await;
                window.go("Connections").await;
                assert_inert(&window, what).await;
                found.extend(layout_faults(&window, &format!("{what}, {width}, {theme}")).await);
                window.photograph(&format!("hostile-connections-{what}-{theme}-{width}")).await;
            }
            // The account in its dialog, and the key in the one that replaces it.
            for (key, opened) in [("c", "account"), ("k", "key")] {
                window.press(&[], key).await;
                window.see("dialog[open]").await;
                assert_inert(&window, opened).await;
                found.extend(layout_faults(&window, &format!("{what}, {opened}, {width}")).await);
                window.photograph(&format!("hostile-{what}-{opened}-{width}")).await;
                window.press(&[Key::Escape], "").await;
                eventually("it closes", async || (window.count("dialog[open]").await == 0).then_some(())).await;
            }
        }
    }
    // The host once more, where the account is forgotten.
    window.go("Settings").await;
    window.click_text(".panes nav button", "Data").await;
    eventually("the dialog opens", async || {
        window.press(&[], "f").await;
        (window.count("dialog[open]").await > 0).then_some(())
    })
    .await;
    found.extend(layout_faults(&window, "forget").await);
    window.photograph("hostile-no-host-forget").await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.close().await;
}
