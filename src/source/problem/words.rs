//! A stranger's words, made harmless.

/// `text` on one line, without control or direction-changing characters, with anything that looks like a key taken
/// out, and cut to `limit` characters.
pub fn inert(text: &str, limit: usize) -> String {
    let mut plain = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        let word: String = word.chars().filter(|&c| !changes_direction(c)).collect();
        if word.is_empty() {
            continue;
        }
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(&without_key(&word));
    }
    match plain.char_indices().nth(limit) {
        Some((cut, _)) => format!("{}…", &plain[..cut]),
        None => plain,
    }
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm, and what is invisible.
fn changes_direction(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Servers have been known to repeat a credential in their complaint about it. A JWT begins with the base64 of `{"`.
fn without_key(word: &str) -> String {
    match word.find("eyJ") {
        Some(start) if word.len() - start > 20 => {
            let end = word[start..]
                .find(|c: char| !(c.is_ascii_alphanumeric() || "-_.=+/".contains(c)))
                .map_or(word.len(), |length| start + length);
            format!("{}(key){}", &word[..start], without_key(&word[end..]))
        }
        _ => word.to_owned(),
    }
}
