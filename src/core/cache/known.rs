//! The good tokens. The last few are kept as they come; of those before them only the ones that came again.
//!
//! A program that asks for a token for every call brings tokens that nobody sees twice. Kept for long, they would
//! push out the ones that come again, and each would make the request that brings it tear down another.

use alloc::boxed::Box;
use alloc::string::String;

use super::text::TextHash;
use super::{CacheLimits, Known};

mod kept;
mod recent;
mod seen;

use self::kept::KeptTokens;
use self::recent::RecentTokens;
use self::seen::SeenHashes;

/// Verified tokens within limits.
#[derive(Clone, Debug)]
pub(super) struct KnownTokens {
    limits: CacheLimits,
    recent: RecentTokens,
    /// Of tokens that were recent and are forgotten.
    seen: SeenHashes,
    kept: KeptTokens,
}

/// A token and what is known of it.
#[derive(Clone, Debug)]
struct Entry {
    hash: TextHash,
    text: Box<str>,
    known: Known,
    /// Bytes, roughly.
    size: usize,
    /// Since it came, or since the hand last came by.
    was_used: bool,
}

/// Where a token is, until the next one comes or goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Kept(usize),
    Recent(usize),
}

impl KnownTokens {
    pub(super) fn new(limits: CacheLimits) -> Self {
        Self {
            limits,
            recent: RecentTokens::default(),
            seen: SeenHashes::new(limits),
            kept: KeptTokens::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len().saturating_add(self.recent.len())
    }

    pub(super) fn bytes(&self) -> usize {
        self.kept.bytes().saturating_add(self.recent.bytes())
    }

    /// The place of a text.
    pub(super) fn find(&self, hash: TextHash, text: &str) -> Option<Place> {
        let kept = self.kept.find(hash, text).map(Place::Kept);
        kept.or_else(|| self.recent.find(hash, text).map(Place::Recent))
    }

    /// What is known at a place; it counts as used.
    pub(super) fn get(&mut self, place: Place) -> Option<&Known> {
        let entry = match place {
            Place::Kept(position) => self.kept.get_mut(position),
            Place::Recent(position) => self.recent.get_mut(position),
        }?;
        entry.was_used = true;
        Some(&entry.known)
    }

    /// Forgets what is at a place.
    pub(super) fn remove(&mut self, place: Place) {
        match place {
            Place::Kept(position) => self.kept.remove(position),
            Place::Recent(position) => self.recent.remove(position),
        }
    }

    /// Takes a token, and forgets others for it if need be.
    pub(super) fn insert(&mut self, hash: TextHash, text: String, known: Known) {
        let size = text.len().saturating_add(known.claims.size()).saturating_add(OVERHEAD);
        if self.limits.entries == 0 || size > self.limits.bytes || self.find(hash, &text).is_some()
        {
            return;
        }
        let entry = Entry { hash, text: text.into(), known, size, was_used: false };
        if self.seen.take(hash) {
            self.make_room(size);
            self.kept.push(entry);
        } else {
            self.make_recent(size);
            self.make_room(size);
            self.recent.push(entry);
        }
    }

    /// Makes room among the recent ones, of which there are few: they are to stay in the caches of the processor.
    fn make_recent(&mut self, size: usize) {
        let entries = (self.limits.entries / SHARE).clamp(1, RECENT);
        while self.recent.len() >= entries
            || self.recent.bytes().saturating_add(size) > self.limits.bytes / SHARE
        {
            if !self.age() {
                return;
            }
        }
    }

    /// Makes room for one more within the limits.
    fn make_room(&mut self, size: usize) {
        while self.len() >= self.limits.entries
            || self.bytes().saturating_add(size) > self.limits.bytes
        {
            if !self.age_unused() && !self.kept.evict() && !self.age() {
                return;
            }
        }
    }

    /// What came last and only once is the least loss.
    fn age_unused(&mut self) -> bool {
        self.recent.oldest().is_some_and(|entry| !entry.was_used) && self.age()
    }

    /// Takes the oldest of the recent ones away: it stays if it was used, otherwise its hash does. Whether there was
    /// one.
    fn age(&mut self) -> bool {
        let Some(oldest) = self.recent.pop() else { return false };
        if oldest.was_used {
            self.kept.push(oldest);
        } else {
            self.seen.note(oldest.hash);
        }
        true
    }
}

/// Place in the table, and what an allocator adds to five allocations.
const OVERHEAD: usize = 160;

/// Most tokens that are kept without having come again.
const RECENT: usize = 16;

/// What part of either limit they may take.
const SHARE: usize = 4;
