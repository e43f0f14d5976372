//! What type an expression has, as far as that is sure.

use rhai::{Dynamic, Expr, FnCallExpr};

use super::Checker;
use crate::event::{Field, FieldType};

/// A type, or what is known of it. Any field may be absent as well; that is not a matter of types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ty {
    /// Nothing is sure.
    Unknown,
    Unit,
    Truth,
    Number,
    /// Text of any sort.
    Text,
    /// A hardware address: `aa:bb:cc:dd:ee:ff`.
    Mac,
    /// One of these names, or a number that the definitions do not list.
    Names(Vec<&'static str>),
    List,
    Map,
}

impl Ty {
    /// In the operator's words.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Unknown => "a value",
            Self::Unit => "nothing",
            Self::Truth => "true or false",
            Self::Number => "a number",
            Self::Text | Self::Mac | Self::Names(_) => "a text",
            Self::List => "a list",
            Self::Map => "a map",
        }
    }

    pub const fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Mac | Self::Names(_))
    }

    fn of_field(field: &'static Field) -> Self {
        match field.ty {
            FieldType::Bool => Self::Truth,
            FieldType::Int | FieldType::Float => Self::Number,
            FieldType::Text | FieldType::Address => Self::Text,
            FieldType::Mac => Self::Mac,
            FieldType::Enum => Self::Names(field.values.to_vec()),
            FieldType::List => Self::List,
            FieldType::Map => Self::Map,
        }
    }

    /// What both are; names of both count.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Names(mut one), Self::Names(other)) => {
                one.extend(other);
                Self::Names(one)
            }
            (one, other) if one.is_text() && other.is_text() => Self::Text,
            _ => Self::Unknown,
        }
    }
}

/// What functions give. Those that are not here give what is not sure.
const RESULTS: &[(&str, Ty)] = &[
    ("count", Ty::Number),
    ("distinct", Ty::Number),
    ("sum", Ty::Number),
    ("avg", Ty::Number),
    ("rate", Ty::Number),
    ("len", Ty::Number),
    ("weekday", Ty::Text),
    ("spike", Ty::Truth),
    ("first_seen", Ty::Truth),
    ("changed", Ty::Truth),
    ("mark", Ty::Truth),
    ("marked", Ty::Truth),
    ("present", Ty::Truth),
    ("in_list", Ty::Truth),
    ("cidr", Ty::Truth),
    ("glob", Ty::Truth),
    ("regex", Ty::Truth),
    ("between", Ty::Truth),
    ("contains", Ty::Truth),
    ("starts_with", Ty::Truth),
    ("ends_with", Ty::Truth),
    ("list", Ty::List),
];

impl Checker<'_> {
    /// The type of an expression in a function whose event has that name.
    pub(super) fn ty(&self, expression: &Expr, event: Option<&str>) -> Ty {
        match expression {
            Expr::BoolConstant(..) | Expr::And(..) | Expr::Or(..) => Ty::Truth,
            Expr::IntegerConstant(..) | Expr::FloatConstant(..) => Ty::Number,
            Expr::StringConstant(..) | Expr::InterpolatedString(..) => Ty::Text,
            Expr::Unit(_) => Ty::Unit,
            Expr::Array(..) => Ty::List,
            Expr::Map(..) => Ty::Map,
            Expr::Variable(variable, ..) => self.values.get(variable.1.as_str()).map_or(Ty::Unknown, of_value),
            Expr::Dot(pair, ..) if super::is_event(&pair.lhs, event) => match &pair.rhs {
                Expr::Property(property, _) => self.field_ty(&property.2),
                Expr::Dot(rest, ..) => match &rest.rhs {
                    Expr::MethodCall(call, _) => self.result(call),
                    _ => Ty::Unknown,
                },
                _ => Ty::Unknown,
            },
            Expr::FnCall(call, _) => self.result(call),
            _ => Ty::Unknown,
        }
    }

    fn result(&self, call: &FnCallExpr) -> Ty {
        if self.functions.iter().any(|function| function.name == call.name) {
            return Ty::Unknown;
        }
        if call.is_operator_call() {
            return match call.name.as_str() {
                "==" | "!=" | "<" | "<=" | ">" | ">=" | "!" => Ty::Truth,
                _ => Ty::Unknown,
            };
        }
        let known = RESULTS.iter().find(|(name, _)| *name == call.name);
        known.map_or(Ty::Unknown, |(_, ty)| ty.clone())
    }

    /// The type of a field, if all kinds that have it agree.
    pub(super) fn field_ty(&self, name: &str) -> Ty {
        if super::COMMON.contains(&name) {
            return Ty::Text;
        }
        let types = self.kinds.iter().filter_map(|kind| kind.field(name)).map(Ty::of_field);
        types.reduce(Ty::with).unwrap_or(Ty::Unknown)
    }
}

fn of_value(value: &Dynamic) -> Ty {
    if value.is_unit() {
        Ty::Unit
    } else if value.is_bool() {
        Ty::Truth
    } else if value.is_int() || value.is_float() {
        Ty::Number
    } else if value.is_string() {
        Ty::Text
    } else if value.is_array() {
        Ty::List
    } else if value.is_map() {
        Ty::Map
    } else {
        Ty::Unknown
    }
}
