//! What administrators do: the routine, and what is done with a stolen password.

use serde_json::{Value, json};

use crate::{decode::wire::audit::Classification, simulator::campus::BUILDINGS};

use super::{
    audit::{self, INTRUDER, JONAS, MIRA, Record, SYSTEM, Who},
    second::Second,
};

pub(super) fn play(second: &mut Second<'_>) {
    if second.number % 8 == 2 {
        routine(second);
    }
    let wrong = json!({ "reason": "wrong password" });
    match second.of_lap() {
        12 | 14 => configure(second, "Admin login failed", "203.0.113.77", "", INTRUDER, wrong),
        18 => {
            let details = json!({ "method": "password", "two_factor": false });
            configure(second, "Admin login", "203.0.113.77", "", INTRUDER, details);
        }
        102 => {
            let details = json!({ "wlan": "campus-staff", "group": "library", "action": "delete", "clients": 212 });
            configure(second, "WLAN deleted", "campus-staff", "library", INTRUDER, details);
        }
        160 => {
            let serial = second.campus.spare.clone();
            let details = json!({ "serial": serial, "action": "remove", "licence": "unassigned" });
            audit::say(
                second,
                0,
                Record {
                    service: Classification::DeviceMgmt,
                    data: "Device removed",
                    details,
                    target: &serial,
                    group: "admin",
                    who: INTRUDER,
                    ago: 0,
                },
            );
        }
        200 => {
            configure(second, "Admin added", "backup-admin@campus.example", "", INTRUDER, json!({ "role": "admin" }));
        }
        210 => {
            let details = json!({ "wlan": "campus-staff", "group": "library", "action": "create", "security": "wpa3" });
            configure(second, "WLAN created", "campus-staff", "library", JONAS, details);
        }
        240 => {
            let details = json!({ "wlan": "campus-guest", "security": "open", "was": "wpa3" });
            configure(second, "WLAN changed", "campus-guest", "dorms", JONAS, details);
        }
        _ => {}
    }
}

fn configure(second: &mut Second<'_>, data: &str, target: &str, group: &str, who: Who, details: Value) {
    let service = Classification::Configuration;
    audit::say(second, 0, Record { service, data, details, target, group, who, ago: 0 });
}

/// What happens every day and should alarm nobody.
fn routine(second: &mut Second<'_>) {
    let place = &BUILDINGS[second.rng.usize(..BUILDINGS.len())];
    let ap = second.campus.ap(second.rng.usize(..48));
    let who = if second.rng.bool() { MIRA } else { JONAS };
    let (service, data, target, who, details) = match second.rng.u8(..6) {
        0 => {
            let details = json!({ "method": "sso", "two_factor": true });
            (Classification::Configuration, "Admin login", who.name, who, details)
        }
        1 => {
            (Classification::Firmware, "Firmware compliance checked", place.group, SYSTEM, json!({ "compliant": true }))
        }
        2 => (Classification::DeviceMgmt, "Device joined", ap.serial.as_str(), SYSTEM, Value::Null),
        3 => {
            let details = json!({ "from": "default", "to": place.group });
            (Classification::DeviceMgmt, "Group changed", ap.serial.as_str(), who, details)
        }
        _ => {
            let details = json!({ "device": ap.name, "lines": second.rng.u8(1..20), "by": who.name });
            (Classification::Configuration, "Configuration pushed", ap.serial.as_str(), who, details)
        }
    };
    audit::say(second, 450, Record { service, data, details, target, group: place.group, who, ago: 0 });
}
