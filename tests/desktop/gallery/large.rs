//! Large screens: each view at 1920×1080, and the two that have most to show at 4K.

use super::Album;

const VIEWS: [&str; 6] = ["Alerts", "Live", "Rules", "Connections", "History", "Settings"];

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_large_screens() {
    let mut album = Album::of_a_week().await;
    album.window.choose("Rogue").await;
    for view in VIEWS {
        album.window.go(view).await;
        if view == "Rules" {
            album.window.click_text("nav.rules button.open", "Rogue access point on the wire").await;
            album.window.see(".cm-count").await;
        }
        let sizes: &[(u32, u32)] =
            if ["Alerts", "Rules"].contains(&view) { &[(1920, 1080), (3840, 2160)] } else { &[(1920, 1080)] };
        album.take_at(&view.to_lowercase(), sizes).await;
        if view == "Connections" {
            album.take("connections").await;
        }
    }
    album.close().await;
}
