//! What those need who do not use a pointer or see little: axe-core over each view in both themes.

use crate::{
    bench::{Daemon, Desk},
    window::Window,
};

const VIEWS: [&str; 6] = ["Alerts", "Live", "Rules", "Connections", "History", "Settings"];

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
