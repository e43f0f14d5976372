//! A block: frames of one topic, packed. Its octets may come from a stranger's database, so nothing in them is believed.

use std::io;

use bytes::Bytes;

use super::{Row, RowBody, StoreError, stamp};
use crate::event::Topic;

/// The largest block that is unpacked, in octets.
pub(super) const MOST: usize = 32 << 20;
/// How hard it is tried to make blocks small: packing runs beside everything else, unpacking is as quick at any level.
const LEVEL: i32 = 6;

/// An unpacked block.
#[derive(Debug)]
pub(super) struct Block {
    topic: Topic,
    seqs: Vec<u64>,
    /// Nanoseconds since the epoch.
    received: Vec<i64>,
    /// Where in `frames` each one ends.
    ends: Vec<usize>,
    frames: Bytes,
}

/// A frame on its way into a block.
pub(super) struct Sealed {
    pub seq: u64,
    pub received: i64,
    pub frame: Vec<u8>,
}

/// Packs frames of one topic, in order. Gives the octets, and how many they are unpacked.
pub(super) fn pack(rows: &[Sealed]) -> io::Result<(Vec<u8>, usize)> {
    let frames: usize = rows.iter().map(|row| row.frame.len()).sum();
    let mut plain = Vec::with_capacity(frames + rows.len() * 12 + 10);
    put(&mut plain, rows.len() as u64);
    // Column by column: what is alike lies together. Differences wrap, so that any numbers come back as they were.
    let mut before = 0;
    for row in rows {
        put(&mut plain, row.seq.wrapping_sub(before));
        before = row.seq;
    }
    let mut before = 0;
    for row in rows {
        put(&mut plain, row.received.wrapping_sub(before).cast_unsigned());
        before = row.received;
    }
    for row in rows {
        put(&mut plain, row.frame.len() as u64);
    }
    for row in rows {
        plain.extend_from_slice(&row.frame);
    }
    let mut packer = zstd::bulk::Compressor::new(LEVEL)?;
    packer.include_checksum(true)?;
    Ok((packer.compress(&plain)?, plain.len()))
}

impl Block {
    /// Unpacks what should be `size` octets of that topic.
    pub fn unpack(topic: Topic, data: &[u8], size: u64) -> Result<Self, StoreError> {
        let unreadable = |said: &str| StoreError::unreadable("A block of the log", said);
        let size = usize::try_from(size).ok().filter(|size| *size <= MOST);
        let size = size.ok_or_else(|| unreadable("it says that it is larger than any"))?;
        let plain = zstd::bulk::decompress(data, size).map_err(|error| unreadable(&error.to_string()))?;
        Self::read(topic, plain.into()).ok_or_else(|| unreadable("its columns do not fit together"))
    }

    fn read(topic: Topic, plain: Bytes) -> Option<Self> {
        let mut rest = &plain[..];
        let count = usize::try_from(take(&mut rest)?).ok()?;
        // Each takes three octets at least.
        if count > rest.len() / 3 {
            return None;
        }
        let (mut seqs, mut received, mut ends) =
            (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
        let mut seq: u64 = 0;
        for _ in 0..count {
            let next = seq.wrapping_add(take(&mut rest)?);
            if next <= seq {
                return None;
            }
            seq = next;
            seqs.push(seq);
        }
        let mut at: i64 = 0;
        for _ in 0..count {
            at = at.wrapping_add(take(&mut rest)?.cast_signed());
            received.push(at);
        }
        let mut end: usize = 0;
        for _ in 0..count {
            end = end.checked_add(usize::try_from(take(&mut rest)?).ok()?)?;
            ends.push(end);
        }
        let begin = plain.len() - rest.len();
        (end == rest.len()).then(|| Self { topic, seqs, received, ends, frames: plain.slice(begin..) })
    }

    pub fn len(&self) -> usize {
        self.seqs.len()
    }

    /// The place of the first row after the one numbered `seq`.
    pub fn after(&self, seq: u64) -> usize {
        self.seqs.partition_point(|known| *known <= seq)
    }

    /// The place of the first row received then or later.
    pub fn since(&self, received: i64) -> usize {
        self.received.partition_point(|known| *known < received)
    }

    /// The number of the row at that place.
    pub fn seq(&self, place: usize) -> Option<u64> {
        self.seqs.get(place).copied()
    }

    /// The row at that place. Its octets are the block's own, not copied.
    pub fn row(&self, place: usize) -> Option<Row> {
        let begin = if place == 0 { 0 } else { *self.ends.get(place - 1)? };
        let frame = self.frames.slice(begin..*self.ends.get(place)?);
        Some(Row {
            seq: self.seqs[place],
            received: stamp::time(self.received[place]),
            body: RowBody::Frame { topic: self.topic, bytes: frame },
        })
    }
}

/// Seven bits an octet, the low ones first.
fn put(into: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

fn take(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (octet, rest) = from.split_first()?;
        *from = rest;
        number |= u64::from(octet & 0x7f) << shift;
        if octet & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test that fails says so by panicking
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_goes_in_comes_out(rows in prop::collection::vec((1..1_000_u64, any::<i64>(), prop::collection::vec(any::<u8>(), 0..50)), 1..50)) {
            let mut seq = 0;
            let rows: Vec<Sealed> = rows
                .into_iter()
                .map(|(step, received, frame)| {
                    seq += step;
                    Sealed { seq, received, frame }
                })
                .collect();
            let (data, size) = pack(&rows).unwrap();
            let block = Block::unpack(Topic::Audit, &data, size as u64).unwrap();
            prop_assert_eq!(block.len(), rows.len());
            for (place, row) in rows.iter().enumerate() {
                let body = RowBody::Frame { topic: Topic::Audit, bytes: row.frame.clone().into() };
                let expected = Row { seq: row.seq, received: stamp::time(row.received), body };
                prop_assert_eq!(block.row(place), Some(expected));
                prop_assert_eq!(block.after(row.seq), place + 1);
            }
            prop_assert_eq!(block.row(rows.len()), None);
        }

        #[test]
        fn strange_octets_are_refused(octets in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Block::read(Topic::Audit, octets.clone().into());
            prop_assert!(Block::unpack(Topic::Audit, &octets, 1_000).is_err());
        }
    }

    #[test]
    fn a_block_that_would_burst_is_refused_before_it_does() {
        let bomb = zstd::bulk::compress(&vec![0; 256 << 20], 1).unwrap();
        for size in [100, MOST as u64, u64::MAX] {
            assert!(Block::unpack(Topic::Audit, &bomb, size).is_err(), "{size}");
        }
        let (data, size) = pack(&[Sealed { seq: 7, received: 5, frame: b"abc".to_vec() }]).unwrap();
        assert!(Block::unpack(Topic::Audit, &data, size as u64 - 1).is_err());
        let torn = [&data[..data.len() - 5], &[0; 5]].concat();
        assert!(Block::unpack(Topic::Audit, &torn, size as u64).is_err());
    }
}
