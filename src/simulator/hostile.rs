//! Text that no one should ever draw, run or believe: what a name from the air may hold.

use crate::event::Topic;

/// A hostile text and what is bad about it.
pub struct Hostile {
    pub name: &'static str,
    /// Up to 32 octets, as an SSID is.
    pub octets: &'static [u8],
}

/// All of them. Each fits an SSID.
pub const TEXTS: &[Hostile] = &[
    Hostile { name: "markup", octets: b"<b>big</b><a href='x'>go</a>" },
    Hostile { name: "image", octets: b"<img src=x onerror=alert(1)>" },
    Hostile { name: "script", octets: b"<script>alert(1)</script>" },
    Hostile { name: "entity", octets: b"&lt;i&gt; &amp; &#x202e;" },
    // The first shows "gpj.exe" as "exe.jpg"; the second opens an isolate and never closes it.
    Hostile { name: "bidi override", octets: "edu\u{202e}maor\u{202e}gpj.exe".as_bytes() },
    Hostile { name: "bidi isolate", octets: "\u{2067}safe\u{2066} \u{202b}net".as_bytes() },
    Hostile { name: "terminal colour", octets: b"\x1b[2J\x1b[31mALARM\x1b[0m" },
    Hostile { name: "terminal title", octets: b"\x1b]0;owned\x07\x9b31mnet" },
    Hostile { name: "nul", octets: b"campus\0-staff\0" },
    Hostile { name: "newlines", octets: b"staff\r\nX: y\n\n2026 ALERT: ok" },
    Hostile { name: "tab and bell", octets: b"a\tb\x07\x08\x08\x08c\x7f" },
    Hostile { name: "not utf-8", octets: b"evil\xff\xfe\xc3\x28\xed\xa0\x80net" },
    Hostile {
        name: "noise",
        octets: &[
            0x9c, 0x00, 0xf1, 0x80, 0x0a, 0x1b, 0xe2, 0x80, 0xae, 0x3c, 0x2f, 0xff, 0xc0, 0xaf, 0x22, 0x27, 0x5c, 0x7f,
            0x85, 0xf4, 0x90, 0x80, 0x80, 0x0d, 0x08, 0xd8, 0x3d, 0xfe, 0x26, 0x25, 0x00, 0xed,
        ],
    },
    Hostile { name: "zero width", octets: "edu\u{200b}ro\u{200d}am\u{feff}\u{2060}".as_bytes() },
    Hostile { name: "look-alike", octets: "еdurоаm".as_bytes() },
    Hostile {
        name: "combining",
        octets: "e\u{0301}\u{0302}\u{0303}\u{0304}\u{0305}\u{0306}\u{0307}\u{0308}x".as_bytes(),
    },
    Hostile { name: "line separators", octets: "one\u{2028}two\u{2029}three\u{0085}".as_bytes() },
    Hostile { name: "template", octets: b"${7*7} {{7*7}} %s%n `id`" },
    Hostile { name: "sql", octets: b"'; DROP TABLE alerts; --" },
    Hostile { name: "path", octets: b"../../../../etc/passwd" },
    Hostile { name: "spaces", octets: b"                                " },
    Hostile { name: "empty", octets: b"" },
];

/// The words that a handshake for a topic is refused with: markup, or another direction and escapes, or one long word.
pub fn refusal(topic: Topic) -> String {
    match topic {
        Topic::Security => "No <script>alert(1)</script><img src=x onerror=alert(1)> for <b>you</b> &amp; yours".into(),
        Topic::Audit => {
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{202e}gnp.exe\u{202c} \u{1b}[31mred\u{1b}[0m\u{7}\u{2067}open".into()
        }
        _ => "m".repeat(280),
    }
}

/// The customer of a key, as no account is named.
pub fn customer() -> String {
    format!("<b>\u{202e}remotsuc\u{0}</b>{}", "c".repeat(150))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fits_an_ssid() {
        for text in TEXTS {
            assert!(text.octets.len() <= 32, "{} has {} octets", text.name, text.octets.len());
        }
    }
}
