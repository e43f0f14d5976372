//! A field's value as it is looked at: borrowed where it stands, without anything being made of it.

use std::{borrow::Cow, fmt, ops::Deref, sync::Arc};

use super::Value;

/// What a field holds, as [`Value`] says it, without owning it.
#[derive(Clone, Debug, PartialEq)]
pub enum Peek<'a> {
    /// Not there.
    Absent,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text of any sort.
    Text(Words<'a>),
    /// A list or a map.
    Held(Cow<'a, Value>),
}

impl Peek<'_> {
    /// Not there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(words) = self { Some(words) } else { None }
    }

    /// The value, owned.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Absent => Value::Absent,
            Self::Bool(truth) => Value::Bool(*truth),
            Self::Int(number) => Value::Int(*number),
            Self::Float(number) => Value::Float(*number),
            Self::Text(words) => Value::Text(words.clone().into()),
            Self::Held(value) => value.clone().into_owned(),
        }
    }
}

impl<'a> From<&'a Value> for Peek<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Absent => Self::Absent,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Int(number) => Self::Int(*number),
            Value::Float(number) => Self::Float(*number),
            Value::Text(text) => Self::Text(Words::Held(text)),
            Value::List(_) | Value::Map(_) => Self::Held(Cow::Borrowed(value)),
        }
    }
}

impl<'a> From<&'a str> for Peek<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Words::Held(text))
    }
}

/// A text: read it as `&str`. Two are equal when they read the same, wherever they stand.
#[derive(Clone)]
pub enum Words<'a> {
    /// It stands somewhere else.
    Held(&'a str),
    /// A short one that was written just now, such as a hardware address.
    Short(Short),
    /// One that had to be put right.
    Made(Arc<str>),
}

impl Words<'_> {
    /// Its UTF-8: to compare or hash, this is quicker than to read it as `&str`.
    #[inline]
    pub fn octets(&self) -> &[u8] {
        match self {
            Self::Held(text) => text.as_bytes(),
            Self::Short(text) => text.as_bytes(),
            Self::Made(text) => text.as_bytes(),
        }
    }
}

impl Deref for Words<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Held(text) => text,
            Self::Short(text) => text.as_str(),
            Self::Made(text) => text,
        }
    }
}

impl PartialEq for Words<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.octets() == other.octets()
    }
}

impl PartialEq<str> for Words<'_> {
    fn eq(&self, other: &str) -> bool {
        self.octets() == other.as_bytes()
    }
}

impl fmt::Debug for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl From<Words<'_>> for Arc<str> {
    fn from(words: Words) -> Self {
        match words {
            Words::Made(text) => text,
            words => (*words).into(),
        }
    }
}

/// A text of at most [`Short::MOST`] octets that needs no memory of its own.
#[derive(Clone, Copy)]
pub struct Short {
    octets: [u8; Self::MOST],
    length: u8,
}

impl Short {
    /// As long as the longest IPv6 address.
    pub const MOST: usize = 39;

    /// No text yet; write into it.
    pub fn new() -> Self {
        Self { octets: [0; Self::MOST], length: 0 }
    }

    /// Octets with colons between, as addresses are written: `aa:bb:cc`. `None` for more than fit.
    #[inline]
    pub fn hexadecimal(octets: &[u8]) -> Option<Self> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut short = Self::new();
        let length = (octets.len() * 3).saturating_sub(1);
        if length > Self::MOST {
            return None;
        }
        for (octet, place) in octets.iter().zip(short.octets.chunks_mut(3)) {
            place[0] = DIGITS[usize::from(octet >> 4)];
            place[1] = DIGITS[usize::from(octet & 15)];
            if let Some(colon) = place.get_mut(2) {
                *colon = b':';
            }
        }
        short.length = length as u8;
        Some(short)
    }

    fn as_bytes(&self) -> &[u8] {
        &self.octets[..usize::from(self.length)]
    }

    fn as_str(&self) -> &str {
        // Only whole texts were ever written.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl Default for Short {
    fn default() -> Self {
        Self::new()
    }
}

/// Refuses what does not fit, whole.
impl fmt::Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let start = usize::from(self.length);
        let room = self.octets.get_mut(start..start + text.len()).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.length += text.len() as u8;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail loudly")]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn a_peek_says_what_the_value_says() {
        let values = [
            Value::Absent,
            true.into(),
            7.into(),
            0.5.into(),
            "corp".into(),
            Value::List([Value::Int(1)].into()),
            Value::Map([("name", Value::Int(1))].into()),
        ];
        for value in values {
            let peek = Peek::from(&value);
            assert_eq!(peek.to_value(), value);
            assert_eq!((peek.is_absent(), peek.as_text()), (value.is_absent(), value.as_text()));
        }
    }

    #[test]
    fn a_short_text_takes_what_fits() {
        let mut short = Short::new();
        short.write_str("ü").unwrap();
        short.write_str(&"x".repeat(37)).unwrap();
        assert!(short.write_str("y").is_err());
        let words = Words::Short(short);
        assert_eq!(words.len(), Short::MOST);
        assert_eq!(words, Words::Made((*words).into()));
    }

    #[test]
    fn octets_are_written_as_addresses_are() {
        for (octets, text) in [(&[][..], ""), (&[0x0a], "0a"), (&[0xff, 0, 0x10], "ff:00:10")] {
            assert_eq!(*Words::Short(Short::hexadecimal(octets).unwrap()), *text);
        }
        let longest = Words::Short(Short::hexadecimal(&[0xab; 13]).unwrap());
        assert_eq!((longest.len(), &longest[36..]), (38, "ab"));
        assert!(Short::hexadecimal(&[0; 14]).is_none());
    }
}
