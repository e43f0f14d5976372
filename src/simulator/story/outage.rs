//! An access point goes down and comes back a minute later.

use serde_json::json;

use crate::{
    decode::wire::{
        audit::Classification,
        monitoring::{
            self, Action, Ap, DataElement, IpAddress, MacAddress, MonitoringInformation, Notification, Status,
            ip_address::AddrFamily,
            notification::{NotificationState, Severity},
        },
    },
    event::Topic,
    simulator::{CUSTOMER, campus},
};

use super::{
    audit::{self, Record, SYSTEM},
    record::text,
    second::Second,
};

/// The access point that fails.
const FAILING: usize = 21;
const DOWN: u64 = 120;
const UP: u64 = 185;

/// Whether an access point is off the network in this second.
pub(super) fn is_down(second: &Second<'_>, ap: usize) -> bool {
    ap == FAILING && (DOWN..UP).contains(&second.of_lap())
}

pub(super) fn play(second: &mut Second<'_>) {
    match second.of_lap() {
        DOWN => tell(second, Status::Down, NotificationState::Open, "Device disconnected"),
        UP => tell(second, Status::Up, NotificationState::Close, "Device joined"),
        _ => {}
    }
}

fn tell(second: &mut Second<'_>, status: Status, state: NotificationState, data: &str) {
    let failing = second.campus.ap(FAILING);
    let message = MonitoringInformation {
        customer_id: text(CUSTOMER),
        data_elements: vec![DataElement::StateAp.into()],
        aps: vec![ap(failing, status)],
        timestamp: Some(second.epoch()),
        ..Default::default()
    };
    second.say(Topic::Monitoring, 0, &message);
    let what = if status == Status::Down { "disconnected" } else { "is connected again" };
    let notification = Notification {
        id: text(format!("ap-down-{}", second.lap())),
        r#type: text("AP_DISCONNECTED"),
        setting_id: text("ap-disconnected"),
        device_id: text(&failing.serial),
        severity: Some(Severity::Critical.into()),
        timestamp: Some(second.epoch()),
        state: Some(state.into()),
        description: text(format!("AP {} {what}", failing.name)),
        extra: vec![monitoring::KeyValueData { key: text("group"), value: text(failing.group()) }],
    };
    let message = MonitoringInformation {
        customer_id: text(CUSTOMER),
        data_elements: vec![DataElement::Notifications.into()],
        notification: vec![notification],
        timestamp: Some(second.epoch()),
        ..Default::default()
    };
    second.say(Topic::Monitoring, 200, &message);
    audit::say(
        second,
        300,
        Record {
            service: Classification::DeviceMgmt,
            data,
            details: json!({ "device": failing.name }),
            target: &failing.serial,
            group: failing.group(),
            who: SYSTEM,
            ago: 0,
        },
    );
}

/// The state of an access point.
pub(super) fn ap(ap: &campus::Ap, status: Status) -> Ap {
    Ap {
        action: Some(Action::Update.into()),
        serial: text(&ap.serial),
        name: text(&ap.name),
        macaddr: Some(MacAddress { addr: Some(ap.mac.to_vec()) }),
        cluster_id: text(ap.group()),
        status: Some(status.into()),
        ip_address: Some(IpAddress { af: Some(AddrFamily::Inet.into()), addr: Some(ap.ip.to_vec()) }),
        model: text(ap.model),
        mode: text("access"),
        swarm_master: Some(false),
        uplink_type: Some(monitoring::ap::UplinkType::Ethernet.into()),
        firmware_version: text("10.4.1.2"),
        ..Default::default()
    }
}
