//! Live: the tail, an event with its fields and bytes, why rules did what they did with it, and filters.

use super::Album;
use crate::{reach::leave, window::eventually};

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_live() {
    let mut album = Album::of_a_week().await;
    album.window.go("Live").await;
    album.window.see(".rows .event").await;
    album.take("live").await;

    let raised = "const row = document.querySelector('.rows .event:has(.raised)'); row?.click(); return row !== null";
    eventually("an event that raised an alert", async || {
        album.window.script("document.querySelector('.rows').scrollTop -= 400").await;
        (album.window.script(raised).await == true).then_some(())
    })
    .await;
    album.window.click(".chosen .field:nth-child(4)").await;
    album.take("live-event").await;
    let asked = "const field = document.querySelector('.chosen .field.marked'); const box = field.getBoundingClientRect(); \
                 field.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: box.left + 180, \
                 clientY: box.top + 12 }))";
    album.window.script(asked).await;
    album.window.see("[role=menu] [role=menuitem]").await;
    album.take_at("live-field-menu", &[super::WIDE]).await;
    leave(&album.window).await;
    album.window.click_text(".chosen [role=tab]", "Why").await;
    album.window.read(".answers .sum", "match").await;
    album.take("live-why").await;
    album.window.click_text(".chosen [role=tab]", "Bytes").await;
    album.window.press(&[fantoccini::key::Key::Escape], "").await;

    let filter = ".filter input";
    album.window.paste_into(filter, "topic == security and ").await;
    album.window.see(".filter.wrong .reason").await;
    album.take("live-filter-wrong").await;
    album.window.paste_into(filter, "kind == \"security.rogue\" and ssid == \"nowhere\"").await;
    album.window.read("main", "passes the filter").await;
    album.take("live-none-match").await;
    album.window.paste_into(filter, "topic == security").await;
    album.window.see(".rows .event").await;
    album.window.click_text(".top button", "Pause").await;
    album.window.read(".between", "waiting").await;
    album.take("live-paused").await;
    album.close().await;
}
