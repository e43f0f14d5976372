//! History: all of it, filtered, one that is open, nothing found, and what is written to a file.

use fantoccini::key::Key;

use super::Album;

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_history() {
    let mut album = Album::of_a_week().await;
    album.window.go("History").await;
    album.window.see(".past").await;
    album.take("history").await;
    album.window.paste_into(".filter input", "severity == critical").await;
    album.window.read(".filter.holds .said", "keeps").await;
    album.take("history-filtered").await;
    album.window.paste_into(".filter input", "severty == critical").await;
    album.window.see(".filter.wrong .reason").await;
    album.take("history-filter-wrong").await;
    album.window.paste_into(".filter input", "title == \"no such alert\"").await;
    album.window.read(".filter.holds .said", "keeps").await;
    album.take("history-none-match").await;
    album.window.paste_into(".filter input", "").await;
    album.window.see(".past").await;
    album.open_and_take(&[Key::Control], "e", "[role=dialog] .format", "history-export").await;
    album.open_and_take(&[], "p", "dialog[open] input", "history-stretch").await;
    album.window.click(".past").await;
    album.press_and_take(&[Key::Enter], "", "article.detail h2", "history-open").await;
    album.close().await;
}
