//! The past of a rule that takes its time: how far it is, in words, and a way to stop it by hand and by key.

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    bench::{Daemon, Desk},
    simulator::Central,
    window::{Window, eventually},
};

/// Counts to some number for each event, so that a minute of many events lasts a while. It never rings.
fn slow(to: u32) -> String {
    format!(
        "//! Slow on purpose\nconst ON = \"presence\";\n\nfn when(event) {{\n    let n = 0;\n    while n < {to} {{ n += 1; \
         }}\n    n < 0\n}}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_past_tells_how_far_it_is_and_is_stopped() {
    let mut desk = Desk::start(Daemon::None, true);
    let central = Central::start(&mut desk, &["--speed", "200"]);
    let window = Window::open(&mut desk, &[]).await;
    window.listen(&central, &["presence"]).await;
    window.go("Live").await;
    let events =
        || async { window.call(json!({ "type": "state" })).await["value"]["status"]["events_per_minute"].as_f64() };
    eventually("many events", async || (events().await? > 5_000.0).then_some(())).await;
    // No more of them: what is there is the same each time.
    window.call(json!({ "type": "set_topic", "topic": "presence", "on": false })).await;

    window.go("Rules").await;
    window.see(".cm-content").await;
    window.write_rule(&slow(3_000)).await;
    window.read(".progress", "%").await;
    window.photograph("past-progress").await;
    window.click(".progress button").await;
    window.read("#side-panel", "Stopped. This is up to").await;
    assert_eq!(window.count(".progress").await, 0);
    window.photograph("past-stopped").await;

    // Written on, it begins anew; and Escape stops it from within the text.
    window.write_rule(&slow(2_999)).await;
    window.see(".progress").await;
    window.click(".cm-content").await;
    window.press(&[Key::Escape], "").await;
    eventually("it stops", async || (window.count(".progress").await == 0).then_some(())).await;
    window.read("#side-panel", "Stopped. This is up to").await;

    // Quick again, it comes to its end.
    window.write_rule(&slow(0)).await;
    window.read("#side-panel", "Nothing changes: both versions").await;
    eventually("all of it was played", async || (!window.text("#side-panel").await.contains("Stopped")).then_some(()))
        .await;

    // What each line lets through stands at its end, once the past has answered.
    let counted = "//! Counted\nconst ON = \"presence.rssi\";\n\nfn when(event) {\n    present(event.sta_eth_mac)\n        && \
                   event.rssi_val < -200\n}\n";
    window.write_rule(counted).await;
    let cells = async || {
        let cells = "return [...document.querySelectorAll('.cm-count')].map((cell) => cell.textContent)";
        let cells: Vec<String> = serde_json::from_value(window.script(cells).await).unwrap();
        (cells.len() == 4 && cells[3] == "0").then_some(cells)
    };
    let [events, head, let_through, _] = <[String; 4]>::try_from(eventually("numbers", cells).await).unwrap();
    assert!(head.starts_with("let through"), "{head}");
    // All of the newest have a MAC; if there are no more than that, they are all there are.
    let of_newest = head.strip_prefix("let through, newest ").unwrap_or(events.trim_end_matches(" events"));
    assert_eq!(let_through, of_newest);
    window.read("ul.unseen", "Line 6. event.rssi_val < -200: true for 0 of").await;
    window.photograph("past-counts").await;
    // A rule with errors has none.
    window.write_rule(&counted.replace("rssi_val", "rssi_vall")).await;
    eventually("no numbers", async || (window.count(".cm-count").await == 0).then_some(())).await;
    window.close().await;
}
