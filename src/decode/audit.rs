//! Audit: the message is the record, its kind told by `service`, and whichever sub-message there is flattened to `data`
//! and `detailed_data`.

use super::{
    fan_out::{self, Fault, Record},
    layout::{self, Records},
    reader::Octets,
};
use crate::event::{Value, catalogue};

/// What `audit_message.service` may say, and the kind that follows.
const KINDS: [(&str, &str); 3] =
    [("CONFIGURATION", "audit.configuration"), ("FIRMWARE", "audit.firmware"), ("DEVICE_MGMT", "audit.device_mgmt")];

/// The one record of an audit message; `None` if no field of the message is known.
pub(super) fn records(message: Octets) -> Result<Option<Vec<Record>>, Fault> {
    let shape = &layout::SHAPE_AUDIT;
    let parts = fan_out::parts(shape, message)?;
    if !parts.around.any {
        return Ok(None);
    }
    let service = shape.around.and_then(|around| around.slots.iter().position(|slot| slot.name == "service"));
    let service = service.and_then(|place| parts.around.values.get(place)).unwrap_or(&Value::Absent);
    let named = match service {
        Value::Text(name) => KINDS.iter().find(|(service, _)| **service == **name).map(|(_, kind)| *kind),
        _ => None,
    };
    let kind_of = |records: &Records| catalogue::kinds()[records.kind].name;
    // The sub-message of the service where there is one, else the last there is.
    let own = parts.records.iter().rev().find(|(records, _)| Some(kind_of(records)) == named);
    let sub_message = own.or(parts.records.last()).copied();
    let kind = match (named, service, sub_message) {
        (Some(kind), ..) => kind,
        // An unlisted number; where no service is said at all, the sub-message tells.
        (None, Value::Absent, Some((records, _))) => kind_of(records),
        _ => "audit.other",
    };
    let (records, octets) = match sub_message {
        Some(found) => found,
        None => (&shape.records[0], Octets::frame(&[])),
    };
    let mut record = fan_out::complete(records, octets, &parts.around)?;
    // All kinds of audit have the same fields in the same order.
    record.kind = catalogue::kind(kind).unwrap_or(record.kind);
    Ok(Some(vec![record]))
}
