//! A frame without what names people, devices and places: the same thing is always given the same other name.

use std::{
    collections::BTreeSet,
    hash::{BuildHasher, RandomState},
};

use sha2::{Digest, Sha256};

use super::{
    frame,
    layout::{self, Layout, Read, Shape, Slot},
    location,
    reader::{Broken, Octets, Raw, Reader},
};
use crate::event::Topic;

/// Fields whose texts are the vendor's own words, not anybody's names: rules ask for them, and they stay.
const WORDS: &[&str] = &[
    "addr_mode",
    "app_cat",
    "app_name",
    "attack_type",
    "channel",
    "connection",
    "containment_status",
    "device_type",
    "event",
    "event_type",
    "firmware_version",
    "first_seen",
    "isl_port",
    "key",
    "last_seen",
    "level",
    "mac_vendor",
    "manufacturer",
    "mesh_role",
    "mode",
    "model",
    "os_type",
    "port",
    "port_number",
    "primary_vlan_type",
    "protocol",
    "radio_band",
    "remote_port",
    "remote_port_number",
    "security",
    "setting_id",
    "slot",
    "sub_type",
    "type",
    "vlan",
    "web_cat",
    "web_rep",
];
/// Fields of sentences: names in them are replaced, the rest stays.
const SENTENCES: &[&str] = &["data", "description", "detailed_data", "oper_state_reason"];
/// The shortest name that is looked for in sentences.
const SHORTEST: usize = 3;

/// Who is called what from now on.
#[derive(Debug)]
pub struct Mask {
    key: [u8; 32],
    /// What fields have as names, to be found in sentences; longest first when they are used.
    names: BTreeSet<String>,
}

impl Default for Mask {
    /// With names that nobody can find out again: they differ every time.
    fn default() -> Self {
        let mut hash = Sha256::new();
        for _ in 0..4 {
            // Keyed by the system's own randomness.
            hash.update(RandomState::new().hash_one(0).to_le_bytes());
        }
        Self { key: hash.finalize().into(), names: BTreeSet::new() }
    }
}

impl Mask {
    /// Looks for the names in a frame, so that sentences that hold them can be masked. To be shown every frame before
    /// the first is masked.
    pub fn learn(&mut self, connection: Topic, bytes: &[u8]) {
        let mut names = BTreeSet::new();
        // Of a broken frame, those before the flaw.
        let _ = self.rewrite(connection, bytes, Some(&mut names));
        self.names.append(&mut names);
    }

    /// The frame with other names; without the fields that nobody knows, which may hold anything. One that cannot be
    /// read becomes empty: that cannot be read either.
    pub fn frame(&self, connection: Topic, bytes: &[u8]) -> Vec<u8> {
        if super::frame(Some(connection), 0, jiff::Timestamp::UNIX_EPOCH, bytes).is_err() {
            return Vec::new();
        }
        self.rewrite(connection, bytes, None).unwrap_or_default()
    }

    fn rewrite(
        &self,
        connection: Topic,
        bytes: &[u8],
        names: Option<&mut BTreeSet<String>>,
    ) -> Result<Vec<u8>, Broken> {
        let topic = frame::Envelope::open(bytes).ok().and_then(|envelope| envelope.topic(Some(connection)).ok());
        let mut writing = Writing { mask: self, names, out: Vec::with_capacity(bytes.len()) };
        let mut reader = Reader::new(Octets::frame(bytes));
        while let Some(field) = reader.field()? {
            let whole = &bytes[field.start..field.end];
            match (field.number, field.raw) {
                (3, Raw::Bytes(data)) => {
                    let inner = writing.inner(|inner| inner.message(topic.unwrap_or(connection), data))?;
                    writing.put(3, &inner);
                }
                (5 | 6, Raw::Bytes(text)) => {
                    let name = self.name(&String::from_utf8_lossy(text.bytes));
                    writing.put(field.number, name.as_bytes());
                }
                (2 | 4, _) => writing.out.extend_from_slice(whole),
                _ => {}
            }
        }
        Ok(writing.out)
    }

    /// What text is called: as an address if it is one, so that it is the same wherever it stands; else as a name.
    pub fn name(&self, text: &str) -> String {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return text.to_owned();
        }
        if let Some((octets, between)) = mac_of(trimmed) {
            let masked = self.mac(&octets);
            let upper = trimmed.chars().any(|letter| letter.is_ascii_uppercase());
            let pairs = masked.iter().map(|octet| if upper { format!("{octet:02X}") } else { format!("{octet:02x}") });
            return pairs.collect::<Vec<_>>().join(between);
        }
        if let Ok(address) = trimmed.parse::<std::net::IpAddr>() {
            return match address {
                std::net::IpAddr::V4(address) => std::net::Ipv4Addr::from(self.octets(address.octets())).to_string(),
                std::net::IpAddr::V6(address) => std::net::Ipv6Addr::from(self.octets(address.octets())).to_string(),
            };
        }
        let sum = self.sum("name", trimmed.as_bytes());
        let number = sum.iter().take(5).fold(0_u64, |number, octet| number << 8 | u64::from(*octet));
        format!("n{number:010x}")
    }

    /// A hardware address that stays local or global, and one's own or a group's: that is no name.
    fn mac(&self, octets: &[u8]) -> Vec<u8> {
        let sum = self.sum("mac", octets);
        let mut masked: Vec<u8> = sum.iter().copied().cycle().take(octets.len()).collect();
        if let (Some(first), Some(was)) = (masked.first_mut(), octets.first()) {
            *first = *first & 0xfc | was & 0x03;
        }
        masked
    }

    fn octets<const N: usize>(&self, octets: [u8; N]) -> [u8; N] {
        let sum = self.sum("address", &octets);
        let mut masked = [0; N];
        for (to, from) in masked.iter_mut().zip(sum) {
            *to = from;
        }
        masked
    }

    fn sum(&self, what: &str, of: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(self.key).chain_update(what).chain_update([0]).chain_update(of).finalize().into()
    }

    /// A sentence: names that a field has somewhere, and whatever looks like an address, a number of a device or a mail
    /// address, are replaced.
    fn sentence(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        let mut names: Vec<&String> = self.names.iter().filter(|name| text.contains(name.as_str())).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let mut made = BTreeSet::new();
        for name in names {
            let other = self.name(name);
            masked = masked.replace(name.as_str(), &other);
            made.insert(other);
        }
        let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, ':' | '.' | '-' | '_' | '@');
        let mut out = String::with_capacity(masked.len());
        let mut rest = masked.as_str();
        while !rest.is_empty() {
            let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let bare = word.trim_end_matches(['.', ':', '-']);
            if is_named(bare) && !made.contains(bare) {
                out.push_str(&self.name(bare));
                out.push_str(&word[bare.len()..]);
            } else {
                out.push_str(word);
            }
            let between = after.find(is_part).unwrap_or(after.len());
            out.push_str(&after[..between]);
            rest = &after[between..];
        }
        out
    }
}

/// A word that is no word: an address, a number, a mail address, a device's name with digits in it.
fn is_named(word: &str) -> bool {
    let digits = word.chars().any(|letter| letter.is_ascii_digit());
    let letters = word.chars().any(char::is_alphabetic);
    word.contains('@') || word.contains('_') || (digits && (letters || word.contains(['.', ':', '-'])))
}

/// The octets of a hardware address as text, and what stands between them.
fn mac_of(text: &str) -> Option<([u8; 6], &'static str)> {
    let between = match text.len() {
        12 => "",
        17 if text.contains(':') => ":",
        17 if text.contains('-') => "-",
        _ => return None,
    };
    let digits: String = if between.is_empty() { text.to_owned() } else { text.split(between).collect() };
    if digits.len() != 12 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut octets = [0; 6];
    for (place, octet) in octets.iter_mut().enumerate() {
        *octet = u8::from_str_radix(&digits[place * 2..place * 2 + 2], 16).ok()?;
    }
    Some((octets, between))
}

/// A message being written anew.
struct Writing<'a> {
    mask: &'a Mask,
    /// Where names are collected, if they are.
    names: Option<&'a mut BTreeSet<String>>,
    out: Vec<u8>,
}

impl Writing<'_> {
    /// What is inside a field, written by itself.
    fn inner(&mut self, write: impl FnOnce(&mut Writing<'_>) -> Result<(), Broken>) -> Result<Vec<u8>, Broken> {
        let mut inner = Writing { mask: self.mask, names: self.names.as_deref_mut(), out: Vec::new() };
        write(&mut inner)?;
        Ok(inner.out)
    }

    fn message(&mut self, topic: Topic, data: Octets<'_>) -> Result<(), Broken> {
        let shape: &Shape = match topic {
            Topic::Security => &layout::SHAPE_SECURITY,
            Topic::Presence => &layout::SHAPE_PRESENCE,
            Topic::Apprf => &layout::SHAPE_APPRF,
            Topic::Monitoring => &layout::SHAPE_MONITORING,
            Topic::Audit => &layout::SHAPE_AUDIT,
            Topic::Location => return self.fields(location::tell(data)?.1.layout, data),
        };
        self.level(shape, &[], data)
    }

    /// A message on the way down to records, `path` from the top.
    fn level(&mut self, shape: &Shape, path: &[u32], data: Octets<'_>) -> Result<(), Broken> {
        let mut reader = Reader::new(data);
        while let Some(field) = reader.field()? {
            let down: Vec<u32> = path.iter().copied().chain([field.number]).collect();
            let below = shape.records.iter().find(|records| records.path.starts_with(&down));
            match (below, field.raw, shape.around) {
                (Some(records), Raw::Bytes(inside), _) => {
                    let inner = self.inner(|inner| {
                        if records.path == down {
                            inner.fields(records.layout, inside)
                        } else {
                            inner.level(shape, &down, inside)
                        }
                    })?;
                    self.put(field.number, &inner);
                }
                (None, _, Some(around)) if path.is_empty() => {
                    self.field(around, data, field.number, field.raw, field.start, field.end)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn fields(&mut self, layout: &Layout, data: Octets<'_>) -> Result<(), Broken> {
        let mut reader = Reader::new(data);
        while let Some(field) = reader.field()? {
            self.field(layout, data, field.number, field.raw, field.start, field.end)?;
        }
        Ok(())
    }

    fn field(
        &mut self,
        layout: &Layout,
        data: Octets<'_>,
        number: u32,
        raw: Raw<'_>,
        start: usize,
        end: usize,
    ) -> Result<(), Broken> {
        let Some(slot) = layout.place(number).map(|place| &layout.slots[place]) else { return Ok(()) };
        match (&slot.read, raw) {
            (Read::Text, Raw::Bytes(text)) => {
                let text = self.text(slot, text.bytes);
                self.put(number, text.as_bytes());
            }
            (Read::Mac, Raw::Bytes(inside)) => {
                let masked = self.inside(inside, 1, Mask::mac)?;
                self.put(number, &masked);
            }
            (Read::Address, Raw::Bytes(inside)) => {
                let masked = self.inside(inside, 2, |mask, octets| match octets.len() {
                    4 => mask.octets::<4>([octets[0], octets[1], octets[2], octets[3]]).to_vec(),
                    _ => mask.sum("address", octets).iter().copied().cycle().take(octets.len()).collect(),
                })?;
                self.put(number, &masked);
            }
            (Read::Message(below), Raw::Bytes(inside)) => {
                let inner = self.inner(|inner| inner.fields(below, inside))?;
                self.put(number, &inner);
            }
            // Numbers, alone or many in one; what else is there has no business to be.
            (_, Raw::Group) => {}
            (_, Raw::Bytes(_)) if !slot.repeated => {}
            _ => self.out.extend_from_slice(&data.bytes[start - data.start..end - data.start]),
        }
        Ok(())
    }

    fn text(&mut self, slot: &Slot, octets: &[u8]) -> String {
        let text = String::from_utf8_lossy(octets);
        if WORDS.contains(&slot.name) {
            return text.into_owned();
        }
        if SENTENCES.contains(&slot.name) {
            return if self.names.is_some() { String::new() } else { self.mask.sentence(&text) };
        }
        if let Some(names) = self.names.as_deref_mut()
            && text.trim().len() >= SHORTEST
        {
            names.insert(text.trim().to_owned());
        }
        self.mask.name(&text)
    }

    /// A message around octets that are a name: those of the field of this number.
    fn inside(
        &self,
        message: Octets<'_>,
        number: u32,
        masked: impl Fn(&Mask, &[u8]) -> Vec<u8>,
    ) -> Result<Vec<u8>, Broken> {
        let mut out = Writing { mask: self.mask, names: None, out: Vec::new() };
        let mut reader = Reader::new(message);
        while let Some(field) = reader.field()? {
            match field.raw {
                Raw::Bytes(octets) if field.number == number => out.put(number, &masked(self.mask, octets.bytes)),
                Raw::Varint(_) => {
                    let at = field.start - message.start..field.end - message.start;
                    out.out.extend_from_slice(&message.bytes[at]);
                }
                _ => {}
            }
        }
        Ok(out.out)
    }

    fn put(&mut self, number: u32, octets: &[u8]) {
        self.varint(u64::from(number << 3 | 2));
        self.varint(octets.len() as u64);
        self.out.extend_from_slice(octets);
    }

    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.out.push(number as u8);
    }
}
