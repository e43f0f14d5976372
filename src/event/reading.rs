//! What can be asked of an event, whether it was decoded or still stands on the wire.

use std::borrow::Cow;

use jiff::Timestamp;

use super::{Event, EventId, Kind, Peek, Topic, Words};

/// One record of a message: an [`Event`], or the same record before anybody decoded it. Conditions are written against
/// this, so that only what they ask for is read from the wire. Both answer alike in every respect.
pub trait Reading {
    /// Row and place, as in [`Event::id`].
    fn id(&self) -> EventId;
    /// What kind of record.
    fn kind(&self) -> &'static Kind;
    /// The topic of its message.
    fn topic(&self) -> Topic;
    /// When it happened by the sender's account.
    fn time(&self) -> Timestamp;
    /// Engine time.
    fn received(&self) -> Timestamp;
    /// Whose account it is.
    fn customer_id(&self) -> Words<'_>;
    /// The managed service provider of the account; mostly empty.
    fn msp_id(&self) -> Words<'_>;
    /// What the field at this place of `kind().fields` holds. Absent where the kind has no such place.
    fn peek(&self, place: usize) -> Peek<'_>;
    /// The whole event: decoded only now, if it was not before.
    fn event(&self) -> Cow<'_, Event>;

    /// What is asked for; see [`Asked::of`].
    fn ask(&self, asked: Asked) -> Peek<'_> {
        let made = |text: String| Peek::Text(Words::Made(text.into()));
        match asked {
            Asked::Field(place) => self.peek(place),
            Asked::CustomerId => Peek::Text(self.customer_id()),
            Asked::MspId => Peek::Text(self.msp_id()),
            Asked::Id => made(self.id().to_string()),
            Asked::Kind => self.kind().name.into(),
            Asked::Topic => self.topic().name().into(),
            Asked::Time => made(self.time().to_string()),
            Asked::Received => made(self.received().to_string()),
        }
    }
}

/// Events of one kind that are looked at side by side, such as the records of one list of a message.
pub trait Readings {
    /// One of them.
    type One<'r>: Reading
    where
        Self: 'r;

    /// The kind of all of them.
    fn kind(&self) -> &'static Kind;
    /// The place of the first among the records of its frame; the others follow.
    fn first(&self) -> u32;
    /// How many there are.
    fn count(&self) -> usize;
    /// One of them; `number` is less than [`Readings::count`].
    fn one(&self, number: usize) -> Self::One<'_>;
    /// How the field at this place is quickly read of each of them, where it holds a whole number. `None` says nothing.
    fn wholes(&self, place: usize) -> Option<impl Fn(usize) -> Option<i64>>;
    /// The same of a text: its octets, which need not be UTF-8. What is not is read with U+FFFD in its place.
    fn texts<'r>(&'r self, place: usize) -> Option<impl Fn(usize) -> Option<&'r [u8]>>;
}

/// An event by itself.
pub struct Alone<'e, R>(pub &'e R);

impl<R: Reading> Readings for Alone<'_, R> {
    type One<'r>
        = &'r R
    where
        Self: 'r;

    fn kind(&self) -> &'static Kind {
        self.0.kind()
    }

    fn first(&self) -> u32 {
        0
    }

    fn count(&self) -> usize {
        1
    }

    fn one(&self, _: usize) -> &R {
        self.0
    }

    fn wholes(&self, _: usize) -> Option<impl Fn(usize) -> Option<i64>> {
        None::<fn(usize) -> Option<i64>>
    }

    fn texts<'r>(&'r self, _: usize) -> Option<impl Fn(usize) -> Option<&'r [u8]>> {
        None::<fn(usize) -> Option<&'r [u8]>>
    }
}

impl<R: Reading> Reading for &R {
    fn id(&self) -> EventId {
        (**self).id()
    }

    fn kind(&self) -> &'static Kind {
        (**self).kind()
    }

    fn topic(&self) -> Topic {
        (**self).topic()
    }

    fn time(&self) -> Timestamp {
        (**self).time()
    }

    fn received(&self) -> Timestamp {
        (**self).received()
    }

    fn customer_id(&self) -> Words<'_> {
        (**self).customer_id()
    }

    fn msp_id(&self) -> Words<'_> {
        (**self).msp_id()
    }

    fn peek(&self, place: usize) -> Peek<'_> {
        (**self).peek(place)
    }

    fn event(&self) -> Cow<'_, Event> {
        (**self).event()
    }
}

/// What a name means for events of one kind, resolved once: `event.ssid` is the field at some place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// The field at this place of the kind's.
    Field(usize),
    /// The envelope's `customer_id`.
    CustomerId,
    /// The envelope's `msp_id`.
    MspId,
    /// Row and place, as text.
    Id,
    /// The kind's name.
    Kind,
    /// The topic's name.
    Topic,
    /// When it happened, as RFC 3339 text.
    Time,
    /// Engine time, as RFC 3339 text.
    Received,
}

impl Asked {
    /// What [`Event::get`] gives for a name; `None`: this kind has no such field.
    pub fn of(kind: &Kind, name: &str) -> Option<Self> {
        match name {
            // The envelope's, even where the message has fields of these names: they say whose account it is.
            "customer_id" => return Some(Self::CustomerId),
            "msp_id" => return Some(Self::MspId),
            _ => {}
        }
        kind.field_index(name).map(Self::Field).or(match name {
            "id" => Some(Self::Id),
            "kind" => Some(Self::Kind),
            "topic" => Some(Self::Topic),
            "time" => Some(Self::Time),
            "received" => Some(Self::Received),
            _ => None,
        })
    }
}

impl Reading for Event {
    fn id(&self) -> EventId {
        self.id
    }

    fn kind(&self) -> &'static Kind {
        self.kind
    }

    fn topic(&self) -> Topic {
        self.topic
    }

    fn time(&self) -> Timestamp {
        self.time
    }

    fn received(&self) -> Timestamp {
        self.received
    }

    fn customer_id(&self) -> Words<'_> {
        Words::Held(&self.customer_id)
    }

    fn msp_id(&self) -> Words<'_> {
        Words::Held(&self.msp_id)
    }

    fn peek(&self, place: usize) -> Peek<'_> {
        self.values.get(place).map_or(Peek::Absent, Peek::from)
    }

    fn event(&self) -> Cow<'_, Event> {
        Cow::Borrowed(self)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::event::{EVENT_FIELDS, Value, catalogue};

    #[test]
    fn what_is_asked_is_what_is_got() {
        for kind in catalogue::kinds() {
            let values = (0..).zip(kind.fields).map(|(number, _)| Value::Int(number)).collect();
            let event = Event {
                id: EventId { seq: 3, record: 1 },
                kind,
                topic: kind.topic,
                time: Timestamp::UNIX_EPOCH,
                received: Timestamp::UNIX_EPOCH,
                customer_id: "customer".into(),
                msp_id: "".into(),
                values,
                marks: vec![],
            };
            let names = kind.fields.iter().map(|field| field.name).chain(EVENT_FIELDS).chain(["no_such_field"]);
            for name in names {
                let asked = Asked::of(kind, name).map(|asked| event.ask(asked).to_value());
                assert_eq!(asked, event.get(name), "{} {name}", kind.name);
            }
        }
    }
}
