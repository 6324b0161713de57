//! The good tokens: a table by hash, and a clock hand that goes round to make room.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use hashbrown::HashTable;

use super::text::is_same;
use super::{CacheLimits, Known};

/// Verified tokens within limits.
#[derive(Clone, Debug)]
pub(super) struct KnownTokens {
    limits: CacheLimits,
    /// Positions in `slots`.
    index: HashTable<u32>,
    slots: Vec<Slot>,
    bytes: usize,
    hand: usize,
}

#[derive(Clone, Debug)]
struct Slot {
    hash: u64,
    text: Box<str>,
    known: Known,
    size: usize,
    /// Since the hand last came by.
    was_used: bool,
}

impl KnownTokens {
    pub(super) fn new(limits: CacheLimits) -> Self {
        Self { limits, index: HashTable::new(), slots: Vec::new(), bytes: 0, hand: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The position of a text.
    pub(super) fn find(&self, hash: u64, text: &str) -> Option<usize> {
        let slot = |position: &u32| self.slots.get(*position as usize);
        let is_it = |position: &u32| {
            slot(position).is_some_and(|slot| slot.hash == hash && is_same(&slot.text, text))
        };
        self.index.find(hash, is_it).map(|position| *position as usize)
    }

    /// What is known at a position; it counts as used.
    pub(super) fn get(&mut self, position: usize) -> Option<&Known> {
        let slot = self.slots.get_mut(position)?;
        slot.was_used = true;
        Some(&slot.known)
    }

    /// Keeps a token, and forgets others for it if need be.
    pub(super) fn insert(&mut self, hash: u64, text: String, known: Known) {
        let size = text.len().saturating_add(known.claims.size()).saturating_add(OVERHEAD);
        if self.limits.entries == 0 || size > self.limits.bytes || self.find(hash, &text).is_some()
        {
            return;
        }
        while self.slots.len() >= self.limits.entries
            || self.bytes.saturating_add(size) > self.limits.bytes
        {
            self.evict();
        }
        let Ok(position) = u32::try_from(self.slots.len()) else { return };
        self.bytes = self.bytes.saturating_add(size);
        self.slots.push(Slot { hash, text: text.into(), known, size, was_used: false });
        let slots = &self.slots;
        let hash_of = |position: &u32| slots.get(*position as usize).map_or(0, |slot| slot.hash);
        self.index.insert_unique(hash, position, hash_of);
    }

    /// Forgets what is at a position; the last slot takes its place.
    pub(super) fn remove(&mut self, position: usize) {
        self.unindex(position);
        let last = self.slots.len().saturating_sub(1);
        if position != last {
            self.move_index(last, position);
        }
        if position <= last && !self.slots.is_empty() {
            let slot = self.slots.swap_remove(position);
            self.bytes = self.bytes.saturating_sub(slot.size);
        }
    }

    /// Forgets one that was not used lately: the first that the hand finds, and after some steps any, so
    /// that no request pays for a whole round.
    fn evict(&mut self) {
        for step in 1..=STEPS {
            self.hand = self.hand.saturating_add(1);
            if self.hand >= self.slots.len() {
                self.hand = 0;
            }
            let Some(slot) = self.slots.get_mut(self.hand) else { return };
            if !slot.was_used || step == STEPS {
                self.remove(self.hand);
                return;
            }
            slot.was_used = false;
        }
    }

    fn unindex(&mut self, position: usize) {
        let Some(hash) = self.slots.get(position).map(|slot| slot.hash) else { return };
        if let Ok(entry) = self.index.find_entry(hash, |other| *other as usize == position) {
            entry.remove();
        }
    }

    fn move_index(&mut self, from: usize, to: usize) {
        let Some(hash) = self.slots.get(from).map(|slot| slot.hash) else { return };
        let Ok(to) = u32::try_from(to) else { return };
        if let Some(position) = self.index.find_mut(hash, |other| *other as usize == from) {
            *position = to;
        }
    }
}

/// Slot, place in the table, and what an allocator adds to five allocations.
const OVERHEAD: usize = 160;

/// How far the hand goes for one new token.
const STEPS: usize = 32;
