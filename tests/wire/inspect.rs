//! The octets of a field are where `inspect` says.

use tocsin::{
    decode::{self, FieldBytes},
    event::{FieldType, Topic},
};

use crate::sample;

#[test]
fn text_fields_stand_where_inspect_says() {
    for sample in sample::all() {
        let found = decode::inspect(None, &sample.frame);
        let events = decode::undated_frame(None, 0, &sample.frame).unwrap();
        assert!(found.iter().all(|field| field.start < field.end && field.end <= sample.frame.len()));
        for event in &events {
            for (field, value) in event.present() {
                // In the record itself, or around it: either may be where a field comes from.
                let here = |record| move |found: &&FieldBytes| found.field == field.name && found.record == record;
                let own = found.iter().find(here(Some(event.id.record)));
                let place = own.or_else(|| found.iter().rev().find(here(None)));
                let place = place.unwrap_or_else(|| panic!("{} in {}", field.name, sample.name));
                if field.ty == FieldType::Text && field.name != "customer_id" {
                    let octets = &sample.frame[place.start..place.end];
                    assert!(octets.ends_with(value.as_text().unwrap().as_bytes()), "{} in {}", field.name, sample.name);
                }
            }
        }
    }
}

#[test]
fn a_cut_frame_shows_what_stands_before_the_cut() {
    let sample = sample::with(Topic::Security, "rogue");
    let whole = decode::inspect(Some(Topic::Security), &sample.frame);
    let cut = decode::inspect(Some(Topic::Security), &sample.frame[..12]);
    assert_eq!(cut[..], whole[..1]);
    assert_eq!(cut[0].field, "subject");
}
