//! The real window, driven through WebDriver.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource as _, MouseActions, PointerAction},
    elements::Element,
    key::Key,
    wd::TimeoutConfiguration,
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::{
    bench::{DEADLINE, Desk},
    simulator::Central,
};

/// An open window and the session that drives it.
pub struct Window {
    client: Client,
}

impl Window {
    /// Starts the app with these words on that desktop and waits for its page.
    pub async fn open(desk: &mut Desk, words: &[&str]) -> Self {
        let port = Desk::port();
        let log = File::create(desk.log()).expect("the app's log");
        let mut driver = desk.command("WebKitWebDriver");
        driver.arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true");
        driver.stdout(log.try_clone().expect("the app's log")).stderr(log);
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
        // The page's own scripts have run when it shows something.
        window.see("#app *").await;
        let patience = TimeoutConfiguration::new(Some(DEADLINE), Some(DEADLINE), Some(Duration::ZERO));
        window.client.update_timeouts(patience).await.expect("time limits");
        window
    }

    /// Waits for an element.
    pub async fn see(&self, css: &str) -> Element {
        let begun = Instant::now();
        loop {
            if let Ok(element) = self.client.find(Locator::Css(css)).await {
                return element;
            }
            if begun.elapsed() > DEADLINE {
                self.photograph("failed").await;
                panic!("waited {DEADLINE:?} in vain: {css}; {}", self.state().await);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What there is to be seen, for a test that waited in vain: the page's words, and where there are none, its source.
    async fn state(&self) -> String {
        let address = self.client.current_url().await.map(|address| address.to_string());
        match self.text("body").await {
            words if words.is_empty() => format!("the page {address:?} is blank: {:?}", self.client.source().await),
            words => format!("the page {address:?} says {words:?}"),
        }
    }

    /// How many such elements there are now.
    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.map_or(0, |found| found.len())
    }

    /// Waits until an element's text holds these words, and returns the text.
    pub async fn read(&self, css: &str, words: &str) -> String {
        let what = format!("\"{words}\" in {css}");
        let begun = Instant::now();
        loop {
            let text = self.text(css).await;
            if text.contains(words) {
                return text;
            }
            // What may be cut off at its end is no text to the driver, however much of it is seen.
            if let Some(all) = self.all_text(css).await.filter(|all| all.contains(words)) {
                return all;
            }
            if begun.elapsed() > DEADLINE {
                self.photograph("failed").await;
                panic!("waited {DEADLINE:?} in vain: {what}; it says {text:?}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits for one of such elements that holds both words.
    pub async fn read_row(&self, css: &str, one: &str, other: &str) {
        eventually(&format!("\"{one}\" with \"{other}\" in one {css}"), async || {
            for element in self.client.find_all(Locator::Css(css)).await.ok()? {
                let text = element.text().await.unwrap_or_default();
                if text.contains(one) && text.contains(other) {
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    /// What an element says now; empty if it is not there.
    pub async fn text(&self, css: &str) -> String {
        match self.client.find(Locator::Css(css)).await {
            Ok(element) => element.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    async fn all_text(&self, css: &str) -> Option<String> {
        let element = self.client.find(Locator::Css(css)).await.ok()?;
        element.prop("textContent").await.ok().flatten()
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
                let all = element.prop("textContent").await.ok().flatten();
                if all.is_some_and(|text| text.contains(words)) {
                    return element.click().await.ok();
                }
            }
            None
        })
        .await;
    }

    /// Goes to a view by its place in the rail.
    pub async fn go(&self, view: &str) {
        self.click(&format!("nav.rail button[aria-label={view}]")).await;
        self.see(&format!("nav.rail button[aria-label={view}][aria-current=page]")).await;
    }

    /// Chooses an alert whose title holds these words. The list may move under the pointer, so it looks what it got.
    pub async fn choose(&self, title: &str) {
        let begun = Instant::now();
        while !self.text("article.detail h2").await.contains(title) {
            assert!(begun.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: the alert \"{title}\" in the detail");
            self.click_text("[role=option] .title", title).await;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }

    /// Types into an input.
    pub async fn type_into(&self, css: &str, text: &str) {
        let element = self.see(css).await;
        element.click().await.expect("a click");
        element.send_keys(text).await.expect("typing");
    }

    /// Puts a text into a field at once, as pasting does.
    pub async fn paste_into(&self, css: &str, text: &str) {
        self.see(css).await;
        let script = "const field = document.querySelector(arguments[0]); field.value = arguments[1]; \
                      field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
        self.client.execute(script, vec![json!(css), json!(text)]).await.expect("pasting");
    }

    /// Replaces the text in the rule's editor, as selecting all and pasting does.
    pub async fn write_rule(&self, text: &str) {
        let editor = self.see(".cm-content").await;
        editor.click().await.expect("a click");
        self.press(&[Key::Control], "a").await;
        let script = "const data = new DataTransfer(); data.setData('text/plain', arguments[0]); \
                      document.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', { clipboardData: \
                      data, bubbles: true, cancelable: true }))";
        self.client.execute(script, vec![json!(text)]).await.expect("pasting");
        let first = text.lines().next().unwrap_or_default();
        self.read(".cm-content", first).await;
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: &[Key], letter: &str) {
        let held: String = keys.iter().map(|key| char::from(*key)).collect();
        let keys = format!("{held}{letter}");
        // What has the focus may be drawn anew before the keys arrive; then they go to what takes its place.
        eventually("a place to type", async || {
            let active = self.client.active_element().await.expect("something has the focus");
            match active.send_keys(&keys).await {
                Err(error) if error.is_stale_element_reference() => None,
                typed => {
                    typed.expect("typing");
                    Some(())
                }
            }
        })
        .await;
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("the script runs")
    }

    /// When the page was painted first, in milliseconds since 1970.
    pub async fn first_paint(&self) -> f64 {
        let script = "const paint = performance.getEntriesByName('first-contentful-paint')[0]; return paint ? \
                      performance.timeOrigin + paint.startTime : null";
        eventually("the first paint", async || self.script(script).await.as_f64()).await
    }

    /// Runs a script in the page that answers later, through its last argument.
    pub async fn script_later(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.expect("the script runs")
    }

    /// Asks the app as the window does, and returns the answer as the window gets it.
    pub async fn call(&self, request: Value) -> Value {
        let script = "const done = arguments[arguments.length - 1]; window.__TAURI_INTERNALS__.invoke('call', { request: \
                      arguments[0] }).then(done, error => done({ failed: error }))";
        self.client.execute_async(script, vec![request]).await.expect("the script runs")
    }

    /// Chooses the theme, `dark` or `light`, and waits until it is drawn.
    pub async fn choose_theme(&self, theme: &str) {
        let state = self.call(json!({ "type": "state" })).await;
        let mut settings = state["value"]["settings"].clone();
        settings["theme"] = json!(theme);
        let saved = self.call(json!({ "type": "save_settings", "settings": settings })).await;
        assert!(saved["failed"].is_null(), "{saved}");
        self.see(&format!(":root[data-theme={theme}]")).await;
    }

    /// Listens to a Central, with a key that is held for this run.
    pub async fn listen(&self, central: &Central, topics: &[&str]) {
        let connected = self
            .call(json!({ "type": "connect", "draft": {
                "endpoint": central.endpoint, "key": central.key, "authority": central.authority,
                "topics": topics, "keep": "this_run", "host_confirmed": true
            } }))
            .await;
        assert!(connected["failed"].is_null(), "{connected}");
        self.see("nav.rail").await;
    }

    /// Takes the pointer off whatever it is on, to where nothing answers to it.
    pub async fn rest_pointer(&self) {
        let to = |x| PointerAction::MoveTo { duration: None, x, y: 1.0 };
        let to = MouseActions::new("mouse".to_owned()).then(to(3.0)).then(to(1.0));
        self.client.perform_actions(to).await.expect("the pointer moves");
    }

    /// Gives the page that size.
    pub async fn resize(&self, width: u32, height: u32) {
        let inner = || self.script("return [window.innerWidth, window.innerHeight]");
        eventually(&format!("a window of {width} by {height}"), async || {
            self.client.set_window_size(width, height).await.ok()?;
            tokio::time::sleep(Duration::from_millis(200)).await;
            (inner().await == json!([width, height])).then_some(())
        })
        .await;
    }

    /// Waits until nothing has changed in the page for a moment.
    pub async fn settle(&self) {
        self.script_later(
            "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => \
             setTimeout(() => done(true), 600)))",
        )
        .await;
    }

    /// Loads the page again, as a window that is opened anew does.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the page is loaded again");
        self.see("#app *").await;
    }

    /// Follows the page of a window that was made anew.
    pub async fn follow_new(&self) {
        eventually("a page to drive", async || {
            let handle = self.client.windows().await.ok()?.into_iter().next()?;
            self.client.switch_to_window(handle).await.ok()
        })
        .await;
    }

    /// A picture of the page.
    pub async fn photograph(&self, name: &str) {
        fs::create_dir_all(pictures()).expect("a folder for pictures");
        // Drawn without OpenGL, a page in which nothing changes is not drawn again, and the driver waits for just that.
        let _ = self.client.execute(STIR, Vec::new()).await;
        let picture = self.client.screenshot().await.expect("a picture");
        fs::write(pictures().join(format!("{name}.png")), picture).expect("the picture is kept");
    }

    /// Ends the session and with it the app.
    pub async fn close(self) {
        let _ = self.client.close().await;
    }
}

/// Has the page drawn for a while though nothing changes that could be seen.
const STIR: &str = "let left = 200; const body = document.body; const stir = () => { \
    body.style.outline = left % 2 ? '1px solid transparent' : ''; if (left-- > 0) setTimeout(stir, 20); \
    else body.removeAttribute('style') }; stir();";

/// Where pictures go.
pub fn pictures() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures")
}

/// Polls until `look` gives something, or fails the test saying what it waited for.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
