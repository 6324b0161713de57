//! The tokens that came again: a table by hash, and a clock hand that goes round to make room.

use alloc::vec::Vec;

use hashbrown::HashTable;

use super::Entry;
use crate::cache::text::{TextHash, is_same};

/// Any number of tokens; the limits are those of the owner.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptTokens {
    /// Positions in `entries`.
    index: HashTable<u32>,
    entries: Vec<Entry>,
    bytes: usize,
    hand: usize,
}

impl KeptTokens {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The position of a text.
    pub(super) fn find(&self, hash: TextHash, text: &str) -> Option<usize> {
        let entry = |position: &u32| self.entries.get(*position as usize);
        let is_it = |position: &u32| {
            entry(position).is_some_and(|entry| entry.hash == hash && is_same(&entry.text, text))
        };
        self.index.find(hash.bits(), is_it).map(|position| *position as usize)
    }

    pub(super) fn get_mut(&mut self, position: usize) -> Option<&mut Entry> {
        self.entries.get_mut(position)
    }

    pub(super) fn push(&mut self, entry: Entry) {
        let Ok(position) = u32::try_from(self.entries.len()) else { return };
        let hash = entry.hash;
        self.bytes = self.bytes.saturating_add(entry.size);
        self.entries.push(Entry { was_used: false, ..entry });
        let entries = &self.entries;
        let hash_of =
            |position: &u32| entries.get(*position as usize).map_or(0, |entry| entry.hash.bits());
        self.index.insert_unique(hash.bits(), position, hash_of);
    }

    /// Forgets what is at a position; the last entry takes its place.
    pub(super) fn remove(&mut self, position: usize) {
        let last = self.entries.len().checked_sub(1);
        let Some(last) = last.filter(|last| position <= *last) else { return };
        self.unindex(position);
        if position != last {
            self.move_index(last, position);
        }
        let entry = self.entries.swap_remove(position);
        self.bytes = self.bytes.saturating_sub(entry.size);
    }

    /// Forgets one that was not used lately: the first that the hand finds, and after some steps any, so
    /// that no request pays for a whole round. Whether there was one.
    pub(super) fn evict(&mut self) -> bool {
        for step in 1..=STEPS {
            self.hand = self.hand.saturating_add(1);
            if self.hand >= self.entries.len() {
                self.hand = 0;
            }
            let Some(entry) = self.entries.get_mut(self.hand) else { return false };
            if !entry.was_used || step == STEPS {
                self.remove(self.hand);
                return true;
            }
            entry.was_used = false;
        }
        false
    }

    fn unindex(&mut self, position: usize) {
        let Some(hash) = self.entries.get(position).map(|entry| entry.hash.bits()) else { return };
        if let Ok(entry) = self.index.find_entry(hash, |other| *other as usize == position) {
            entry.remove();
        }
    }

    fn move_index(&mut self, from: usize, to: usize) {
        let Some(hash) = self.entries.get(from).map(|entry| entry.hash.bits()) else { return };
        let Ok(to) = u32::try_from(to) else { return };
        if let Some(position) = self.index.find_mut(hash, |other| *other as usize == from) {
            *position = to;
        }
    }
}

/// How far the hand goes for one new token.
const STEPS: usize = 32;

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;
    use crate::cache::tests::{key, known};
    use crate::cache::text::TextHasher;

    /// Tokens of these numbers, none of which was used since.
    fn kept(numbers: core::ops::Range<usize>) -> KeptTokens {
        let (mut kept, known) = (KeptTokens::default(), known(&key()));
        for number in numbers {
            let text = format!("{number:0>80}");
            let hash = TextHasher::new(7).hash(&text);
            let text = text.into();
            kept.push(Entry { hash, text, known: known.clone(), size: 10, was_used: true });
        }
        kept
    }

    /// The numbers in their places, each of which is found there.
    fn numbers(kept: &KeptTokens) -> Vec<usize> {
        assert_eq!((kept.index.len(), kept.bytes), (kept.entries.len(), 10 * kept.entries.len()));
        for (position, entry) in kept.entries.iter().enumerate() {
            assert_eq!(kept.find(entry.hash, &entry.text), Some(position));
        }
        kept.entries.iter().map(|entry| entry.text.parse().unwrap()).collect()
    }

    #[test]
    fn the_last_takes_the_place_of_one_that_leaves() {
        let mut kept = kept(0..5);
        kept.remove(1);
        assert_eq!(numbers(&kept), [0, 4, 2, 3]);
        kept.remove(3);
        assert_eq!(numbers(&kept), [0, 4, 2]);
        kept.remove(3);
        assert_eq!(numbers(&kept), [0, 4, 2]);
        for _ in 0..3 {
            kept.remove(0);
        }
        assert_eq!(numbers(&kept), [0; 0]);
        kept.remove(0);
        assert!(!kept.evict());
    }

    #[test]
    fn a_text_is_found_by_its_hash_and_by_itself() {
        let kept = kept(0..2);
        let [one, other] = kept.entries.as_slice() else { unreachable!() };
        assert_eq!(kept.find(one.hash, &other.text), None);
        assert_eq!(kept.find(other.hash, &one.text), None);
    }

    #[test]
    fn the_hand_passes_over_what_was_used_since_it_came_by() {
        let mut kept = kept(0..4);
        for position in [1, 2] {
            kept.get_mut(position).unwrap().was_used = true;
        }
        assert!(kept.evict());
        assert_eq!(numbers(&kept), [0, 1, 2]);
        // Behind the end it begins again, and those that it passed over have had their turn.
        assert!(kept.evict());
        assert_eq!(numbers(&kept), [2, 1]);
    }

    #[test]
    fn the_hand_does_not_go_on_for_ever() {
        let mut kept = kept(0..2 * STEPS);
        for entry in &mut kept.entries {
            entry.was_used = true;
        }
        assert!(kept.evict());
        assert_eq!(kept.len(), 2 * STEPS - 1);
        assert_eq!(kept.entries.iter().filter(|entry| !entry.was_used).count(), STEPS - 1);
    }
}
