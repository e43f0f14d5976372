//! A rule of plausible pieces: the checker says the same twice, and points into the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tocsin::rules;
use tocsin_fuzz::{Pieces, lists};

fuzz_target!(|octets: &[u8]| {
    let Ok(text) = Pieces::new(octets).rule() else { return };
    let findings = rules::check(&text, &lists(), None);
    assert_eq!(findings, rules::check(&text, &lists(), None));
    let widths: Vec<u32> = text.lines().map(|line| line.chars().count() as u32).collect();
    for finding in findings {
        let span = &finding.span;
        assert!((span.line, span.column) <= (span.end_line, span.end_column), "{finding:?}\n{text}");
        let width = widths.get(span.line as usize - 1).copied().unwrap_or(0);
        assert!(span.column >= 1 && span.column <= width + 1, "{finding:?}\n{text}");
    }
});
