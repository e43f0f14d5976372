//! Our readers held to prost, over bytes changed at random: what prost reads, we read, field for field.

use proptest::prelude::*;
use prost::Message;
use tocsin::{
    decode::{
        self, DecodeError,
        wire::{apprf, audit, location, monitoring, presence, security, streaming::MsgProto},
    },
    event::{Event, Topic},
};

use crate::sample;

/// Whether prost reads the message of a topic, and how many records it sees in it.
fn records(topic: Topic, data: &[u8]) -> Option<usize> {
    Some(match topic {
        Topic::Security => {
            let message = security::RapidsStreamingEvent::decode(data).ok()?;
            message.rogue.len() + message.ids_event.len()
        }
        Topic::Presence => {
            let message = presence::PresenceEvent::decode(data).ok()?;
            message.pa_client_state.map_or(0, |it| it.presence_client_state.len())
                + message.pa_rssi_event.map_or(0, |it| it.rssi.len())
                + message.pa_proximity_event.map_or(0, |it| it.proximity.len())
        }
        Topic::Apprf => {
            let message = apprf::ApprfSession::decode(data).ok()?;
            message.client_firewall_session.len() + message.url_detail_record.len()
        }
        Topic::Audit => audit::AuditMessage::decode(data).map(|_| 1).ok()?,
        Topic::Location => {
            let position = location::StreamLocation::decode(data).is_ok();
            (position || location::StreamGeofenceNotify::decode(data).is_ok()).then_some(1)?
        }
        Topic::Monitoring => {
            let message = monitoring::MonitoringInformation::decode(data).ok()?;
            message.aps.len()
                + message.device_stats.len()
                + message.notification.len()
                + message.interfaces.len()
                + message.switches.len()
        }
    })
}

fn undated(frame: &[u8]) -> Result<Vec<Event>, DecodeError> {
    decode::undated_frame(None, 0, frame)
}

fn envelope(topic: Topic, data: Vec<u8>) -> Vec<u8> {
    MsgProto { subject: topic.name().into(), data, timestamp: 1_732_086_400_940_097_743, ..MsgProto::default() }
        .encode_to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_prost_reads_of_a_changed_message_we_read(
        which in 0_usize..90, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4)
    ) {
        let sample = &sample::all()[which];
        let mut data = MsgProto::decode(&*sample.frame).unwrap().data;
        for (place, octet) in changes {
            let place = place.index(data.len());
            data[place] = octet;
        }
        let seen = records(sample.topic, &data);
        let ours = undated(&envelope(sample.topic, data));
        match (seen, ours) {
            // Kinds that the oracle does not count may come out of a changed field number.
            (Some(count), Ok(events)) if sample.topic == Topic::Monitoring => prop_assert!(events.len() >= count),
            (Some(count), Ok(events)) => prop_assert_eq!(events.len(), count),
            (Some(_), Err(error)) => prop_assert_eq!(error.code, "unrecognised"),
            (None, _) => {}
        }
    }

    #[test]
    fn rogues_read_back_as_prost_wrote_them(
        mac in prop::collection::vec(any::<u8>(), 0..9), ssid in prop::collection::vec(any::<u8>(), 0..40),
        name in any::<Option<String>>(), number in any::<u32>()
    ) {
        let rogue = security::RogueEvent {
            rogue_id: Some(security::MacAddress { addr: Some(mac.clone()) }),
            classification: Some(number),
            ssid: Some(ssid.clone()),
            rogue_name: name.clone().map(Into::into),
            ..security::RogueEvent::default()
        };
        let message = security::RapidsStreamingEvent { cust_id: None, rogue: vec![rogue], ids_event: vec![] };
        let events = undated(&envelope(Topic::Security, message.encode_to_vec())).unwrap();
        let event = &events[0];
        let text = |field: &str| event.get(field).unwrap().as_text().map(str::to_owned);
        prop_assert_eq!(event.get("classification").unwrap().as_int(), Some(i64::from(number)));
        prop_assert_eq!(text("ssid").unwrap(), String::from_utf8_lossy(&ssid));
        prop_assert_eq!(text("rogue_name"), name);
        let hexadecimal = mac.iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(":");
        prop_assert_eq!(text("rogue_id").unwrap(), hexadecimal);
    }
}
