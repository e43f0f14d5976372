//! Firmware is pushed at an hour that nobody announced.

use serde_json::json;

use crate::decode::wire::audit::Classification;

use super::{
    audit::{self, JONAS, Record},
    second::Second,
};

/// The access points that are upgraded, one each 4 s.
const UPGRADED: [usize; 3] = [16, 18, 19];

pub(super) fn play(second: &mut Second<'_>) {
    if !second.is_every(4, 50, 58) {
        return;
    }
    let ap = second.campus.ap(UPGRADED[(second.of_lap() - 50) as usize / 4 % UPGRADED.len()]);
    // The announced window is 02:00 to 04:00. Who watches the story at night is told of the evening before.
    let hour = second.time().to_zoned(second.zone.clone()).hour();
    let ago = if (1..5).contains(&hour) { 5 * 3600 } else { 0 };
    audit::say(
        second,
        0,
        Record {
            service: Classification::Firmware,
            data: "Firmware upgrade started",
            details: json!({
                "device": ap.name, "from": "10.4.1.2", "to": "10.6.0.1", "window": "02:00-04:00", "scheduled": false
            }),
            target: &ap.serial,
            group: ap.group(),
            who: JONAS,
            ago,
        },
    );
}
