//! Audit: the message is the record, its kind told by `service`, and whichever sub-message there is flattened to `data`
//! and `detailed_data`.

use super::{
    fan_out::{self, Fault, Record},
    layout::{self, Records},
    reader::Octets,
};
use crate::event::{Kind, Peek, catalogue};

/// What `audit_message.service` may say, and the kind that follows.
const KINDS: [(&str, &str); 3] =
    [("CONFIGURATION", "audit.configuration"), ("FIRMWARE", "audit.firmware"), ("DEVICE_MGMT", "audit.device_mgmt")];

/// The one record of an audit message; `None` if no field of the message is known.
pub(super) fn records(message: Octets) -> Result<Option<Vec<Record>>, Fault> {
    let parts = fan_out::parts(&layout::SHAPE_AUDIT, message)?;
    if !parts.around.any {
        return Ok(None);
    }
    let service = service().and_then(|place| parts.around.values.get(place)).map_or(Peek::Absent, Peek::from);
    let (kind, records, octets) = record(&service, &parts.records);
    let mut record = fan_out::complete(records, octets, &parts.around)?;
    record.kind = kind;
    Ok(Some(vec![record]))
}

/// The place of the field that says the kind, in the message.
pub(super) fn service() -> Option<usize> {
    layout::SHAPE_AUDIT.around.and_then(|around| around.slots.iter().position(|slot| slot.name == "service"))
}

/// What the one record is made of: its kind, and the sub-message that counts, by the service and what sub-messages there
/// are. All kinds of audit have the same fields in the same order.
pub(super) fn record<'a>(
    service: &Peek,
    sub_messages: &[(&'static Records, Octets<'a>)],
) -> (&'static Kind, &'static Records, Octets<'a>) {
    let none = &layout::SHAPE_AUDIT.records[0];
    let named = service.as_text().and_then(|name| KINDS.iter().find(|(service, _)| *service == name));
    let named = named.map(|(_, kind)| *kind);
    // The sub-message of the service where there is one, else the last there is.
    let own = sub_messages.iter().rev().find(|(records, _)| Some(records.kind().name) == named);
    let sub_message = own.or(sub_messages.last()).copied();
    let kind = match (named, service, sub_message) {
        (Some(kind), ..) => kind,
        // An unlisted number; where no service is said at all, the sub-message tells.
        (None, Peek::Absent, Some((records, _))) => records.kind().name,
        _ => "audit.other",
    };
    let (records, octets) = sub_message.unwrap_or((none, Octets::frame(&[])));
    (catalogue::kind(kind).unwrap_or(records.kind()), records, octets)
}
