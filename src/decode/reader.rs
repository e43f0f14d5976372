//! Protobuf's wire format, field by field, never past the end of what is there.

/// How deep groups may nest before the bytes count as malformed.
const MAX_DEPTH: u32 = 100;

/// Walks the fields of one message.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    octets: Octets<'a>,
    at: usize,
}

/// A stretch of the frame, which knows where in the frame it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Octets<'a> {
    pub bytes: &'a [u8],
    pub start: usize,
}

impl<'a> Octets<'a> {
    /// A whole frame.
    pub fn frame(bytes: &'a [u8]) -> Self {
        Self { bytes, start: 0 }
    }

    /// What a field of this number holds, if one begins here as almost all do: a tag and a length of one octet each. A
    /// shortcut past the reader.
    #[inline]
    pub fn held(self, number: u32) -> Option<Self> {
        let [tag, length, rest @ ..] = self.bytes else { return None };
        let found = u32::from(*tag) == number << 3 | 2 && *length < 0x80 && *tag < 0x80;
        let bytes = rest.get(..usize::from(*length)).filter(|_| found)?;
        Some(Self { bytes, start: self.start + 2 })
    }

    /// Without the first so many.
    #[inline]
    pub fn after(self, length: usize) -> Self {
        Self { bytes: self.bytes.get(length..).unwrap_or_default(), start: self.start + length }
    }
}

/// One field as it stands on the wire: its number, its value, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    pub number: u32,
    pub raw: Raw<'a>,
    /// Where in the frame the field begins (its tag) and where its value ends.
    pub start: usize,
    pub end: usize,
}

/// A value before anybody says what it means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Raw<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Bytes(Octets<'a>),
    /// A group, which the definitions do not use: skipped whole.
    Group,
}

/// Why bytes are no message, and where in the frame it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub what: Flaw,
    pub at: usize,
}

/// What is wrong with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// They end inside a field.
    Truncated,
    /// A number that does not end within ten octets or that is too large.
    Varint,
    /// A field number or a wire type that does not exist.
    Tag,
    /// Groups that do not match or nest too deep.
    Group,
    /// A field whose wire type is not the one of its definition.
    Type,
}

impl<'a> Reader<'a> {
    pub fn new(octets: Octets<'a>) -> Self {
        Self { octets, at: 0 }
    }

    /// The next field; `None` at the end.
    #[inline]
    pub fn field(&mut self) -> Result<Option<Field<'a>>, Broken> {
        if self.at >= self.octets.bytes.len() {
            return Ok(None);
        }
        let start = self.place();
        let (number, wire_type) = self.tag()?;
        let raw = match wire_type {
            3 => {
                self.skip_group(number)?;
                Raw::Group
            }
            4 => return Err(Broken { what: Flaw::Group, at: start }),
            _ => self.value(wire_type)?,
        };
        Ok(Some(Field { number, raw, start, end: self.place() }))
    }

    /// A bare varint, as packed lists hold them; `None` at the end.
    pub fn packed_varint(&mut self) -> Result<Option<u64>, Broken> {
        if self.at >= self.octets.bytes.len() { Ok(None) } else { self.varint().map(Some) }
    }

    fn place(&self) -> usize {
        self.octets.start + self.at
    }

    fn tag(&mut self) -> Result<(u32, u8), Broken> {
        let broken = Broken { what: Flaw::Tag, at: self.place() };
        let key = u32::try_from(self.varint()?).map_err(|_| broken)?;
        let (number, wire_type) = (key >> 3, (key & 7) as u8);
        if number == 0 || wire_type > 5 { Err(broken) } else { Ok((number, wire_type)) }
    }

    fn value(&mut self, wire_type: u8) -> Result<Raw<'a>, Broken> {
        Ok(match wire_type {
            0 => Raw::Varint(self.varint()?),
            1 => Raw::Fixed64(u64::from_le_bytes(self.array()?)),
            5 => Raw::Fixed32(u32::from_le_bytes(self.array()?)),
            _ => {
                let at = self.place();
                let length = usize::try_from(self.varint()?).unwrap_or(usize::MAX);
                Raw::Bytes(Octets { start: self.place(), bytes: self.take(length, at)? })
            }
        })
    }

    #[inline]
    fn varint(&mut self) -> Result<u64, Broken> {
        match self.octets.bytes.get(self.at..) {
            Some([one, ..]) if *one < 0x80 => {
                self.at += 1;
                Ok(u64::from(*one))
            }
            // Most lengths of what holds records.
            Some([one, two, ..]) if *two < 0x80 => {
                self.at += 2;
                Ok(u64::from(one & 0x7f) | u64::from(*two) << 7)
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, Broken> {
        let start = self.place();
        let mut value = 0;
        let octets = self.octets.bytes.get(self.at..).unwrap_or_default();
        for (place, byte) in octets.iter().take(10).enumerate() {
            if place == 9 && *byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << (7 * place);
            if *byte < 0x80 {
                self.at += place + 1;
                return Ok(value);
            }
        }
        let what = if octets.len() < 10 { Flaw::Truncated } else { Flaw::Varint };
        Err(Broken { what, at: start })
    }

    fn take(&mut self, length: usize, field: usize) -> Result<&'a [u8], Broken> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.octets.bytes.len());
        let end = end.ok_or(Broken { what: Flaw::Truncated, at: field })?;
        let taken = &self.octets.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Broken> {
        let at = self.place();
        let taken = self.take(N, at)?;
        taken.try_into().map_err(|_| Broken { what: Flaw::Truncated, at })
    }

    /// Everything up to the end tag that matches `number`. No recursion: the open groups stand in a list.
    fn skip_group(&mut self, number: u32) -> Result<(), Broken> {
        let at = self.place();
        let mut open = vec![number];
        while let Some(innermost) = open.last().copied() {
            match self.tag()? {
                (number, 3) => open.push(number),
                (number, 4) if number == innermost => drop(open.pop()),
                (_, 4) => return Err(Broken { what: Flaw::Group, at }),
                (_, wire_type) => drop(self.value(wire_type)?),
            }
            if open.len() > MAX_DEPTH as usize {
                return Err(Broken { what: Flaw::Group, at });
            }
        }
        Ok(())
    }
}
