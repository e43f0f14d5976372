//! Text from the air made harmless.
//!
//! An SSID, a host name or a user name is whatever a stranger typed. Before it reaches a pop-up, a window's list or a
//! terminal it must not be able to move the cursor, reverse its neighbours, break out of a line, hide, or be read as
//! markup. Nothing here fails: every text has an inert form.

/// The most characters of a pop-up's title.
pub const TITLE: usize = 60;
/// The most characters of a pop-up's body.
pub const BODY: usize = 120;

/// How many combining marks may stand on one character; real scripts need fewer, stacks of them draw over their
/// neighbours.
const STACK: usize = 4;

/// One line: no control or bidirectional characters, nothing invisible, every run of white space one space, none at
/// the ends.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    let mut stacked = 0;
    for c in text.chars() {
        if is_break(c) {
            space = !out.is_empty();
            continue;
        }
        if is_unsafe(c) {
            continue;
        }
        if is_combining(c) {
            stacked += 1;
            if stacked > STACK {
                continue;
            }
        } else {
            stacked = 0;
        }
        if space {
            out.push(' ');
            space = false;
        }
        out.push(c);
    }
    out
}

/// [`line`], at most `most` characters long; what is cut ends with `…`.
pub fn short(text: &str, most: usize) -> String {
    let line = line(text);
    if line.chars().nth(most).is_none() {
        return line;
    }
    let mut cut: String = line.chars().take(most.saturating_sub(1)).collect();
    while cut.ends_with([' ', JOINER]) {
        cut.pop();
    }
    if most > 0 {
        cut.push('…');
    }
    cut
}

/// A pop-up's title. Never markup: the summary of a notification is plain text on every server, so it is not escaped.
pub fn title(text: &str) -> String {
    short(text, TITLE)
}

/// A pop-up's body; escaped only where the server reads markup (its capability `body-markup`), for elsewhere the
/// escapes would be shown as they are.
pub fn body(text: &str, markup: bool) -> String {
    let text = short(text, BODY);
    if markup { escape(&text) } else { text }
}

/// The five characters of markup as entities.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// For a terminal or a log: one line, whatever could act or hide is written out (`\n`, `\u{1b}`), nothing is left
/// away. An operator who looks for an odd name sees how odd it is.
pub fn terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_active(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a character could act on a terminal, break a line, reverse its neighbours or hide.
pub fn is_active(c: char) -> bool {
    c == '\u{2028}' || c == '\u{2029}' || is_unsafe(c)
}

/// Joins emoji and letters of Indic and Arabic scripts: kept, for names need it, but never at a cut.
const JOINER: char = '\u{200d}';

fn is_break(c: char) -> bool {
    c.is_whitespace() || c == '\u{2028}' || c == '\u{2029}'
}

/// Control, bidirectional and invisible format characters.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' // soft hyphen
            | '\u{34f}' // grapheme joiner
            | '\u{61c}' | '\u{200e}' | '\u{200f}' // direction marks
            | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers: letters that are blank
            | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200c}'
            | '\u{202a}'..='\u{202e}' // embeddings and overrides
            | '\u{2060}'..='\u{206f}' // isolates, invisible operators
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}') // tags and variation supplements
}

fn is_combining(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Any text, and more often than by chance text that is out to do harm.
    fn hostile() -> impl Strategy<Value = String> {
        let nasty = prop::sample::select(vec![
            "\u{1b}[2J",
            "\u{1b}]8;;http://x\u{7}",
            "\0",
            "\r\n",
            "\u{85}",
            "\u{9b}31m",
            "\u{202e}",
            "\u{2066}",
            "\u{feff}",
            "<b>",
            "</b>",
            "&amp;",
            "<img src=x onerror=alert(1)>",
            "\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
            "\u{200d}",
            "\u{2028}",
            "eduroam",
            " ",
            "👩\u{200d}🔬",
            "\u{e0041}",
            "\u{7f}",
            "…",
            "\\",
        ]);
        prop::collection::vec(prop_oneof![nasty.prop_map(str::to_owned), any::<String>()], 0..12)
            .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn a_line_holds_nothing_that_acts(text in hostile()) {
            let line = line(&text);
            prop_assert!(!line.chars().any(|c| c.is_control() || is_unsafe(c)), "{line:?}");
            prop_assert!(!line.chars().any(|c| c != ' ' && is_break(c)));
            prop_assert!(!line.contains("  ") && line.trim() == line);
            prop_assert_eq!(&super::line(&line), &line, "twice is once");
        }

        #[test]
        fn what_is_short_keeps_its_bound(text in hostile(), most in 0usize..80) {
            let cut = short(&text, most);
            prop_assert!(cut.chars().count() <= most);
            let whole = line(&text);
            if whole.chars().count() <= most {
                prop_assert_eq!(cut, whole);
            } else if most > 0 {
                prop_assert!(cut.ends_with('…'));
                prop_assert!(whole.starts_with(cut.trim_end_matches('…')));
            }
        }

        #[test]
        fn markup_cannot_be_opened(text in hostile()) {
            let escaped = body(&text, true);
            prop_assert!(!escaped.contains(['<', '>', '"', '\'']));
            let plain = escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
            prop_assert_eq!(plain.replace("&amp;", "&"), body(&text, false));
        }

        #[test]
        fn a_terminal_gets_one_line_that_does_nothing(text in hostile()) {
            let shown = terminal(&text);
            prop_assert!(!shown.chars().any(|c| c.is_control() || is_unsafe(c)), "{shown:?}");
            let separators = ['\u{2028}', '\u{2029}'];
            prop_assert!(!shown.contains(separators));
        }
    }

    #[test]
    fn names_people_really_use_stay_whole() {
        for name in
            ["eduroam", "Café Zoë", "会议室", "مقهى", "हिन्दी", "👩\u{200d}🔬 lab", "A & B <guest>", "CORP\\jane"]
        {
            assert_eq!(line(name), name);
            assert_eq!(terminal(name), name);
        }
    }

    #[test]
    fn hostile_names_are_defused() {
        assert_eq!(line("a\u{202e}b\0c\r\n\td"), "abc d");
        assert_eq!(line("x\u{1b}[31mred"), "x[31mred");
        assert_eq!(terminal("x\u{1b}[31m\n\0\u{202e}"), "x\\u{1b}[31m\\n\\u{0}\\u{202e}");
        assert_eq!(title(&"n".repeat(200)).chars().count(), TITLE);
        assert_eq!(body("<b>&</b>", true), "&lt;b&gt;&amp;&lt;/b&gt;");
        assert_eq!(body("<b>&</b>", false), "<b>&</b>");
    }
}
