//! The process that shows pop-ups: reads commands, one a line of JSON, and says what came of them.

use std::io::{BufRead, Write};

use tocsin::{
    rules::Severity,
    sink::desktop::{Popup, Popups, Sounds},
};

/// Not a test of its own: what [`crate::desk::Subject`] runs. Without a test around it, it does nothing.
#[test]
fn subject() {
    if std::env::var_os("TOCSIN_SUBJECT").is_none() {
        return;
    }
    let say = |line: String| {
        let mut out = std::io::stderr().lock();
        writeln!(out, "{line}").unwrap();
    };
    let popups = Popups::start(move |answer| say(format!("answer {:?} {}", answer.action, answer.alert))).unwrap();
    for line in std::io::stdin().lock().lines() {
        let command: Vec<String> = serde_json::from_str(&line.unwrap()).unwrap();
        let arg = |n: usize| command[n].clone();
        let done = match command[0].as_str() {
            "show" => popups
                .show(Popup {
                    alert: arg(1),
                    severity: Severity::named(&command[2]).unwrap(),
                    title: arg(3),
                    body: arg(4),
                    reminder: command[5] == "true",
                })
                .map(|()| "shown".to_owned()),
            "close" => {
                popups.close(&command[1]);
                Ok("closed".to_owned())
            }
            "sound" => {
                let of = |severity: &str| command[1..].iter().any(|one| one == severity);
                popups.sound(Sounds { critical: of("critical"), warning: of("warning"), info: of("info") });
                Ok("chosen".to_owned())
            }
            "daemon" => popups.daemon().map(|server| format!("{} {}", server.name, server.version)),
            other => panic!("{other}"),
        };
        say(format!("done {}", done.unwrap_or_else(|error| format!("error: {error}"))));
    }
}
