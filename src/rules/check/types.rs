//! What type an expression has, as far as that is sure.

use rhai::{Dynamic, Expr, FnCallExpr};

use super::{Checker, compare::field_name, last_link, links::links};
use crate::{
    event::{Field, FieldType, Kind},
    functions::remember::ENTRIES,
};

/// A type, or what is known of it. Any field may be absent as well; that is not a matter of types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Ty {
    /// Nothing is sure.
    Unknown,
    Unit,
    Truth,
    Number,
    /// A whole number, the least and the greatest it can be.
    Whole(i64, i64),
    /// Text of any sort.
    Text,
    /// A date and time: `2026-01-05T12:00:00Z`.
    Time,
    /// A hardware address: `aa:bb:cc:dd:ee:ff`.
    Mac,
    /// An address such as `10.20.3.4` or `2001:db8::7`.
    Address,
    /// Text without capital letters.
    Lower,
    /// Text without small letters.
    Upper,
    /// One of these names, or a number that the definitions do not list: any but these.
    Names(Vec<&'static str>, Vec<i32>),
    /// One of these texts and nothing else.
    OneOf(Vec<&'static str>),
    List,
    Map,
    /// An entry of a field of the event that is a list of maps.
    Entry(String),
    /// The event itself.
    Event,
}

impl Ty {
    /// In the operator's words.
    pub const fn words(&self) -> &'static str {
        match self {
            text if text.is_text() => "a text",
            Self::Unit => "nothing",
            Self::Truth => "true or false",
            Self::Number | Self::Whole(..) => "a number",
            Self::List => "a list",
            Self::Map | Self::Entry(_) => "a map",
            Self::Event => "the whole event",
            _ => "a value",
        }
    }

    pub const fn is_text(&self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Time
                | Self::Mac
                | Self::Address
                | Self::Lower
                | Self::Upper
                | Self::Names(..)
                | Self::OneOf(_)
        )
    }

    /// A text whatever comes: a name may be a number.
    const fn is_surely_text(&self) -> bool {
        self.is_text() && !matches!(self, Self::Names(..))
    }

    /// A text, a number or a truth.
    const fn is_plain(&self) -> bool {
        self.is_text() || self.is_number() || matches!(self, Self::Truth)
    }

    pub const fn is_number(&self) -> bool {
        matches!(self, Self::Number | Self::Whole(..))
    }

    /// Whether values of these types are never equal. A name may be a number that the definitions do not list.
    pub fn never_equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown | Self::Unit, _) | (_, Self::Unknown | Self::Unit) => false,
            (Self::Names(..), other) | (other, Self::Names(..)) if other.is_number() => false,
            (one, other) if one.is_text() && other.is_text() => false,
            (one, other) if one.is_number() && other.is_number() => false,
            (Self::Entry(_), Self::Map | Self::Entry(_)) | (Self::Map, Self::Entry(_)) => false,
            (one, other) => one != other,
        }
    }

    fn of_field(field: &'static Field) -> Self {
        match field.ty {
            FieldType::Bool => Self::Truth,
            FieldType::Int => Self::Whole(field.least, field.most),
            FieldType::Float => Self::Number,
            FieldType::Text => Self::Text,
            FieldType::Mac => Self::Mac,
            FieldType::Address => Self::Address,
            FieldType::Enum => Self::Names(field.values.to_vec(), field.numbers.to_vec()),
            FieldType::List => Self::List,
            FieldType::Map => Self::Map,
        }
    }

    /// What both are; names of both count.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (Self::Names(mut one, mut numbers), Self::Names(other, others)) => {
                one.extend(other.into_iter().filter(|name| !one.contains(name)).collect::<Vec<_>>());
                numbers.retain(|number| others.contains(number));
                Self::Names(one, numbers)
            }
            (Self::OneOf(mut one), Self::OneOf(other)) => {
                one.extend(other.into_iter().filter(|name| !one.contains(name)).collect::<Vec<_>>());
                Self::OneOf(one)
            }
            (Self::Whole(least, most), Self::Whole(other_least, other_most)) => {
                Self::Whole(least.min(other_least), most.max(other_most))
            }
            (one, other) if one.is_number() && other.is_number() => Self::Number,
            // A name may be a number.
            (Self::Names(..), _) | (_, Self::Names(..)) => Self::Unknown,
            (one, other) if one.is_text() && other.is_text() => Self::Text,
            _ => Self::Unknown,
        }
    }
}

pub(super) const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The most entries of a rule.
pub(super) const REMEMBERED: i64 = ENTRIES as i64;

/// What functions give. Those that are not here give what is not sure.
const RESULTS: &[(&str, Ty)] = &[
    // The event that asks is counted, too.
    ("count", Ty::Whole(1, REMEMBERED)),
    ("distinct", Ty::Whole(1, REMEMBERED)),
    ("sum", Ty::Number),
    ("avg", Ty::Number),
    ("rate", Ty::Number),
    ("len", Ty::Whole(0, i64::MAX)),
    ("spike", Ty::Truth),
    ("first_seen", Ty::Truth),
    ("changed", Ty::Truth),
    ("mark", Ty::Truth),
    ("marked", Ty::Truth),
    ("present", Ty::Truth),
    ("in_list", Ty::Truth),
    ("cidr", Ty::Truth),
    ("oui", Ty::Text),
    ("glob", Ty::Truth),
    ("regex", Ty::Truth),
    ("between", Ty::Truth),
    ("contains", Ty::Truth),
    ("starts_with", Ty::Truth),
    ("ends_with", Ty::Truth),
    ("is_empty", Ty::Truth),
    ("to_lower", Ty::Lower),
    ("to_upper", Ty::Upper),
    ("sub_string", Ty::Text),
    ("to_string", Ty::Text),
    ("list", Ty::List),
];

/// Functions that change the text they are asked of and give nothing, and what to write instead where that is known.
pub(super) const IN_PLACE: &[(&str, &str)] = &[
    ("trim", ""),
    ("replace", ""),
    ("make_lower", "Write to_lower()."),
    ("make_upper", "Write to_upper()."),
    ("crop", "Write sub_string(…)."),
    ("truncate", "Write sub_string(0, …)."),
    ("remove", ""),
    ("clear", ""),
    ("pad", ""),
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
            _ if super::is_event(expression, event) => Ty::Event,
            Expr::Variable(variable, ..) => match self.locals.get(variable.1.as_str()) {
                Some(ty) => ty.clone(),
                None => self.values.get(variable.1.as_str()).map_or(Ty::Unknown, of_value),
            },
            Expr::Index(pair, ..) if super::is_event(&pair.lhs, event) => match &pair.rhs {
                Expr::StringConstant(name, _) => self.field_ty(name),
                _ => Ty::Unknown,
            },
            Expr::Dot(pair, ..) => match last_link(&pair.rhs) {
                Expr::MethodCall(call, _) => self.result(call, &self.asked(expression, event), event),
                Expr::Property(..) => self.of_links(&links(expression), event),
                _ => Ty::Unknown,
            },
            Expr::FnCall(call, _) => {
                let of = call.args.first().map_or(Ty::Unknown, |first| self.ty(first, event));
                self.result(call, &of, event)
            }
            Expr::Coalesce(all, _) => all.iter().map(|one| self.ty(one, event)).reduce(Ty::with).unwrap_or(Ty::Unknown),
            _ => Ty::Unknown,
        }
    }

    /// The type of what the last link of `a.b.c(…)` is asked of.
    pub(super) fn asked(&self, chain: &Expr, event: Option<&str>) -> Ty {
        let links = links(chain);
        links.split_last().map_or(Ty::Unknown, |(_, before)| self.of_links(before, event))
    }

    pub(super) fn of_links(&self, links: &[&Expr], event: Option<&str>) -> Ty {
        match links {
            [one] => self.ty(one, event),
            [of, Expr::Property(property, _)] if super::is_event(of, event) => self.field_ty(&property.2),
            [of, Expr::Property(field, _), Expr::Property(part, _)]
                if super::is_event(of, event) && self.field_ty(&field.2) == Ty::Map =>
            {
                self.part_ty(&field.2, &part.2)
            }
            [before @ .., Expr::Property(part, _)] => match self.of_links(before, event) {
                Ty::Entry(field) => self.part_ty(&field, &part.2),
                _ if part.2 == "len" => Ty::Whole(0, i64::MAX),
                _ => Ty::Unknown,
            },
            [before @ .., Expr::MethodCall(call, _)] => self.result(call, &self.of_links(before, event), event),
            _ => Ty::Unknown,
        }
    }

    /// What a call gives that is asked of a value of that type.
    fn result(&self, call: &FnCallExpr, of: &Ty, event: Option<&str>) -> Ty {
        let name = call.name.as_str();
        if self.functions.iter().any(|function| function.name == name) {
            return Ty::Unknown;
        }
        if call.is_operator_call() {
            let sides: Vec<Ty> = call.args.iter().map(|argument| self.ty(argument, event)).collect();
            return match name {
                "==" | "!=" | "<" | "<=" | ">" | ">=" | "!" => Ty::Truth,
                "&" | "|" | "^" if sides.iter().all(|side| *side == Ty::Truth) => Ty::Truth,
                "+" | "-" | "*" | "/" | "%" if sides.iter().all(Ty::is_number) => Ty::Number,
                // With a text, + joins.
                "+" if sides.iter().any(Ty::is_surely_text) && sides.iter().all(Ty::is_plain) => Ty::Text,
                _ => Ty::Unknown,
            };
        }
        if let ("to_lower", Ty::Mac | Ty::Address) = (name, of) {
            return of.clone(); // written in small letters anyway
        }
        if let ("previous", [_, _, value]) = (name, &call.args[..]) {
            return self.ty(value, event); // or (), as of any field
        }
        if name == "weekday" {
            return Ty::OneOf(DAYS.to_vec());
        }
        let known = RESULTS.iter().find(|(known, _)| *known == name);
        known.map_or(Ty::Unknown, |(_, ty)| ty.clone())
    }

    /// The type of a part of a field, if all kinds that have it agree.
    fn part_ty(&self, field: &str, part: &str) -> Ty {
        self.parts(field).filter(|known| known.name == part).map(Ty::of_field).reduce(Ty::with).unwrap_or(Ty::Unknown)
    }

    /// The parts of a field that is a map, or a list of them.
    pub(super) fn parts(&self, field: &str) -> impl Iterator<Item = &'static Field> {
        self.kinds.iter().filter_map(move |kind| kind.field(field)).flat_map(|field| field.fields)
    }

    /// What goes through a loop over that: an entry of a field, where its parts are known.
    pub(super) fn entry_ty(&self, list: &Expr, event: Option<&str>) -> Ty {
        match field_name(list, event) {
            Some(field) if self.field_ty(field) == Ty::List && self.parts(field).next().is_some() => {
                Ty::Entry(field.to_owned())
            }
            _ => Ty::Unknown,
        }
    }

    /// The type of a field, if all kinds that have it agree.
    pub(super) fn field_ty(&self, name: &str) -> Ty {
        let types = self.kinds.iter().filter_map(|kind| of_name(kind, name));
        types.reduce(Ty::with).unwrap_or(Ty::Unknown)
    }
}

/// What events of a kind have under that name: a field of theirs stands before what every event has, but for the two that
/// say whose account it is.
fn of_name(kind: &'static Kind, name: &str) -> Option<Ty> {
    match (kind.field(name), name) {
        (_, "customer_id" | "msp_id") => Some(Ty::Text),
        (Some(field), _) => Some(Ty::of_field(field)),
        (None, "kind") => Some(Ty::OneOf(vec![kind.name])),
        (None, "topic") => Some(Ty::OneOf(vec![kind.topic.name()])),
        (None, "time" | "received") => Some(Ty::Time),
        (None, name) => super::COMMON.contains(&name).then_some(Ty::Text),
    }
}

/// The type of a value that is known.
pub(super) fn of_value(value: &Dynamic) -> Ty {
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
