//! The keys of one issuer as an engine holds them: inline ones for ever, fetched ones as long as
//! their feed allows.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::algorithm::Algorithm;
use crate::feed::{Feed, FeedRules, Remote};
use crate::fetch::{FeedContent, FetchError, FetchOutcome, FetchResponse, Publication};
use crate::key::VerifyingKey;
use crate::keys::{KeySet, LoadedKeySet};
use crate::policy::{IssuerKeys, IssuerPolicy};
use crate::time::Timestamp;

/// The current keys of one issuer.
#[derive(Clone, Debug)]
pub(crate) struct CurrentKeys {
    keys: KeySet,
    /// Grows with every new key set.
    generation: u64,
    algorithms: Vec<Algorithm>,
    remote: Option<Remote>,
}

impl CurrentKeys {
    /// The keys of a policy; `seed` spreads the fetches of many edges.
    pub(crate) fn new(policy: &IssuerPolicy, seed: u64) -> Self {
        let (keys, remote) = match &policy.keys {
            IssuerKeys::Inline(keys) => (keys.clone(), None),
            IssuerKeys::Remote(remote) => {
                let rules = FeedRules {
                    refresh_seconds: remote.refresh_seconds,
                    jitter_seconds: 0,
                    cooldown_seconds: remote.cooldown_seconds,
                    maximum_stale_seconds: remote.maximum_stale_seconds,
                    wait_seconds: 0,
                };
                (KeySet::default(), Some(Remote::new(rules.with_jitter(seed))))
            }
        };
        Self { keys, generation: 0, algorithms: policy.algorithms.clone(), remote }
    }

    /// The keys, unless they never came or are too old.
    pub(crate) fn usable(&self, now: Timestamp) -> Option<&KeySet> {
        self.usable_until().is_some_and(|end| now < end).then_some(&self.keys)
    }

    /// The first second in which the keys are too old, if none come until then; none if they never came.
    pub(crate) fn usable_until(&self) -> Option<Timestamp> {
        self.remote.as_ref().map_or(Some(Timestamp::NEVER), Remote::usable_until)
    }

    /// The one key that the operator pinned for this issuer: a token that names none can only mean it.
    /// A fetched set with one key today may have two tomorrow.
    pub(crate) fn pinned(&self) -> Option<&Arc<VerifyingKey>> {
        self.keys.single().filter(|_| self.remote.is_none())
    }

    /// Which key set is in force: a key that was not found in one may be in the next.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    pub(crate) fn feed(&self) -> Option<&Feed> {
        self.remote.as_ref().map(Remote::feed)
    }

    pub(crate) fn feed_mut(&mut self) -> Option<&mut Feed> {
        self.remote.as_mut().map(Remote::feed_mut)
    }

    /// Whether waiting for a fetch can help a request that found no key.
    pub(crate) fn ask(&mut self, now: Timestamp) -> bool {
        self.feed_mut().is_some_and(|feed| feed.ask(now))
    }

    /// `ETag` of the document in force.
    pub(crate) fn entity_tag(&self) -> Option<&str> {
        self.remote.as_ref()?.entity_tag()
    }

    pub(crate) fn publication(&self) -> Option<Publication<'_>> {
        self.remote.as_ref()?.publication()
    }

    /// Judges an answer; a bad one changes nothing but the time of the next fetch.
    pub(crate) fn accept(&mut self, response: FetchResponse<'_>, now: Timestamp) -> FetchOutcome {
        let Some(remote) = &mut self.remote else {
            return FetchOutcome::Kept(FetchError::Unexpected);
        };
        let loaded = remote.accept(response, now, |body| load(body, &self.algorithms));
        self.take(loaded)
    }

    /// Takes over what another engine fetched, if it is no older than what is in force here.
    pub(crate) fn adopt(&mut self, publication: Publication<'_>, now: Timestamp) -> FetchOutcome {
        let Some(remote) = &mut self.remote else {
            return FetchOutcome::Kept(FetchError::Unexpected);
        };
        let loaded = remote.adopt(publication, now, |body| load(body, &self.algorithms));
        self.take(loaded)
    }

    /// A key that stays is the same key: what it has verified stays verified.
    fn take(&mut self, loaded: Result<Option<LoadedKeySet>, FetchError>) -> FetchOutcome {
        match loaded {
            Ok(Some(loaded)) => {
                self.keys = loaded.keys.keeping(&self.keys);
                self.generation = self.generation.wrapping_add(1);
                FetchOutcome::Accepted(FeedContent::KeySet {
                    keys: self.keys.iter().count(),
                    skipped: loaded.skipped.len(),
                })
            }
            Ok(None) => FetchOutcome::Unchanged,
            Err(error) => FetchOutcome::Kept(error),
        }
    }
}

fn load(body: &[u8], algorithms: &[Algorithm]) -> Result<LoadedKeySet, FetchError> {
    KeySet::load(body, algorithms).map_err(FetchError::KeySet)
}
