//! The value of one field.

use std::sync::Arc;

/// What a field holds. Absent and empty differ: a record that lacks the field has [`Value::Absent`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Absent,
    Bool(bool),
    /// All whole numbers of the wire; a u64 above the range is clipped and marked.
    Int(i64),
    /// f32 is widened by its shortest decimal text, so that 47.15384 stays 47.15384.
    Float(f64),
    /// Text, MACs (`aa:bb:cc:dd:ee:ff`), addresses and enum names.
    Text(Arc<str>),
    List(Arc<[Value]>),
    /// A nested message that has no shorter form: its fields by name, in the order of their numbers.
    Map(Arc<[(&'static str, Value)]>),
}
