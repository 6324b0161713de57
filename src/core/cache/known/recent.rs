//! The tokens that came last, in their order.

use alloc::collections::VecDeque;

use super::Entry;
use crate::cache::text::{TextHash, is_same};

/// So few that looking at each is fast.
#[derive(Clone, Debug, Default)]
pub(super) struct RecentTokens {
    entries: VecDeque<Entry>,
    bytes: usize,
}

impl RecentTokens {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn find(&self, hash: TextHash, text: &str) -> Option<usize> {
        self.entries.iter().position(|entry| entry.hash == hash && is_same(&entry.text, text))
    }

    pub(super) fn get_mut(&mut self, position: usize) -> Option<&mut Entry> {
        self.entries.get_mut(position)
    }

    pub(super) fn push(&mut self, entry: Entry) {
        self.bytes = self.bytes.saturating_add(entry.size);
        self.entries.push_back(entry);
    }

    pub(super) fn oldest(&self) -> Option<&Entry> {
        self.entries.front()
    }

    /// Takes the oldest out.
    pub(super) fn pop(&mut self) -> Option<Entry> {
        let entry = self.entries.pop_front()?;
        self.bytes = self.bytes.saturating_sub(entry.size);
        Some(entry)
    }

    pub(super) fn remove(&mut self, position: usize) {
        if let Some(entry) = self.entries.remove(position) {
            self.bytes = self.bytes.saturating_sub(entry.size);
        }
    }
}
