//! Tokens that were verified before. A signature costs a thousand times what it takes to find that
//! the same text was checked a moment ago.
//!
//! An entry is the whole text of a token, the key that verified it, and its claims; never a verdict:
//! times, status, binding and policy are asked anew for every request. It is good only as long as its
//! key is in force. Number and bytes of the entries are bounded.

use alloc::string::String;
use alloc::sync::Arc;

use crate::claims::Claims;
use crate::key::VerifyingKey;

mod known;
mod refused;
mod text;

use self::known::KnownTokens;
pub(crate) use self::refused::Refusal;
use self::refused::RefusedTokens;
pub(crate) use self::text::is_same;
use self::text::{TextHash, TextHasher};

/// How much may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CacheLimits {
    pub(crate) entries: usize,
    pub(crate) bytes: usize,
}

/// How well the cache serves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheStatistics {
    /// Requests whose token was known, good or bad.
    pub hits: u64,
    /// Requests whose signature had to be checked.
    pub misses: u64,
    /// Good tokens that are known at the moment.
    pub entries: usize,
    /// Bytes that they take, roughly.
    pub bytes: usize,
}

/// What a verified text says.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// Position in the policy.
    pub(crate) issuer: usize,
    pub(crate) key: Arc<VerifyingKey>,
    pub(crate) claims: Arc<Claims>,
}

/// The tokens that one engine knows.
#[derive(Clone, Debug)]
pub(crate) struct TokenCache {
    hasher: TextHasher,
    known: KnownTokens,
    refused: RefusedTokens,
    hits: u64,
    misses: u64,
}

impl TokenCache {
    /// Nothing yet. The `seed` keeps others from knowing which texts fall together.
    pub(crate) fn new(limits: CacheLimits, seed: u64) -> Self {
        Self {
            hasher: TextHasher::new(seed),
            known: KnownTokens::new(limits),
            refused: RefusedTokens::new(limits),
            hits: 0,
            misses: 0,
        }
    }

    /// The hash of a text, for those who ask several things about it.
    pub(crate) fn hash(&self, text: &str) -> TextHash {
        self.hasher.hash(text)
    }

    /// What was found out about a text, if `is_in_force` still says so of its key.
    pub(crate) fn find(
        &mut self,
        text: &str,
        hash: TextHash,
        is_in_force: impl FnOnce(&Known) -> bool,
    ) -> Option<Known> {
        let place = self.known.find(hash, text)?;
        let known = self.known.get(place).filter(|known| is_in_force(known)).cloned();
        match &known {
            Some(_) => self.hits = self.hits.saturating_add(1),
            None => self.known.remove(place),
        }
        known
    }

    /// What was found out about a text, for a host that will not ask again.
    pub(crate) fn peek(&mut self, text: &str) -> Option<Known> {
        let place = self.known.find(self.hasher.hash(text), text)?;
        self.known.get(place).cloned()
    }

    /// Why a text was refused before, if `is_in_force` says that it would be again.
    pub(crate) fn find_refused(
        &mut self,
        text: &str,
        hash: TextHash,
        is_in_force: impl FnOnce(&Refusal) -> bool,
    ) -> Option<Refusal> {
        let refusal = self.refused.find(hash, text)?;
        if !is_in_force(refusal) {
            return None;
        }
        self.hits = self.hits.saturating_add(1);
        Some(refusal.clone())
    }

    /// Keeps a token that was verified.
    pub(crate) fn admit(&mut self, text: String, known: Known) {
        self.known.insert(self.hasher.hash(&text), text, known);
    }

    /// Keeps a text that no check would make any better.
    pub(crate) fn refuse(&mut self, text: &str, refusal: Refusal) {
        self.refused.insert(self.hasher.hash(text), text, refusal);
    }

    /// Counts a signature that had to be checked.
    pub(crate) fn count_miss(&mut self) {
        self.misses = self.misses.saturating_add(1);
    }

    pub(crate) fn statistics(&self) -> CacheStatistics {
        CacheStatistics {
            hits: self.hits,
            misses: self.misses,
            entries: self.known.len(),
            bytes: self.known.bytes(),
        }
    }
}

#[cfg(test)]
mod tests;
