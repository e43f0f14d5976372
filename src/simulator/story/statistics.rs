//! The noise of monitoring: each access point's state and numbers once in five minutes, and stations as they join.

use crate::{
    decode::wire::monitoring::{
        Action, DataElement, DeviceStats, IpAddress, MacAddress, MonitoringInformation, RadioStats, SsidStats, Status,
        WirelessClient, ip_address::AddrFamily,
    },
    event::Topic,
    simulator::{CUSTOMER, campus::SSIDS},
};

use super::{outage, record::text, second::Second};

pub(super) fn play(second: &mut Second<'_>) {
    if second.number.is_multiple_of(6) {
        // 50 turns in five minutes: 48 access points, and two turns for nobody.
        device(second, (second.number / 6 % 50) as usize);
    }
    if second.number % 9 == 5 {
        station(second);
    }
}

fn device(second: &mut Second<'_>, index: usize) {
    let campus = second.campus;
    let Some(ap) = campus.aps.get(index) else { return };
    if outage::is_down(second, index) {
        return;
    }
    let (time, number) = (second.epoch(), second.number);
    let rng = &mut second.rng;
    let total = 2_147_483_648;
    let free = rng.u64(total / 4..total / 2);
    let message = MonitoringInformation {
        customer_id: text(CUSTOMER),
        data_elements: vec![
            DataElement::StateAp.into(),
            DataElement::StatDevice.into(),
            DataElement::StatRadio.into(),
            DataElement::StatSsid.into(),
        ],
        aps: vec![outage::ap(ap, Status::Up)],
        device_stats: vec![DeviceStats {
            device_id: text(&ap.serial),
            timestamp: Some(time),
            uptime: Some(1_250_000 + number),
            cpu_utilization: Some(rng.u32(4..38)),
            mem_total: Some(total),
            mem_free: Some(free),
            power_consumption: Some(rng.u32(9..19)),
            temperature: Some(rng.u32(38..56)),
            mem_utilization: Some((total - free) * 100 / total),
            ..Default::default()
        }],
        radio_stats: ap
            .radios
            .iter()
            .map(|radio| RadioStats {
                device_id: text(&ap.serial),
                macaddr: Some(MacAddress { addr: Some(radio.to_vec()) }),
                timestamp: Some(time),
                tx_bytes: Some(rng.u64(..900_000_000)),
                rx_bytes: Some(rng.u64(..300_000_000)),
                tx_drops: Some(rng.u32(..40)),
                tx_power: Some(18),
                noise_floor: Some(rng.u32(88..97)),
                utilization: Some(rng.u32(3..62)),
                rx_bad: Some(rng.u64(..400)),
            })
            .collect(),
        ssid_stats: SSIDS
            .iter()
            .map(|ssid| SsidStats {
                device_id: text(&ap.serial),
                essid: text(*ssid),
                timestamp: Some(time),
                tx_bytes: Some(rng.u64(..400_000_000)),
                rx_bytes: Some(rng.u64(..90_000_000)),
            })
            .collect(),
        timestamp: Some(time),
        ..Default::default()
    };
    second.say(Topic::Monitoring, 550, &message);
}

fn station(second: &mut Second<'_>) {
    let campus = second.campus;
    let Some(client) = campus.clients.get(second.rng.usize(..campus.clients.len())) else { return };
    let ap = campus.ap(client.home);
    let leaves = second.rng.u8(..3) == 0;
    let message = MonitoringInformation {
        customer_id: text(CUSTOMER),
        data_elements: vec![DataElement::StateWirelessclient.into()],
        wireless_clients: vec![WirelessClient {
            action: Some(if leaves { Action::Delete } else { Action::Add }.into()),
            macaddr: Some(MacAddress { addr: Some(client.mac.to_vec()) }),
            name: text(&client.name),
            ip_address: Some(IpAddress { af: Some(AddrFamily::Inet.into()), addr: Some(client.ip.to_vec()) }),
            username: text(&client.user),
            associated_device: text(&ap.serial),
            radio_mac: Some(MacAddress { addr: Some(ap.radios[1].to_vec()) }),
            network: text(client.ssid),
            user_role: text(client.ssid),
            manufacturer: text(client.vendor),
            os_type: text(client.os),
            connection: text("802.11ax"),
            maxspeed: Some(1_200),
            vlan: Some(32),
        }],
        timestamp: Some(second.epoch()),
        ..Default::default()
    };
    second.say(Topic::Monitoring, 820, &message);
}
