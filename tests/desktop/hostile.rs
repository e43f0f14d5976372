//! Names from the air that want to be more than text.

use crate::{
    account::fill,
    bench::{Daemon, Desk, until},
    simulator::Central,
    window::Window,
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
    let width = "return document.documentElement.scrollWidth <= window.innerWidth";
    let inert = format!(
        "const drawn = document.body.innerText; const made = document.querySelectorAll('bdi *:not(.control), img, \
         iframe, a[href], #app script, b b').length; return {{ unseen: {UNSEEN}.test(drawn), made, rang: window.rang }}"
    );
    let look = async |view: &str| {
        let found = window.script(&inert).await;
        let calm = serde_json::json!({ "unseen": false, "made": 0, "rang": 0 });
        assert_eq!(found, calm, "in {view}");
        assert_eq!(window.script(width).await, true, "the width of {view}");
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
