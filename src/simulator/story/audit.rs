//! How a record of the audit trail is written.

use crate::{
    decode::wire::audit::{self, AuditMessage, Classification},
    event::Topic,
    simulator::CUSTOMER,
};

use super::{record::text, second::Second};

/// An administrator and the address they work from.
#[derive(Clone, Copy)]
pub(super) struct Who {
    pub name: &'static str,
    pub ip: [u8; 4],
}

pub(super) const MIRA: Who = Who { name: "mira@campus.example", ip: [10, 20, 0, 11] };
pub(super) const JONAS: Who = Who { name: "jonas@campus.example", ip: [10, 20, 0, 12] };
pub(super) const SYSTEM: Who = Who { name: "system", ip: [127, 0, 0, 1] };
/// Whoever has Mira's password.
pub(super) const INTRUDER: Who = Who { name: MIRA.name, ip: [203, 0, 113, 77] };

/// What somebody did.
pub(super) struct Record<'a> {
    pub service: Classification,
    pub data: &'a str,
    /// Becomes JSON in a string; null: the record has no details.
    pub details: serde_json::Value,
    pub target: &'a str,
    pub group: &'a str,
    pub who: Who,
    /// How long ago it happened, in seconds.
    pub ago: u32,
}

pub(super) fn say(second: &mut Second<'_>, millis: u64, record: Record<'_>) {
    let data = text(record.data);
    let detailed_data = if record.details.is_null() { None } else { text(record.details.to_string()) };
    let (mut config_info, mut firmware_info, mut dm_info) = (None, None, None);
    match record.service {
        Classification::Configuration => config_info = Some(audit::Config { data, detailed_data }),
        Classification::Firmware => firmware_info = Some(audit::Firmware { data, detailed_data }),
        Classification::DeviceMgmt => dm_info = Some(audit::DeviceManagement { data, detailed_data }),
    }
    let message = AuditMessage {
        customer_id: text(CUSTOMER),
        timestamp: Some(second.epoch().saturating_sub(record.ago)),
        service: Some(record.service.into()),
        group_name: text(record.group),
        target: text(record.target),
        client_ip: Some(audit::IpAddress {
            af: Some(audit::ip_address::AddrFamily::Inet.into()),
            addr: Some(record.who.ip.to_vec()),
        }),
        username: text(record.who.name),
        config_info,
        firmware_info,
        dm_info,
    };
    second.say(Topic::Audit, millis, &message);
}
