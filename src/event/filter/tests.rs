#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::Timestamp;

use super::*;
use crate::event::{EventId, catalogue};

fn rogue() -> Event {
    let kind = catalogue::kind("security.rogue").unwrap();
    let mut values = vec![Value::Absent; kind.fields.len()];
    let mut set = |field: &str, value: Value| values[kind.field_index(field).unwrap()] = value;
    set("ssid", "Café Corp".into());
    set("rogue_id", "aa:bb:cc:dd:ee:ff".into());
    set("classification", 3.into());
    set("port", "10".into());
    Event {
        id: EventId { seq: 18452, record: 3 },
        kind,
        topic: kind.topic,
        time: Timestamp::UNIX_EPOCH,
        received: Timestamp::UNIX_EPOCH,
        customer_id: "customer".into(),
        msp_id: "".into(),
        values,
        marks: Vec::new(),
    }
}

#[test]
fn what_holds() {
    for text in [
        "",
        "  ",
        "café",
        "CORP rogue",
        "\"café corp\"",
        "aa:bb:cc",
        "security.rogue",
        "ssid == \"Café Corp\"",
        "ssid = 'Café Corp'",
        "ssid contains corp",
        "classification == 3",
        "classification >= 3 and classification<4",
        "classification > 2.5",
        "port == 10",
        "kind == security.rogue",
        "id == 18452.3",
        "topic == security",
        "customer_id == customer",
        "lan_mac != x",
        "not lan_mac contains x",
        "nothing or corp",
        "(nothing or corp) and not nothing",
        "!(nothing) && corp || nothing",
        "essid != x",
    ] {
        assert!(Filter::parse(text).unwrap().matches(&rogue()), "{text}");
    }
}

#[test]
fn what_does_not() {
    for text in [
        "nothing",
        "corp nothing",
        "ssid == corp",
        "classification == \"3\"",
        "classification < 3",
        "classification != 3",
        "lan_mac == x",
        "lan_mac < x",
        "lan_mac > x",
        "not corp",
        "corp and (nothing or essid == x)",
    ] {
        assert!(!Filter::parse(text).unwrap().matches(&rogue()), "{text}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, code, column, end) in [
        ("ssdi == x", "unknown-field", 1, 5),
        ("corp ssid ==", "missing-value", 13, 13),
        ("ssid == (", "missing-value", 9, 10),
        ("\"corp", "open-quote", 1, 6),
        ("a (b or c", "open-parenthesis", 3, 4),
        ("a) b", "stray-parenthesis", 2, 3),
        ("a or", "missing-condition", 5, 5),
        ("and a", "missing-condition", 1, 4),
        ("()", "missing-condition", 2, 3),
        ("== a", "missing-condition", 1, 3),
        ("not", "missing-condition", 4, 4),
    ] {
        let found = Filter::parse(text).unwrap_err();
        assert_eq!((found.code.as_str(), found.span.column, found.span.end_column), (code, column, end), "{text}");
    }
    assert_eq!(Filter::parse("ssdi == x").unwrap_err().help, "Did you mean ssid?");
    assert_eq!(Filter::parse(&"(".repeat(400)).unwrap_err().code, "too-deep");
    assert_eq!(Filter::parse(&"not ".repeat(200)).unwrap_err().code, "too-deep");
    assert_eq!(Filter::parse(&"x".repeat(2_000)).unwrap_err().code, "too-long");
    assert_eq!(Filter::parse("corp\nssdi == x").unwrap_err().span.line, 2);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[a-z()!&|=<>\"' .\\\\é]{0,60}") {
        if let Ok(filter) = Filter::parse(&text) {
            filter.matches(&rogue());
        }
    }
}
