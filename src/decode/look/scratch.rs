//! The lists of a look, used again for the next one on the same thread: most frames are alike.

use std::cell::Cell;

use super::Found;

/// Longer lists are let go.
const MOST: usize = 1 << 16;

/// What was found in a message, and where the fields stand.
#[derive(Default)]
pub(super) struct Lists {
    pub records: Vec<Found>,
    pub places: Vec<u32>,
}

thread_local! {
    static SPARE: Cell<Option<Lists>> = const { Cell::new(None) };
}

/// Empty lists, mostly with room.
pub(super) fn take() -> Lists {
    SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default()
}

impl Drop for Lists {
    fn drop(&mut self) {
        let (mut records, mut places) = (std::mem::take(&mut self.records), std::mem::take(&mut self.places));
        let room = records.capacity().max(places.capacity());
        if room == 0 || room > MOST {
            return;
        }
        records.clear();
        places.clear();
        // A thread that ends has no use for them.
        let _ = SPARE.try_with(|spare| {
            if let Some(mut other) = spare.replace(Some(Lists { records, places })) {
                // Let go of for good: taken apart, it has nothing to give back.
                other.records = Vec::new();
                other.places = Vec::new();
            }
        });
    }
}
