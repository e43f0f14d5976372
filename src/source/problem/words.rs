//! A stranger's words, made harmless.

use std::borrow::Cow;

use crate::inert;

/// `text` as an inert line of at most `limit` characters, with anything that looks like a key taken out.
pub fn inert(text: &str, limit: usize) -> String {
    let line = inert::line(text);
    let words: Vec<Cow<str>> = line.split(' ').map(without_key).collect();
    inert::short(&words.join(" "), limit)
}

/// Servers have been known to repeat a credential in their complaint about it. A JWT begins with the base64 of `{"`.
fn without_key(word: &str) -> Cow<'_, str> {
    match word.find("eyJ") {
        Some(start) if word.len() - start > 20 => {
            let end = word[start..]
                .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.=+/".contains(c)))
                .map_or(word.len(), |length| start + length);
            format!("{}(key){}", &word[..start], without_key(&word[end..])).into()
        }
        _ => word.into(),
    }
}
