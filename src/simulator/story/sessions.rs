//! What applications are used: one access point's sessions every ten seconds.

use crate::{
    decode::wire::apprf::{
        ApprfSession, ClientFirewallSession, IpAddress, MacAddress, UrlDetailRecord,
        client_firewall_session::{AppEnforcementStatus, IngressTypeT},
        ip_address::AddrFamily,
        url_detail_record::UrlHttpMethod,
    },
    event::Topic,
    simulator::{
        CUSTOMER,
        campus::{Client, Role},
    },
};

use super::{outage, record::text, second::Second};

struct App {
    id: u32,
    name: &'static str,
    category: &'static str,
    web: &'static str,
    domain: &'static str,
    /// What its web reputation scores, of 100.
    score: u32,
    denied: bool,
}

const APPS: [App; 6] = [
    App {
        id: 1177,
        name: "ms-teams",
        category: "collaboration",
        web: "business",
        domain: "teams.example",
        score: 96,
        denied: false,
    },
    App {
        id: 67,
        name: "youtube",
        category: "streaming",
        web: "streaming-media",
        domain: "video.example",
        score: 92,
        denied: false,
    },
    App {
        id: 202,
        name: "moodle",
        category: "education",
        web: "educational",
        domain: "learn.campus.example",
        score: 98,
        denied: false,
    },
    App {
        id: 1501,
        name: "google-drive",
        category: "cloud-file-storage",
        web: "storage",
        domain: "drive.example",
        score: 94,
        denied: false,
    },
    App {
        id: 28,
        name: "bittorrent",
        category: "peer-to-peer",
        web: "peer-to-peer",
        domain: "tracker.example",
        score: 31,
        denied: true,
    },
    App {
        id: 5,
        name: "dns",
        category: "network-service",
        web: "computer-and-internet",
        domain: "",
        score: 99,
        denied: false,
    },
];

pub(super) fn play(second: &mut Second<'_>) {
    if second.number % 10 != 4 {
        return;
    }
    let index = (second.number / 10 * 5 % 48) as usize; // 5 and 48 share no factor: all of them in turn
    if outage::is_down(second, index) {
        return;
    }
    let campus = second.campus;
    let near = campus.near(index, second.number / 60).map(|(_, client)| client).filter(|client| client.associated);
    let sessions = near.take(12).map(|client| session(second, client)).collect::<Vec<_>>();
    let urls = campus
        .near(index, second.number / 60)
        .filter(|(_, client)| client.role == Role::Student)
        .take(3)
        .map(|(_, client)| url(second, client))
        .collect();
    let ap = campus.ap(index);
    let message = ApprfSession {
        customer_id: text(CUSTOMER),
        timestamp: Some(u64::from(second.epoch())),
        serial_number: text(&ap.serial),
        client_firewall_session: sessions,
        url_detail_record: urls,
        ap_name: text(&ap.name),
        session_duration: Some(900),
    };
    second.say(Topic::Apprf, 50, &message);
}

fn session(second: &mut Second<'_>, client: &Client) -> ClientFirewallSession {
    let time = u64::from(second.epoch());
    let rng = &mut second.rng;
    let app = &APPS[rng.usize(..APPS.len())];
    let dns = app.domain.is_empty();
    ClientFirewallSession {
        client_ip: Some(address(client.ip)),
        client_mac: Some(MacAddress { addr: Some(client.mac.to_vec()) }),
        dest_ip: Some(address([198, 51, 100, rng.u8(1..250)])),
        ingress_type: Some(IngressTypeT::IngressWlan.into()),
        ip_proto: Some(if dns { 17 } else { 6 }),
        vlan: text("32"),
        app_id: Some(app.id),
        app_name: text(app.name),
        app_cat: text(app.category),
        web_cat: text(app.web),
        web_rep_score: Some(app.score),
        web_rep: text(if app.score < 60 { "suspicious" } else { "trustworthy" }),
        domain: text(app.domain),
        session_flags: Some(
            if app.denied { AppEnforcementStatus::EnfDeny } else { AppEnforcementStatus::EnfPermit }.into(),
        ),
        tx_bytes: Some(rng.u64(2_000..4_000_000)),
        rx_bytes: Some(rng.u64(9_000..90_000_000)),
        rtt: Some(rng.u64(4..90)),
        packet_loss: Some(rng.u64(..3)),
        ssid: text(client.ssid),
        user_name: text(&client.user),
        user_role: text(if client.role == Role::Staff { "staff" } else { "student" }),
        device_type: text(client.os),
        timestamp: Some(time),
        dest_port: Some(if dns { 53 } else { 443 }),
        ..Default::default()
    }
}

fn url(second: &mut Second<'_>, client: &Client) -> UrlDetailRecord {
    let time = u64::from(second.epoch());
    let rng = &mut second.rng;
    let app = &APPS[rng.usize(..4)];
    UrlDetailRecord {
        client_ip: Some(address(client.ip)),
        dest_ip: Some(address([198, 51, 100, rng.u8(1..250)])),
        client_mac: Some(MacAddress { addr: Some(client.mac.to_vec()) }),
        dest_url_prefix: text(format!("{}/", app.domain)),
        hit_count: Some(rng.u32(1..40)),
        http_method: Some(UrlHttpMethod::HttpGet.into()),
        last_hit_timestamp: Some(time),
    }
}

fn address(octets: [u8; 4]) -> IpAddress {
    IpAddress { af: Some(AddrFamily::Inet.into()), addr: Some(octets.to_vec()) }
}
