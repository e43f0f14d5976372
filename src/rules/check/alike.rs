//! Calls that tell nothing of an event: they give the same whatever comes, or look at what they find nothing in.

use rhai::{Expr, FnCallExpr};

use super::{Checker, compare::field_name, types::Ty, written::is_question};
use crate::functions::Network;

/// Words of fields' names of which no value is an address.
const NO_ADDRESSES: [&str; 10] =
    ["username", "ssid", "essid", "serial", "model", "role", "vendor", "manufacturer", "description", "reason"];

impl Checker<'_> {
    /// A call of ours that remembers, or asks for a network, by what it is given.
    pub(super) fn alike(&mut self, name: &str, call: &FnCallExpr, event: Option<&str>) {
        match (name, &call.args[..]) {
            ("count" | "rate" | "first_seen", [_, by])
            | ("distinct" | "sum" | "avg" | "min" | "max" | "changed" | "previous", [_, by, _])
            | ("spike", [_, _, by, _])
                if self.is_own_id(by, event) || self.is_moment(by, event) =>
            {
                let message = if self.is_moment(by, event) {
                    "This is a moment, so hardly two events meet here."
                } else {
                    "Each event has an id of its own, so no two of them meet here."
                };
                let help = match self.identity() {
                    Some(field) => {
                        format!("Write what they have in common, such as {}.{field}.", event.unwrap_or("event"))
                    }
                    None => "Write a field that they have in common.".into(),
                };
                self.warning("bad-arguments", by, message, &help);
            }
            ("count" | "rate" | "first_seen", [_, by])
            | ("distinct" | "sum" | "avg" | "min" | "max" | "changed" | "previous", [_, by, _])
            | ("spike", [_, _, by, _])
                if matches!(by, Expr::Unit(_)) =>
            {
                let message = format!("This is absent whatever comes, so {name} can never tell.");
                let help = format!("Write what it is counted by{}.", self.such_as(event));
                self.error("bad-arguments", self.source.whole(by), message, help);
            }
            ("distinct", [_, by, value]) if is_same_field(by, value, event) => {
                let of = self.subject(value);
                let message = format!("To each {of} there is one {of}: this is always 1.");
                self.warning(
                    "bad-arguments",
                    value,
                    message,
                    "Write what it is counted by first, then what is counted.",
                );
            }
            ("first_seen", [_, value @ Expr::StringConstant(..)]) | ("changed", [_, _, value])
                if self.constant_value(value).is_some()
                    && !matches!(value, Expr::Variable(..))
                    && !self.constant_text(value).is_some_and(|text| self.is_field(&text)) =>
            {
                let message = if name == "changed" {
                    "This is the same for every event, so it never changes."
                } else {
                    "This is the same for every event, so only the first of them all is new."
                };
                self.warning("bad-arguments", value, message, "Write a field of the event.");
            }
            ("cidr", [net, address]) if self.constant_text(net).is_none_or(|text| Network::parse(&text).is_some()) => {
                self.host_bits(net);
                let never = |field: &str| field.split('_').any(|word| NO_ADDRESSES.contains(&word));
                let ty = self.ty(address, event);
                if matches!(ty, Ty::Names(..) | Ty::OneOf(_))
                    || ty == Ty::Text && field_name(address, event).is_some_and(never)
                {
                    let message = format!("cidr looks at an address, and {} is none.", self.subject(address));
                    self.warning("never-holds", address, message, "Give it another field.");
                }
            }
            _ => {}
        }
    }

    /// `event.id`, or a list with it, where no kind has a field of that name.
    fn is_own_id(&self, by: &Expr, event: Option<&str>) -> bool {
        match by {
            Expr::Array(values, _) => values.iter().any(|value| self.is_own_id(value, event)),
            by => field_name(by, event) == Some("id") && self.kinds.iter().all(|kind| kind.field("id").is_none()),
        }
    }

    /// `event.time`, or a list with it, where it is when the event happened.
    fn is_moment(&self, by: &Expr, event: Option<&str>) -> bool {
        match by {
            Expr::Array(values, _) => values.iter().any(|value| self.is_moment(value, event)),
            by => field_name(by, event).is_some_and(|name| {
                matches!(name, "time" | "received") && self.kinds.iter().all(|kind| kind.field(name).is_none())
            }),
        }
    }

    /// `10.0.0.1/8`, which is the network `10.0.0.0/8`.
    fn host_bits(&mut self, net: &Expr) {
        let Some(text) = self.constant_text(net).filter(|text| text.contains('/')) else { return };
        let Some(written) = Network::parse(&text).and_then(Network::without_host) else { return };
        let message = format!("\"{text}\" names an address within the network {written}, and the whole of it counts.");
        let help = format!("Write \"{written}\".");
        self.warning("bad-network", net, message, &help);
    }

    /// `event.ssid.contains("")`, and `"" in event.ssid`.
    pub(super) fn empty_part(&mut self, call: &FnCallExpr, event: Option<&str>) {
        let part = match &call.args[..] {
            [part] => part,
            [of, part] if self.ty(of, event).is_text() => part,
            _ => return,
        };
        if is_question(&call.name) && matches!(part, Expr::StringConstant(text, _) if text.is_empty()) {
            let message = format!("Every text {} \"\": this always holds.", super::written::function_words(&call.name));
            self.warning("always-holds", part, message, "Write what to look for, or ask present(…).");
        }
    }
}

fn is_same_field(one: &Expr, other: &Expr, event: Option<&str>) -> bool {
    matches!((field_name(one, event), field_name(other, event)), (Some(one), Some(other)) if one == other)
}
