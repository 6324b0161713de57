//! Hashes of tokens that were verified once. Two bytes are left of each, so one in some ten thousand tokens is
//! taken for one that came before; it is kept a little early then, and that is all.

use alloc::vec;
use alloc::vec::Vec;

use crate::cache::CacheLimits;
use crate::cache::text::TextHash;

/// A few places for each of some hashes; who comes later takes the place of any.
#[derive(Clone, Debug)]
pub(super) struct SeenHashes {
    /// Empty until the first hash comes. Zero is a free place.
    rows: Vec<[u16; WAYS]>,
    /// How many rows there will be: a power of two.
    size: usize,
    /// The place that is taken next in a full row. It does not depend on the hash, so that tokens that come round
    /// in turn do not push out each other for ever.
    turn: usize,
}

impl SeenHashes {
    /// For twice as many tokens as may be kept: with less room, tokens that come in turn would miss each other.
    pub(super) fn new(limits: CacheLimits) -> Self {
        let entries = limits.entries.min(limits.bytes / SMALLEST);
        let rows = entries.saturating_mul(2).div_ceil(WAYS);
        Self { rows: Vec::new(), size: rows.checked_next_power_of_two().unwrap_or(1), turn: 0 }
    }

    /// Notes a hash.
    pub(super) fn note(&mut self, hash: TextHash) {
        if self.rows.is_empty() {
            self.rows = vec![[0; WAYS]; self.size];
        }
        self.turn = self.turn.wrapping_add(1);
        let (at, tag, turn) = (self.row(hash), tag(hash), self.turn % WAYS);
        let Some(row) = self.rows.get_mut(at) else { return };
        let free = row.iter().position(|other| *other == 0 || *other == tag);
        if let Some(place) = row.get_mut(free.unwrap_or(turn)) {
            *place = tag;
        }
    }

    /// Whether a hash was noted; it is forgotten then.
    pub(super) fn take(&mut self, hash: TextHash) -> bool {
        let (at, tag) = (self.row(hash), tag(hash));
        let mut places = self.rows.get_mut(at).into_iter().flatten();
        match places.find(|other| **other == tag) {
            Some(place) => {
                *place = 0;
                true
            }
            None => false,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "any bits of a hash will do")]
    fn row(&self, hash: TextHash) -> usize {
        hash.bits() as usize & self.size.saturating_sub(1)
    }
}

/// The bits of a hash that do not choose the row.
fn tag(hash: TextHash) -> u16 {
    ((hash.bits() >> 48) as u16).max(1)
}

/// Places in a row: 16 bytes, so that a row is read at once.
const WAYS: usize = 8;

/// Bytes of a small token and its claims.
const SMALLEST: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::text::TextHasher;

    fn hash(number: usize) -> TextHash {
        TextHasher::new(7).hash(&alloc::format!("{number}"))
    }

    #[test]
    fn says_once_what_was_noted() {
        let mut seen = SeenHashes::new(CacheLimits { entries: 100, bytes: 1 << 20 });
        assert!(!seen.take(hash(1)));
        seen.note(hash(1));
        seen.note(hash(1));
        assert!(!seen.take(hash(2)));
        assert!(seen.take(hash(1)));
        assert!(!seen.take(hash(1)));
    }

    #[test]
    fn takes_no_more_memory_than_the_tokens_that_it_is_for() {
        for (entries, bytes, places) in
            [(1, 1 << 20, 8), (20_000, 1 << 24, 65_536), (1_000_000, 1 << 16, 256)]
        {
            let mut seen = SeenHashes::new(CacheLimits { entries, bytes });
            assert!(seen.rows.is_empty());
            for number in 0..3 * places {
                seen.note(hash(number));
            }
            assert_eq!(seen.rows.len() * WAYS, places);
            // The last one always has its place; the others of a full row lose theirs one by one.
            assert!(seen.take(hash(3 * places - 1)));
            let left = (0..3 * places).filter(|number| seen.take(hash(*number))).count();
            assert!(left < places && left * 10 > places * 9 || places == 8, "{left} of {places}");
        }
    }
}
