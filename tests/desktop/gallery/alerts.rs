//! Alerts: the list, the one that is open, and what is done with them; and what opens above any view.

use fantoccini::key::Key;

use super::{Album, SMALL};
use crate::reach::leave;

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_alerts() {
    let mut album = Album::of_a_week().await;
    album.window.choose("Rogue").await;
    album.take("alerts").await;
    for name in ["alerts-by-rule", "alerts-by-device", "alerts-by-time"] {
        album.press_and_take(&[], "g", "[role=option]", name).await;
    }
    album.window.press(&[], "g").await;
    album.window.press(&[], "v").await;
    album.take_at("alerts-coverage", &[SMALL]).await;
    album.window.press(&[], "v").await;

    album.window.click(".actions button[aria-haspopup=menu]").await;
    album.window.see("[role=menu] [role=menuitem]").await;
    album.take("alerts-snooze").await;
    leave(&album.window).await;
    album.open_and_take(&[], "s", "dialog[open] .numbers", "silence").await;
    album.open_and_take(&[Key::Control], "k", "dialog[open] input", "palette").await;
    album.window.press(&[Key::Control], "k").await;
    album.window.type_into("dialog[open] input", "snooz").await;
    album.take("palette-typed").await;
    album.window.paste_into("dialog[open] input", "no such thing").await;
    album.take("palette-none").await;
    leave(&album.window).await;
    album.open_and_take(&[], "?", "dialog[open] dl", "keys").await;

    album.window.press(&[], "/").await;
    album.window.paste_into(".list .top input", "no such place").await;
    album.window.read("[role=listbox]", "No").await;
    album.take("alerts-none-match").await;
    album.window.paste_into(".list .top input", "").await;
    album.window.see("[role=option]").await;

    album.window.click("[role=option]").await;
    album.window.press(&[], "x").await;
    album.window.see(".picked").await;
    album.window.press(&[], "j").await;
    album.press_and_take(&[], "x", ".picked", "alerts-picked").await;
    album.window.press(&[Key::Escape], "").await;

    album.window.press(&[], "u").await;
    album.press_and_take(&[], "a", ".toast", "alerts-acknowledged").await;
    album.window.click_text("[role=tab]", "Resolved").await;
    album.take("alerts-resolved").await;
    album.close().await;
}
