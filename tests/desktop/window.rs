//! The real window, driven through WebDriver.

use std::{future::Future, time::Instant};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, key::Key};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::bench::{DEADLINE, Desk};

/// An open window and the session that drives it.
pub struct Window {
    client: Client,
}

impl Window {
    /// Starts the app with these words on that desktop and waits for its page.
    pub async fn open(desk: &mut Desk, words: &[&str]) -> Self {
        let port = Desk::port();
        let mut driver = desk.command("WebKitWebDriver");
        driver.arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true");
        desk.keep(&mut driver);
        let capabilities = json!({
            "webkitgtk:browserOptions": { "binary": env!("CARGO_BIN_EXE_tocsin-desktop"), "args": words }
        });
        let capabilities = capabilities.as_object().expect("an object").clone();
        let address = format!("http://127.0.0.1:{port}");
        let client = eventually("a WebDriver session", async || {
            ClientBuilder::new(HttpConnector::new()).capabilities(capabilities.clone()).connect(&address).await.ok()
        })
        .await;
        let window = Self { client };
        window.see("#app *").await;
        window
    }

    /// Waits for an element.
    pub async fn see(&self, css: &str) -> Element {
        eventually(css, async || self.client.find(Locator::Css(css)).await.ok()).await
    }

    /// Waits until an element's text holds these words, and returns the text.
    pub async fn read(&self, css: &str, words: &str) -> String {
        eventually(&format!("\"{words}\" in {css}"), async || {
            let text = self.text(css).await;
            text.contains(words).then_some(text)
        })
        .await
    }

    /// What an element says now; empty if it is not there.
    pub async fn text(&self, css: &str) -> String {
        match self.client.find(Locator::Css(css)).await {
            Ok(element) => element.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits for an element that can be clicked, and clicks it.
    pub async fn click(&self, css: &str) {
        eventually(&format!("a click on {css}"), async || {
            let element = self.client.find(Locator::Css(css)).await.ok()?;
            element.click().await.ok()
        })
        .await;
    }

    /// Waits for the first element of that kind whose text holds these words, and clicks it.
    pub async fn click_text(&self, css: &str, words: &str) {
        eventually(&format!("a click on \"{words}\" among {css}"), async || {
            for element in self.client.find_all(Locator::Css(css)).await.ok()? {
                if element.text().await.is_ok_and(|text| text.contains(words)) {
                    return element.click().await.ok();
                }
            }
            None
        })
        .await;
    }

    /// Types into an input.
    pub async fn type_into(&self, css: &str, text: &str) {
        let element = self.see(css).await;
        element.click().await.expect("a click");
        element.send_keys(text).await.expect("typing");
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: &[Key], letter: &str) {
        let held: String = keys.iter().map(|key| char::from(*key)).collect();
        let active = self.client.active_element().await.expect("something has the focus");
        active.send_keys(&format!("{held}{letter}")).await.expect("typing");
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str) -> serde_json::Value {
        self.client.execute(script, Vec::new()).await.expect("the script runs")
    }

    /// A picture of the page.
    pub async fn photograph(&self, name: &str) {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        let picture = self.client.screenshot().await.expect("a picture");
        std::fs::write(folder.join(format!("{name}.png")), picture).expect("the picture is kept");
    }

    /// Ends the session and with it the app.
    pub async fn close(self) {
        let _ = self.client.close().await;
    }
}

/// Polls until `look` gives something, or fails the test saying what it waited for.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: {what}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}
