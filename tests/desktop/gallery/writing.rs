//! A rule while it is written: findings, completion, what a word means, a change and its past, a case that fails.

use fantoccini::key::Key;

use super::Album;
use crate::window::eventually;

const RULE: &str = "thrown off the air";

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_a_rule_that_is_written() {
    let mut album = Album::of_a_week().await;
    album.window.go("Rules").await;
    album.window.click_text("nav.rules button.open", RULE).await;
    album.window.see(".cm-count").await;
    let text = "return document.querySelector('.cm-content').cmTile?.view?.state.doc.toString() ?? \
                document.querySelector('.cm-content').cmView.view.state.doc.toString()";
    let before = album.window.script(text).await.as_str().expect("the rule").to_owned();

    let point = "const walk = document.createTreeWalker(document.querySelector('.cm-content'), NodeFilter.SHOW_TEXT); let node; \
                 while ((node = walk.nextNode())) { const at = node.data.indexOf('attack_type'); if (at < 0) continue; \
                 const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + 5); \
                 const box = range.getBoundingClientRect(); const where = { clientX: box.x + 8, clientY: box.y + 6, bubbles: true }; \
                 node.parentElement.dispatchEvent(new MouseEvent('mousemove', where)); return true } return false";
    assert_eq!(album.window.script(point).await, true);
    album.window.see(".cm-hover-card").await;
    album.take_at("rules-hover", &[super::WIDE]).await;

    // A change that takes away some of what it fired on.
    album.window.write_rule(&before.replace("HOLD          = \"10s\"", "HOLD          = \"45s\"")).await;
    album.window.see("#side-panel .sums").await;
    album.window.read("#side-panel .sums", "as edited").await;
    eventually("it was played", async || (album.window.count(".progress").await == 0).then_some(())).await;
    album.take("rules-edited").await;
    album.window.click("#side-cases").await;
    album.window.see("#side-panel h3").await;
    album.take("rules-edited-cases").await;
    album.window.click("#side-past").await;

    album
        .window
        .write_rule(&before.replace("fn when(event) {", "fn when(event) {\n    event.radio_band != 6 &&"))
        .await;
    album.window.click_text(".cm-line", "radio_band").await;
    album.window.see(".cm-finding-fix").await;
    album.take("rules-finding").await;

    album.window.write_rule(&before).await;
    album.window.click_text(".cm-line", "fn when(event)").await;
    album.window.press(&[Key::End], "").await;
    album.window.press(&[Key::Enter], "").await;
    album.window.press(&[], "event.radio_band == ").await;
    album.window.press(&[], "\"").await;
    album.window.see(".cm-tooltip-autocomplete").await;
    album.take("rules-completion").await;
    album.close().await;
}
