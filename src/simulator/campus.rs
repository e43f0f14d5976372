//! The campus: six buildings of access points, and who walks about in them. Chosen by a seed.

use fastrand::Rng;

/// Our own networks.
pub const SSIDS: [&str; 4] = ["eduroam", "campus-staff", "campus-guest", "campus-iot"];
/// The device to watch for, whatever the seed.
pub const WATCHED: Mac = [0x02, 0xde, 0x70, 0xc5, 0x1a, 0x01];
/// Access points in each building.
const APS_PER_BUILDING: usize = 8;

/// A MAC address.
pub type Mac = [u8; 6];

/// A building and the group its devices are configured in.
#[derive(Debug)]
pub struct Building {
    pub code: &'static str,
    pub group: &'static str,
    pub floors: u8,
    /// Where its south-west corner is.
    pub latitude: f64,
    pub longitude: f64,
}

/// The buildings.
pub const BUILDINGS: [Building; 6] = [
    Building { code: "LIB", group: "library", floors: 4, latitude: 47.3764, longitude: 8.5481 },
    Building { code: "ENG", group: "engineering", floors: 4, latitude: 47.3771, longitude: 8.5468 },
    Building { code: "MED", group: "medical", floors: 2, latitude: 47.3779, longitude: 8.5493 },
    Building { code: "ART", group: "arts", floors: 2, latitude: 47.3758, longitude: 8.5502 },
    Building { code: "DORM", group: "dorms", floors: 8, latitude: 47.3746, longitude: 8.5519 },
    Building { code: "ADM", group: "admin", floors: 2, latitude: 47.3767, longitude: 8.5460 },
];

/// An access point.
#[derive(Debug)]
pub struct Ap {
    pub serial: String,
    /// Building, floor and number: `LIB-2-AP03`.
    pub name: String,
    pub mac: Mac,
    /// The BSSIDs of its 2.4 GHz and 5 GHz radios.
    pub radios: [Mac; 2],
    pub ip: [u8; 4],
    pub model: &'static str,
    pub building: usize,
    pub floor: u8,
    /// Metres on its floor's plan.
    pub x: f32,
    pub y: f32,
}

impl Ap {
    /// The group it is configured in.
    pub fn group(&self) -> &'static str {
        BUILDINGS.get(self.building).map_or("", |building| building.group)
    }
}

/// Who carries a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Staff,
    Student,
    /// Passes by, mostly without joining a network.
    Visitor,
    /// Nobody: a thing.
    Thing,
}

/// A station.
#[derive(Debug)]
pub struct Client {
    pub mac: Mac,
    pub role: Role,
    /// `mira.keller@campus.example`; empty for who never says.
    pub user: String,
    /// What it calls itself.
    pub name: String,
    pub os: &'static str,
    pub vendor: &'static str,
    pub ip: [u8; 4],
    pub ssid: &'static str,
    /// The index of the access point it is usually near.
    pub home: usize,
    pub associated: bool,
}

/// The whole.
#[derive(Debug)]
pub struct Campus {
    pub aps: Vec<Ap>,
    pub clients: Vec<Client>,
    /// The serial of a device that lies in a cupboard: the one that is removed.
    pub spare: String,
}

impl Campus {
    /// The campus of a seed: 48 access points, 420 stations. MACs of access points and names of places are the same
    /// for every seed; serial numbers and people are not.
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed ^ 0x00c0_ffee);
        let mut aps = Vec::new();
        for (building, place) in BUILDINGS.iter().enumerate() {
            for number in 0..APS_PER_BUILDING {
                aps.push(ap(building, place, number, &mut rng));
            }
        }
        let spare = serial(&mut rng);
        let clients = (0..420).map(|number| client(number, aps.len(), &mut rng)).collect();
        Self { aps, clients, spare }
    }

    /// The access point a story's part is given to; any number will do.
    pub fn ap(&self, index: usize) -> &Ap {
        &self.aps[index % self.aps.len()] // `new` makes 48
    }

    /// Whom an access point hears in a given minute: those at home there and those who have come over.
    pub fn near(&self, ap: usize, minute: u64) -> impl Iterator<Item = (usize, &Client)> {
        self.clients.iter().enumerate().filter(move |(number, client)| self.whereabouts(*number, client, minute) == ap)
    }

    /// The access point a station is near in a given minute: one minute in six it is next door.
    fn whereabouts(&self, number: usize, client: &Client, minute: u64) -> usize {
        let walk = (number as u64 * 7 + minute) % 6;
        if client.role != Role::Thing && walk == 0 { (client.home + 1) % self.aps.len() } else { client.home }
    }
}

fn ap(building: usize, place: &Building, number: usize, rng: &mut Rng) -> Ap {
    let floor = (number % usize::from(place.floors)) as u8;
    let (high, low) = (building as u8, number as u8);
    Ap {
        serial: serial(rng),
        name: format!("{}-{}-AP{:02}", place.code, floor, number + 1),
        mac: [0x20, 0x4c, 0x03, 0x0a, high, low],
        radios: [[0x20, 0x4c, 0x03, 0x8a, high, low << 4], [0x20, 0x4c, 0x03, 0x8a, high, low << 4 | 1]],
        ip: [10, 10, high, 10 + low],
        model: ["AP-515", "AP-635", "AP-535"][building % 3],
        building,
        floor,
        x: 6.0 + 14.0 * (number % 4) as f32,
        y: 5.0 + 11.0 * (number / 4) as f32,
    }
}

fn serial(rng: &mut Rng) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
    let mut serial = String::from("CN");
    serial.extend((0..8).map(|_| char::from(LETTERS[rng.usize(..LETTERS.len())])));
    serial
}

const FIRST: [&str; 24] = [
    "mira", "jonas", "lea", "noah", "aylin", "tomas", "ines", "samuel", "priya", "luca", "hanna", "omar", "clara",
    "felix", "yuki", "david", "nora", "emil", "sofia", "marek", "anouk", "levi", "zoe", "karim",
];
const LAST: [&str; 20] = [
    "keller", "meier", "rossi", "brandt", "okafor", "novak", "tanaka", "silva", "weber", "dubois", "haddad", "larsen",
    "petrov", "fischer", "moreau", "gupta", "costa", "nilsen", "bauer", "kaya",
];

fn client(number: usize, aps: usize, rng: &mut Rng) -> Client {
    let role = match number % 10 {
        0..=2 => Role::Staff,
        3..=6 => Role::Student,
        7..=8 => Role::Visitor,
        _ => Role::Thing,
    };
    let (first, last) = (FIRST[rng.usize(..FIRST.len())], LAST[rng.usize(..LAST.len())]);
    let (os, vendor, oui) = match role {
        Role::Thing => {
            [("Linux", "Raspberry Pi", [0xb8, 0x27, 0xeb]), ("RTOS", "HP Inc", [0x3c, 0x52, 0x82])][rng.usize(..2)]
        }
        _ => [
            ("iOS", "Apple", [0xf0, 0x18, 0x98]),
            ("macOS", "Apple", [0x3c, 0x22, 0xfb]),
            ("Windows 11", "Intel", [0x8c, 0x8d, 0x28]),
            ("Android", "Samsung", [0xa8, 0x2b, 0xb9]),
        ][rng.usize(..4)],
    };
    let tail = [(number >> 8) as u8, number as u8, rng.u8(..)];
    // Who only passes by shows a random, locally administered address.
    let mac = match role {
        Role::Visitor => [rng.u8(..) & 0xfc | 0x02, rng.u8(..), rng.u8(..), tail[0], tail[1], tail[2]],
        _ => [oui[0], oui[1], oui[2], tail[0], tail[1], tail[2]],
    };
    let (user, name, ssid) = match role {
        Role::Staff => (format!("{first}.{last}@campus.example"), format!("{first}-laptop"), "campus-staff"),
        Role::Student => (format!("{first}.{last}@student.campus.example"), format!("{first}-phone"), "eduroam"),
        Role::Visitor => (String::new(), String::new(), "campus-guest"),
        Role::Thing => (String::new(), format!("printer-{number:03}"), "campus-iot"),
    };
    Client {
        mac,
        role,
        user,
        name,
        os,
        vendor,
        ip: [10, 32, (number >> 8) as u8, number as u8],
        ssid,
        home: rng.usize(..aps),
        associated: role != Role::Visitor || rng.u8(..3) == 0,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seed_gives_one_campus_and_everyone_differs() {
        let campus = Campus::new(7);
        assert_eq!(format!("{campus:?}"), format!("{:?}", Campus::new(7)));
        assert_ne!(campus.ap(0).serial, Campus::new(8).ap(0).serial);
        assert_eq!(campus.aps.len(), 48);
        assert_eq!(campus.aps.iter().map(|ap| &ap.serial).collect::<BTreeSet<_>>().len(), 48);
        assert_eq!(campus.clients.iter().map(|client| client.mac).collect::<BTreeSet<_>>().len(), 420);
    }
}
