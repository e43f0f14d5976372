//! Where stations are, and which fences they cross.

use crate::{
    decode::wire::location::{
        Algorithm, ErrorCode, MacAddress, MeasurementUnit, Record, StreamGeofenceNotify, StreamLocation, TargetDevType,
        ZoneEvent,
    },
    event::Topic,
    simulator::campus::{Ap, BUILDINGS, Client},
};

use super::{record::text, second::Second};

/// The fences, by their identifiers on the wire and their names.
const FENCES: [(&str, &str); 3] =
    [("gf-atrium", "Library atrium"), ("gf-server-room", "Server room ENG"), ("gf-pharmacy", "Pharmacy store")];

pub(super) fn play(second: &mut Second<'_>) {
    if second.number % 2 == 1 {
        position(second);
    }
    if second.number % 20 == 6 {
        fence(second);
    }
}

fn anyone<'a>(second: &mut Second<'a>) -> Option<(&'a Client, &'a Ap)> {
    let campus = second.campus;
    let client = campus.clients.get(second.rng.usize(..campus.clients.len()))?;
    Some((client, campus.ap(client.home)))
}

fn position(second: &mut Second<'_>) {
    let Some((client, ap)) = anyone(second) else { return };
    let time = second.epoch();
    let building = &BUILDINGS[ap.building % BUILDINGS.len()];
    let rng = &mut second.rng;
    let (x, y) = (ap.x + rng.f32() * 8.0 - 4.0, ap.y + rng.f32() * 8.0 - 4.0);
    let records = ap
        .radios
        .iter()
        .map(|radio| Record {
            timestamp: Some(time),
            radio_mac: Some(MacAddress { addr: Some(radio.to_vec()) }),
            rssi_val: Some(-rng.i32(40..80)),
            channel: Some(if radio[5] & 1 == 0 { 6 } else { 44 }),
        })
        .collect();
    let message = StreamLocation {
        sta_location_x: Some(x),
        sta_location_y: Some(y),
        error_level: Some(rng.u32(2..12)),
        loc_algorithm: Some(Algorithm::Estimation.into()),
        // A degree is 111 km of latitude, and two thirds of that of longitude up here.
        longitude: Some(building.longitude + f64::from(x) / 75_000.0),
        latitude: Some(building.latitude + f64::from(y) / 111_000.0),
        altitude: Some(408.0 + 3.5 * f64::from(ap.floor)),
        unit: Some(MeasurementUnit::Meters.into()),
        sta_eth_mac: Some(MacAddress { addr: Some(client.mac.to_vec()) }),
        campus_id_string: text("campus"),
        building_id_string: text(building.code),
        floor_id_string: text(format!("{}-{}", building.code, ap.floor)),
        target_type: Some(TargetDevType::TargetTypeStation.into()),
        associated: Some(client.associated),
        err_code: Some(ErrorCode::NoError.into()),
        records,
        ..Default::default()
    };
    second.say(Topic::Location, 500, &message);
}

fn fence(second: &mut Second<'_>) {
    let Some((client, _)) = anyone(second) else { return };
    let rng = &mut second.rng;
    let (id, name) = FENCES[rng.usize(..FENCES.len())];
    let inside = rng.bool();
    let message = StreamGeofenceNotify {
        geofence_event: Some(if inside { ZoneEvent::ZoneIn } else { ZoneEvent::ZoneOut }.into()),
        geofence_id: text(id),
        geofence_name: text(name),
        sta_eth_mac: Some(MacAddress { addr: Some(client.mac.to_vec()) }),
        associated: Some(client.associated),
        dwell_time: Some(if inside { 0 } else { rng.u32(20..900) }),
        ..Default::default()
    };
    second.say(Topic::Location, 900, &message);
}
