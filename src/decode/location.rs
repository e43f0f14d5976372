//! Location: the message is the record, and nothing says which of two messages it is but the fields that are there.

use super::{
    fan_out::{self, Fault, Record},
    layout::{self, Read, Records, Shape, Slot},
    reader::{Broken, Octets, Raw, Reader},
    record::Values,
};

/// The one record of a location message; `None` if no field of it is known.
pub(super) fn records(message: Octets) -> Result<Option<Vec<Record>>, Fault> {
    let record = fan_out::complete(tell(message)?.1, message, &Values::default())?;
    Ok(record.read.any.then(|| vec![record]))
}

/// Which of the two messages more of the fields belong to; a position where that does not tell.
pub(super) fn tell(message: Octets) -> Result<(&'static Shape, &'static Records), Broken> {
    let (mut position, mut geofence) = (0_u32, 0_u32);
    let shapes = [&layout::SHAPE_LOCATION_POSITION, &layout::SHAPE_LOCATION_GEOFENCE];
    let [positions, geofences] = shapes.map(only);
    let mut reader = Reader::new(message);
    while let Some(field) = reader.field()? {
        position += u32::from(fits(positions, field.number, field.raw));
        geofence += u32::from(fits(geofences, field.number, field.raw));
    }
    Ok(if geofence > position { (shapes[1], geofences) } else { (shapes[0], positions) })
}

fn only(shape: &'static Shape) -> &'static Records {
    &shape.records[0]
}

/// Whether a field of this number and wire type belongs to the message.
fn fits(records: &Records, number: u32, raw: Raw) -> bool {
    let of_type = |slot: &Slot| match slot.read {
        Read::Bool | Read::Int32 | Read::Uint32 | Read::Uint64 | Read::Enum(_) => matches!(raw, Raw::Varint(_)),
        Read::Float => matches!(raw, Raw::Fixed32(_)),
        Read::Double => matches!(raw, Raw::Fixed64(_)),
        Read::Text | Read::Mac | Read::Address | Read::Message(_) => matches!(raw, Raw::Bytes(_)),
    };
    records.layout.place(number).is_some_and(|place| of_type(&records.layout.slots[place]))
}
