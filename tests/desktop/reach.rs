//! What those need who do not use a pointer or see little: axe-core over each view in both themes.

use fantoccini::key::Key;

use crate::{
    bench::{Daemon, Desk},
    simulator::Central,
    window::{Window, eventually},
};

const VIEWS: [&str; 6] = ["Alerts", "Live", "Rules", "Connections", "History", "Settings"];
const RULE: &str = "Rogue access point on the wire";

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_any_view_in_either_theme() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &[]).await;
    load_axe(&window).await;
    let mut found = Vec::new();
    found.extend(findings(&window, "first run").await);
    window.click_text("button", "Try the demo").await;
    window.see("[role=option]").await;
    for theme in ["dark", "light"] {
        window.choose_theme(theme).await;
        for view in VIEWS {
            window.go(view).await;
            window.settle().await;
            found.extend(findings(&window, &format!("{view}, {theme}")).await);
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.close().await;
}

/// What opens above a view or beside it: the view, the keys that open it, and what shows that it is open.
const OPENED: [(&str, &[Key], &str, &str); 15] = [
    ("Alerts", &[Key::Control], "k", "dialog[open] input"),
    ("Alerts", &[], "?", "dialog[open] h2"),
    ("Alerts", &[], "s", "dialog[open] .numbers"),
    ("Alerts", &[Key::Shift], "S", "dialog[open] .numbers"),
    ("Rules", &[], "n", "dialog[open]"),
    ("Rules", &[Key::Shift], "N", "dialog[open]"),
    ("Rules", &[Key::F2], "", "dialog[open]"),
    ("Rules", &[], "h", "dialog[open] [role=option]"),
    ("Rules", &[], "p", "#side-past[aria-selected=true]"),
    ("Rules", &[], "c", "#side-cases[aria-selected=true]"),
    ("Rules", &[], "e", "#side-explain[aria-selected=true]"),
    ("Rules", &[], "i", "#side-about[aria-selected=true]"),
    ("Live", &[Key::Control], "k", "dialog[open] input"),
    ("History", &[], "p", "dialog[open] input"),
    ("Settings", &[], "n", "dialog[open] input"),
];
/// What a press opens: the view, the button, and what shows that it is open.
const PRESSED: [(&str, &str, &str, &str); 4] = [
    ("Alerts", ".actions button[aria-haspopup=menu]", "[role=menu] [role=menuitem]", "snooze"),
    ("History", "button[aria-haspopup=dialog]", "[role=dialog] .format", "export"),
    ("Settings", ".panes nav button:nth-of-type(1)", ".week", "quiet-hours"),
    ("Connections", "header .button:nth-of-type(2)", "dialog[open]", "account"),
];

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_what_opens_above_a_view() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    load_axe(&window).await;
    window.see("[role=option]").await;
    window.go("Rules").await;
    window.click_text("nav.rules button.open", RULE).await;
    let mut found = Vec::new();
    for theme in ["dark", "light"] {
        window.choose_theme(theme).await;
        for (view, held, letter, shows) in OPENED {
            window.go(view).await;
            if view == "Alerts" {
                window.click("[role=option]").await;
                window.see("article.detail h2").await;
            }
            window.press(held, letter).await;
            window.see(shows).await;
            window.settle().await;
            let keys: Vec<String> = held.iter().map(|key| format!("{key:?}+")).collect();
            let what = format!("{view}, {}{letter}, {theme}", keys.concat());
            found.extend(findings(&window, &what).await);
            leave(&window).await;
        }
        for (view, button, shows, name) in PRESSED {
            window.go(view).await;
            window.click(button).await;
            window.see(shows).await;
            window.settle().await;
            window.photograph(&format!("opened-{name}-{theme}")).await;
            found.extend(findings(&window, &format!("{view}, {name}, {theme}")).await);
            leave(&window).await;
        }
        // A list, as a table; and the menu of the rule where there is room for few buttons.
        window.go("Rules").await;
        window.click_text("nav.rules button.list", "our-aps").await;
        window.see(".table table").await;
        window.settle().await;
        found.extend(findings(&window, &format!("a list, {theme}")).await);
        window.photograph(&format!("opened-list-{theme}")).await;
        window.click_text("nav.rules button.open", RULE).await;
        window.resize(900, 600).await;
        window.click("header button[aria-haspopup=menu]").await;
        window.see("[role=menu] [role=menuitem]").await;
        window.settle().await;
        found.extend(findings(&window, &format!("menu of the rule, {theme}")).await);
        window.photograph(&format!("opened-rule-menu-{theme}")).await;
        leave(&window).await;
        window.resize(1280, 800).await;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.close().await;
}

/// What opens for an account: the view, the page of it, the key that opens it, and its name.
const OF_ACCOUNT: [(&str, Option<&str>, &str, &str); 3] = [
    ("Connections", None, "k", "replace-key"),
    ("Settings", Some("Notifications"), "m", "maintenance"),
    ("Settings", Some("Data"), "f", "forget"),
];

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_the_dialogs_of_an_account() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let central = Central::start(&mut desk, &[]);
    let window = Window::open(&mut desk, &[]).await;
    load_axe(&window).await;
    window.listen(&central, &["presence"]).await;
    let mut found = Vec::new();
    for theme in ["dark", "light"] {
        window.choose_theme(theme).await;
        for (view, page, key, name) in OF_ACCOUNT {
            window.go(view).await;
            if let Some(page) = page {
                window.click_text(".panes nav button", page).await;
            }
            // It is offered once what it is about is known.
            eventually("the dialog opens", async || {
                window.press(&[], key).await;
                (window.count("dialog[open]").await > 0).then_some(())
            })
            .await;
            window.settle().await;
            window.photograph(&format!("opened-{name}-{theme}")).await;
            found.extend(findings(&window, &format!("{name}, {theme}")).await);
            leave(&window).await;
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.close().await;
}

/// Closes what floats, if anything does.
pub async fn leave(window: &Window) {
    let floats = "dialog[open], [role=menu], [role=dialog]";
    eventually("it closes", async || {
        if window.count(floats).await == 0 {
            return Some(());
        }
        window.press(&[Key::Escape], "").await;
        (window.count(floats).await == 0).then_some(())
    })
    .await;
}

/// Each button in sight, with its name, the key it tells, and what its tooltip then says.
const BUTTONS: &str = "const done = arguments[arguments.length - 1]; \
    const caps = where => [...where.querySelectorAll('kbd')].map(cap => cap.textContent.trim() || \
        cap.querySelector('[aria-label]')?.getAttribute('aria-label')).join('+'); \
    const wait = ms => new Promise(resolve => setTimeout(resolve, ms)); \
    (async () => { const all = []; \
    for (const one of [...document.querySelectorAll('button:not(.whose), [role=menuitem]')]) { \
        if (!one.isConnected || !one.getClientRects().length) continue; \
        const key = one.getAttribute('aria-keyshortcuts') ?? ''; let tip = '', shown = ''; \
        if (key) { let layer = null; \
            for (let tries = 0; !layer && tries < 8 && one.isConnected; tries++) { \
                one.dispatchEvent(new PointerEvent('pointerenter')); await wait(400); \
                layer = document.querySelector('[role=tooltip]') } \
            if (!one.isConnected) continue; \
            if (layer) { shown = caps(layer); tip = layer.textContent.trim() } \
            one.dispatchEvent(new PointerEvent('pointerleave')) } \
        const name = one.getAttribute('aria-label') ?? one.textContent.trim(); \
        all.push([name, key.replace('Control', 'Ctrl').replace('Escape', 'Esc'), shown, tip]) } \
    done(all) })()";

#[tokio::test(flavor = "multi_thread")]
async fn each_button_tells_its_key_and_the_table_has_it() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.see("[role=option]").await;
    window.press(&[], "?").await;
    window.see("dialog[open] dl").await;
    window.settle().await;
    window.photograph("keys").await;
    let caps = "return [...document.querySelectorAll('dialog[open] dd .caps')].map(one => \
                [...one.querySelectorAll('kbd')].map(cap => cap.textContent.trim() || \
                cap.querySelector('[aria-label]')?.getAttribute('aria-label')).join('+'))";
    let table: Vec<String> = serde_json::from_value(window.script(caps).await).expect("a list");
    assert!(table.len() > 60, "{table:?}");
    leave(&window).await;
    for view in VIEWS {
        window.go(view).await;
        if view == "Alerts" {
            window.click("[role=option]").await;
            window.see("article.detail h2").await;
        }
        window.settle().await;
        let buttons: Vec<(String, String, String, String)> =
            serde_json::from_value(window.script_later(BUTTONS).await).expect("buttons");
        let mut said = std::collections::HashMap::new();
        for (name, key, shown, tip) in buttons {
            assert!(!name.is_empty(), "{view}: a button without a name, {key} {tip}");
            if key.is_empty() {
                continue;
            }
            assert_eq!(key, shown, "{view}: the tooltip of {name}, which says {tip:?}");
            assert!(table.contains(&key), "{view}: the table of keys lacks {key} of {name}");
            let before = said.insert(key.clone(), tip.clone());
            assert!(before.as_ref().is_none_or(|before| *before == tip), "{view}: {key} is {before:?} and {tip:?}");
        }
        assert!(said.len() > 8, "{view}: {said:?}");
    }
    window.close().await;
}

/// Gives the page axe-core.
pub async fn load_axe(window: &Window) {
    let axe = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/node_modules/axe-core/axe.min.js");
    window.script(&std::fs::read_to_string(axe).expect("axe-core, from npm ci in ui")).await;
}

/// What axe has to say about the page and WCAG 2.2 A and AA, in a line each. Left out: names that say what is drawn in
/// another order, as those of the rows do.
pub async fn findings(window: &Window, what: &str) -> Vec<String> {
    let script = "const done = arguments[arguments.length - 1]; \
                  axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', \
                  'wcag21a', 'wcag21aa', 'wcag22aa'], rules: { 'label-content-name-mismatch': { enabled: false } } }).then(result => done(result.violations.map(one => \
                  one.id + ': ' + one.nodes.map(node => node.target.join(' ') + ' ' + \
                  node.any.concat(node.all, node.none).map(check => check.message).join('; ')).slice(0, 4).join(' | '))), \
                  error => done([String(error)]))";
    let said = window.script_later(script).await;
    said.as_array().expect("a list").iter().map(|line| format!("{what}: {}", line.as_str().unwrap_or(""))).collect()
}
