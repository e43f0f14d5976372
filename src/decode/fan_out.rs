//! A topic's message to its records: one event each.

use super::{
    DecodeError, MAX_RECORDS,
    layout::{Layout, Records, Shape},
    reader::{Broken, Field, Flaw, Octets, Raw, Reader},
    record::{self, Building, Values},
};
use crate::event::{Kind, Value};

/// A record as the events are made of: its own values and those of the message around it, in the kind's order.
#[derive(Debug)]
pub(super) struct Record {
    pub kind: &'static Kind,
    pub read: Values,
}

impl Record {
    /// One with every field absent.
    pub fn without_values(kind: &'static Kind) -> Self {
        Self { kind, read: Values { values: vec![Value::Absent; kind.fields.len()], ..Values::default() } }
    }
}

/// A topic's message taken apart.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    /// What stands around the records.
    pub around: Values,
    /// The records in the order of the wire, each still as bytes.
    pub records: Vec<(&'static Records, Octets<'a>)>,
}

/// What may be wrong with a topic's message.
#[derive(Debug)]
pub(super) enum Fault {
    Broken(Broken),
    TooManyRecords,
}

impl From<Broken> for Fault {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// Takes a topic's message apart.
pub(super) fn parts<'a>(shape: &'static Shape, message: Octets<'a>) -> Result<Parts<'a>, Fault> {
    static NOTHING: Layout = Layout::NOTHING;
    let mut around = Building::new(shape.around.unwrap_or(&NOTHING));
    let mut records = Vec::new();
    let any = walk(
        shape,
        message,
        |field| around.take(field),
        |holder, octets| {
            records.push((holder, octets));
            records.len()
        },
    )?;
    let mut around = around.finish();
    around.any |= any;
    Ok(Parts { around, records })
}

/// Goes through a topic's message: `around` is told each field that holds no records, `record` each record, and says how
/// many there are with it. Whether any field holds records.
pub(super) fn walk<'a>(
    shape: &'static Shape,
    message: Octets<'a>,
    mut around: impl FnMut(&Field<'a>) -> Result<(), Broken>,
    mut record: impl FnMut(&'static Records, Octets<'a>) -> usize,
) -> Result<bool, Fault> {
    let mut any = false;
    let mut reader = Reader::new(message);
    while let Some(field) = reader.field()? {
        let holder = shape.records.iter().find(|records| records.path.first() == Some(&field.number));
        let Some(holder) = holder else {
            around(&field)?;
            continue;
        };
        let Raw::Bytes(inside) = field.raw else {
            return Err(Broken { what: Flaw::Type, at: field.start }.into());
        };
        any = true;
        descend(holder, &holder.path[1..], inside, &mut record)?;
    }
    Ok(any)
}

/// Follows the rest of the path to the records themselves.
fn descend<'a>(
    holder: &'static Records,
    path: &[u32],
    octets: Octets<'a>,
    record: &mut impl FnMut(&'static Records, Octets<'a>) -> usize,
) -> Result<(), Fault> {
    let enough = |records: usize| if records > MAX_RECORDS { Err(Fault::TooManyRecords) } else { Ok(()) };
    let Some((number, rest)) = path.split_first() else { return enough(record(holder, octets)) };
    let mut left = octets;
    while !left.bytes.is_empty() {
        if let Some(inside) = left.held(*number) {
            // Almost always the path ends here.
            if rest.is_empty() {
                enough(record(holder, inside))?;
            } else {
                descend(holder, rest, inside, record)?;
            }
            left = left.after(2 + inside.bytes.len());
            continue;
        }
        let Some(field) = Reader::new(left).field()? else { break };
        match field.raw {
            Raw::Bytes(inside) if field.number == *number => descend(holder, rest, inside, record)?,
            _ if field.number == *number => return Err(Broken { what: Flaw::Type, at: field.start }.into()),
            _ => {}
        }
        left = left.after(field.end - left.start);
    }
    Ok(())
}

/// A record with what stands around it.
pub(super) fn complete(records: &'static Records, octets: Octets, around: &Values) -> Result<Record, Broken> {
    let mut read = record::read(records.layout, octets)?;
    for (place, own) in records.instead {
        if read.values[*own].is_absent() {
            read.values[*own] = around.values.get(*place).cloned().unwrap_or_default();
        }
    }
    read.values.extend(records.around.iter().filter_map(|place| around.values.get(*place).cloned()));
    read.time = read.time.or(around.time);
    for mark in &around.marks {
        record::mark(&mut read.marks, mark.field, mark.kind);
    }
    Ok(Record { kind: records.kind(), read })
}

/// Every record of a message whose records are lists in it: security, presence, apprf, monitoring.
pub(super) fn lists(shape: &'static Shape, message: Octets) -> Result<Option<Vec<Record>>, Fault> {
    let parts = parts(shape, message)?;
    if !parts.around.any {
        return Ok(None);
    }
    let records = parts.records.iter().map(|(records, octets)| complete(records, *octets, &parts.around));
    Ok(Some(records.collect::<Result<_, _>>()?))
}

impl Fault {
    /// In words, with the part of the frame that was being read.
    pub fn explain(self, part: &str) -> DecodeError {
        match self {
            Self::Broken(broken) => DecodeError::broken(part, broken),
            Self::TooManyRecords => DecodeError::too_many_records(MAX_RECORDS),
        }
    }
}
