//! A rule changed in the window counts for the next event.

use fantoccini::key::Key;

use crate::{
    bench::{Daemon, Desk, until},
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_saved_in_the_editor_rings_on_the_next_event() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.go("Rules").await;
    window.click_text("button", "New").await;
    window.click_text("dialog button", "Write it").await;
    window.see(".cm-content").await;

    // What is wrong is said while it is typed.
    window.write_rule("const ON = \"security.rogue\";\nfn when(event) { event.sssid == 1 ").await;
    window.see(".cm-lintRange-error, .cm-lintRange, .finding").await;
    window.photograph("rule-findings").await;

    window
        .write_rule(
            "//! Written in the window\nconst ON = [\"security\", \"presence\", \"audit\"];\nconst SEVERITY = \
             \"critical\";\nfn when(event) { true }\nfn key(event) { \"one\" }\nfn title(event) { \"Ring from the \
             editor\" }\n",
        )
        .await;
    window.press(&[Key::Control], "s").await;
    window.read(".toasts", "is saved and runs from the next event").await;
    let file = desk.home().join(".local/share/tocsin/rules/security/new-rule.rhai");
    assert!(std::fs::read_to_string(&file).expect("the rule's file").contains("Ring from the editor"));
    window.photograph("rule-saved").await;

    until("the pop-up of the new rule", || {
        desk.popups().iter().any(|popup| popup.title == "Ring from the editor").then_some(())
    });
    window.go("Alerts").await;
    window.choose("Ring from the editor").await;

    // And it is changed again: the title of the next pop-up is the new one.
    window.go("Rules").await;
    window.click_text("nav.rules button.open", "Written in the window").await;
    window.see(".cm-content").await;
    window
        .write_rule(
            "//! Written in the window\nconst ON = [\"security\", \"presence\", \"audit\"];\nfn when(event) { true \
             }\nfn key(event) { \"two\" }\nfn title(event) { \"Changed in the editor\" }\n",
        )
        .await;
    window.press(&[Key::Control], "s").await;
    until("the pop-up of the changed rule", || {
        desk.popups().iter().any(|popup| popup.title == "Changed in the editor").then_some(())
    });
    window.close().await;
}
