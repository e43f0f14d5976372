//! A session bus that ends while the program runs, and comes back.

use std::time::Duration;

use tocsin::store::Status;

use crate::{
    afterwards::{accepted, holds, reader},
    frames,
    lab::Lab,
    program::until,
};

#[test]
fn a_bus_that_ends_costs_pop_ups_and_nothing_else_and_is_used_again_when_it_is_back() {
    let Some(mut lab) = Lab::new(0.0) else { return };
    let mut program = lab.start();
    program.says("security: listening");
    let feed = lab.feed(Duration::from_millis(100));
    until("pop-ups are shown", || lab.bus.shown().len() > 5);
    lab.bus.end();
    let (then, shown) = (accepted(&lab.data).len(), lab.bus.shown().len());
    let failed = || reader(&lab.data).stats().unwrap().deliveries.get(Status::Failed.name()).copied().unwrap_or(0);
    until("alerts go on, and their pop-ups fail", || accepted(&lab.data).len() > then + 20 && failed() > 5);
    assert!(program.runs(), "{}", program.err());
    assert_eq!(lab.bus.shown().len(), shown);

    assert!(lab.bus.begin());
    let next = accepted(&lab.data).len();
    until("pop-ups are shown again", || lab.bus.shown().len() > shown + 5);
    drop(feed);
    until("nothing is owed any more", || {
        let stats = reader(&lab.data).stats().unwrap();
        stats.waiting == 0 && !stats.deliveries.contains_key("owed")
    });
    let (code, said) = program.end();
    assert_eq!(code, Some(0), "{said}");
    holds(&lab.data);
    // Whatever fired once the bus was back was shown.
    let titles: Vec<String> = lab.bus.shown().into_iter().map(|popup| popup.title).collect();
    for number in accepted(&lab.data).into_iter().skip(next + 1) {
        let id = frames::id(number);
        assert!(titles.iter().any(|title| title.contains(&id)), "{id} was never shown");
    }
}
