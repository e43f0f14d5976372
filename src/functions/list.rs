//! Lists: one entry a line, in `lists/` beside the rules.

use core::net::IpAddr;
use std::{
    collections::{BTreeMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString};
use serde::{Deserialize, Serialize};

use super::{Example, Function, Gives, Surroundings, address::Network, cannot_tell, table};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "list",
        signature: "list(name)",
        gives: Gives::Texts,
        says: "The entries of a list, in the order of its file. A list is rules/lists/NAME.txt, one entry a line, or NAME.csv, of which the first column counts; list(\"NAME.COLUMN\") is another column of it, by the name that the file's first line gives it. What follows # is a remark.",
        unknown: "A list that is not there is a mistake that the checker names; if it goes while the rule runs, the rule cannot tell.",
        example: Example::new(
            "audit.configuration",
            r#"event.username in list("contractors")"#,
            &[(r#"username = "mira""#, true), (r#"username = "jonas""#, false), (r#"target = "campus-staff""#, false)],
        )
        .lists(&[("contractors", &["mira", "lee"])]),
    },
    Function {
        name: "in_list",
        signature: "in_list(name, value)",
        gives: Gives::Truth,
        says: "The list has that entry, whatever its case and however a MAC is written; in_list(\"devices.serial\", value) asks the column serial of devices.csv. An entry such as 10.20.0.0/16 stands for every address in it.",
        unknown: "False for an absent value. A list that is not there: as with list.",
        example: Example::new(
            "security.rogue",
            r#"in_list("our-aps", event.rogue_id)"#,
            &[
                (r#"rogue_id = "20:4c:03:12:34:56""#, true),
                (r#"rogue_id = "d8:07:b6:5e:1c:40""#, false),
                (r#"ssid = "eduroam""#, false),
            ],
        )
        .lists(&[("our-aps", &["204C.0312.3456"])]),
    },
];

/// The lists that rules may name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lists(BTreeMap<String, Arc<List>>);

/// The entries of one list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<Arc<str>>", into = "Vec<Arc<str>>")]
pub struct List {
    entries: Vec<Arc<str>>,
    folded: HashSet<String>,
    networks: Vec<Network>,
}

impl Lists {
    /// Adds a list from its file's text; `csv` if the file is one, of which the first column counts, and each column
    /// that its first line names is a list `NAME.COLUMN`.
    pub fn add(&mut self, name: &str, text: &str, csv: bool) {
        self.0.insert(name.into(), Arc::new(entries(text, csv).into()));
        for (column, entries) in if csv { table::columns(text) } else { Vec::new() } {
            // A file of that name is meant rather than a column.
            self.0.entry(format!("{name}.{column}")).or_insert_with(|| Arc::new(entries.into()));
        }
    }

    /// Puts a list of these entries in the place of the one of that name, if there is one.
    pub fn set(&mut self, name: &str, entries: Vec<Arc<str>>) {
        self.0.insert(name.into(), Arc::new(entries.into()));
    }

    /// The list of that name.
    pub fn get(&self, name: &str) -> Option<&List> {
        self.0.get(name).map(Arc::as_ref)
    }

    /// The same, to be kept.
    pub fn shared(&self, name: &str) -> Option<&Arc<List>> {
        self.0.get(name)
    }

    /// The names of a list's columns, in order.
    pub fn columns<'l>(&'l self, name: &'l str) -> impl Iterator<Item = &'l str> {
        self.names().filter_map(move |known| known.strip_prefix(name)?.strip_prefix('.'))
    }

    /// What to say when there is no list of that name: what is missing, and what there is instead, if it is a column.
    pub fn missing(&self, name: &str) -> (String, Option<String>) {
        if let Some((file, column)) = name.rsplit_once('.')
            && self.get(file).is_some()
        {
            let columns: Vec<&str> = self.columns(file).collect();
            let known = match &columns[..] {
                [] => format!("The columns of {file}.csv have names if its first line names them: name,serial."),
                columns => format!("Its columns are {}.", columns.join(", ")),
            };
            return (format!("The list \"{file}\" has no column \"{column}\"."), Some(known));
        }
        (format!("There is no list \"{name}\"."), None)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl List {
    /// The entries in the order of the file.
    pub fn entries(&self) -> &[Arc<str>] {
        &self.entries
    }

    /// Whether the list has it: see [`fold`]; an address also by a network that holds it.
    pub fn has(&self, value: &str) -> bool {
        self.folded.contains(&fold(value))
            || !self.networks.is_empty()
                && value.parse::<IpAddr>().is_ok_and(|address| self.networks.iter().any(|net| net.holds(address)))
    }
}

impl From<Vec<Arc<str>>> for List {
    fn from(entries: Vec<Arc<str>>) -> Self {
        let folded = entries.iter().map(|entry| fold(entry)).collect();
        let networks = entries.iter().filter(|e| e.contains('/')).filter_map(|entry| Network::parse(entry)).collect();
        Self { entries, folded, networks }
    }
}

impl From<List> for Vec<Arc<str>> {
    fn from(list: List) -> Self {
        list.entries
    }
}

/// The one form in which entries are compared: lower case, a MAC as `aa:bb:cc:dd:ee:ff` however it was written
/// (`AABB.CCDD.EEFF`, `aa-bb-…`).
pub fn fold(text: &str) -> String {
    let text = text.trim();
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    if digits.len() == 12 && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        let digits = digits.to_ascii_lowercase();
        let pairs: Vec<&str> = (0..6).map(|pair| &digits[pair * 2..pair * 2 + 2]).collect();
        return pairs.join(":");
    }
    text.to_lowercase()
}

/// The entries of a file: without empty lines, comments (`#` at the start or after a space), quotes of a CSV.
fn entries(text: &str, csv: bool) -> Vec<Arc<str>> {
    text.trim_start_matches('\u{feff}')
        .lines()
        .map(|line| if csv { table::first_cell(line) } else { line.into() })
        .filter_map(|line| entry(&line).map(Arc::from))
        .collect()
}

/// What a line or a cell says beside its remark, if it says something.
pub(super) fn entry(text: &str) -> Option<&str> {
    let text = text.trim();
    let end = text.find(" #").or_else(|| text.find("\t#")).unwrap_or(text.len());
    let entry = text[..end].trim_end();
    (!entry.is_empty() && !entry.starts_with('#')).then_some(entry)
}

/// What to say when a rule names a list that is not there.
fn missing(lists: &Lists, name: &str) -> String {
    let (missing, instead) = lists.missing(name);
    format!(
        "{missing} {}",
        instead.unwrap_or_else(|| format!("Add lists/{name}.txt in the folder of the rules, one entry a line."))
    )
}

pub(super) fn register(engine: &mut Engine, surroundings: &Rc<Surroundings>) {
    let known = Rc::clone(surroundings);
    engine.register_fn("list", move |name: &str| match known.lists.get(name) {
        Some(list) => Ok(list.entries.iter().map(|entry| ImmutableString::from(&**entry).into()).collect::<Array>()),
        None => Err(cannot_tell(missing(&known.lists, name))),
    });
    let known = Rc::clone(surroundings);
    engine.register_fn("in_list", move |name: &str, value: Dynamic| -> Result<bool, Box<EvalAltResult>> {
        let list = known.lists.get(name).ok_or_else(|| cannot_tell(missing(&known.lists, name)))?;
        Ok(match value.as_immutable_string_ref() {
            Ok(text) => list.has(&text),
            Err(_) => (value.is_int() || value.is_float()) && list.has(&value.to_string()),
        })
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;

    #[test]
    fn entries_are_compared_in_one_form() {
        let mut lists = Lists::default();
        lists.add("aps", "# ours\n\nAA-BB-CC-DD-EE-01   # lobby\naabb.ccdd.ee02\nCampus-Guest\n10.20.0.0/16\n", false);
        lists.add("people", "\u{feff}\"Mira, \"\"M\"\"\",admin\njonas;x\n# nobody\n", true);
        let aps = lists.get("aps").unwrap();
        for there in ["aa:bb:cc:dd:ee:01", "AA:BB:CC:DD:EE:02", "campus-guest", "10.20.3.4", "10.20.0.0/16"] {
            assert!(aps.has(there), "{there}");
        }
        for not in ["aa:bb:cc:dd:ee:03", "10.21.0.1", "", "# ours"] {
            assert!(!aps.has(not), "{not}");
        }
        let people: Vec<&str> = lists.get("people").unwrap().entries().iter().map(|entry| &**entry).collect();
        assert_eq!(people, ["Mira, \"M\"", "jonas"]);
    }

    #[test]
    fn a_column_is_a_list_by_its_name() {
        let mut lists = Lists::default();
        let text = "# from the inventory\nname,Serial , MAC\n\"Lobby, east\",CN01,AABB.CCDD.EE01\n# gone: x,CN09,y\nAtrium,,\nHall,CN02 # old,\n";
        lists.add("devices", text, true);
        assert_eq!(lists.names().collect::<Vec<_>>(), ["devices", "devices.MAC", "devices.Serial", "devices.name"]);
        let entries = |name: &str| lists.get(name).unwrap().entries().join("|");
        assert_eq!(entries("devices"), "name|Lobby, east|Atrium|Hall");
        assert_eq!(entries("devices.name"), "Lobby, east|Atrium|Hall");
        assert_eq!(entries("devices.Serial"), "CN01|CN02");
        assert!(lists.get("devices.MAC").unwrap().has("aa:bb:cc:dd:ee:01"));
        assert!(lists.get("devices.serial").is_none());
        assert_eq!(lists.missing("devices.serial").1.unwrap(), "Its columns are MAC, Serial, name.");
        // Of a file without a heading, the first line is an entry as any other.
        for (text, csv) in
            [("aa:bb:cc:dd:ee:01,lobby\nb,c\n", true), ("a,b\n", true), ("a\nb\n", true), ("a,b\nc,d\n", false)]
        {
            let mut lists = Lists::default();
            lists.add("plain", text, csv);
            assert_eq!(lists.names().collect::<Vec<_>>(), ["plain"], "{text}");
        }
    }

    #[test]
    fn lists_survive_the_log() {
        let mut lists = Lists::default();
        lists.add("aps", "aa:bb:cc:dd:ee:01\n10.0.0.0/8", false);
        let text = serde_json::to_string(&lists).unwrap();
        assert_eq!(text, r#"{"aps":["aa:bb:cc:dd:ee:01","10.0.0.0/8"]}"#);
        assert_eq!(serde_json::from_str::<Lists>(&text).unwrap(), lists);
    }
}
