//! The keys of one issuer as an engine holds them: inline ones for ever, fetched ones as long as
//! their feed allows.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::algorithm::Algorithm;
use crate::feed::{Document, Feed, FeedRules, Freshness, News};
use crate::fetch::{
    CacheHeaders, FeedContent, FetchError, FetchOutcome, FetchResponse, Publication,
};
use crate::key::VerifyingKey;
use crate::keys::KeySet;
use crate::policy::{IssuerKeys, IssuerPolicy};
use crate::time::Timestamp;

/// The current keys of one issuer.
#[derive(Clone, Debug)]
pub(crate) struct CurrentKeys {
    keys: KeySet,
    algorithms: Vec<Algorithm>,
    remote: Option<Remote>,
}

/// What only fetched keys have.
#[derive(Clone, Debug)]
struct Remote {
    feed: Feed,
    document: Option<Document>,
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
                let feed = Feed::new(rules.with_jitter(seed));
                (KeySet::default(), Some(Remote { feed, document: None }))
            }
        };
        Self { keys, algorithms: policy.algorithms.clone(), remote }
    }

    /// The keys, unless they never came or are too old.
    pub(crate) fn usable(&self, now: Timestamp) -> Option<&KeySet> {
        match self.feed().map(|feed| feed.freshness(now)) {
            None | Some(Freshness::Fresh | Freshness::Stale) => Some(&self.keys),
            Some(Freshness::Empty | Freshness::Expired) => None,
        }
    }

    /// The one key that the operator pinned for this issuer: a token that names none can only mean it.
    /// A fetched set with one key today may have two tomorrow.
    pub(crate) fn pinned(&self) -> Option<&Arc<VerifyingKey>> {
        self.keys.single().filter(|_| self.remote.is_none())
    }

    pub(crate) fn feed(&self) -> Option<&Feed> {
        self.remote.as_ref().map(|remote| &remote.feed)
    }

    pub(crate) fn feed_mut(&mut self) -> Option<&mut Feed> {
        self.remote.as_mut().map(|remote| &mut remote.feed)
    }

    /// Whether waiting for a fetch can help a request that found no key.
    pub(crate) fn ask(&mut self, now: Timestamp) -> bool {
        self.feed_mut().is_some_and(|feed| feed.ask(now))
    }

    /// `ETag` of the document in force.
    pub(crate) fn entity_tag(&self) -> Option<&str> {
        self.remote.as_ref()?.document.as_ref()?.entity_tag()
    }

    pub(crate) fn publication(&self) -> Option<Publication<'_>> {
        let remote = self.remote.as_ref()?;
        remote.document.as_ref()?.publication(&remote.feed)
    }

    /// Judges an answer; a bad one changes nothing but the time of the next fetch.
    pub(crate) fn accept(&mut self, response: FetchResponse<'_>, now: Timestamp) -> FetchOutcome {
        let Some(remote) = &mut self.remote else {
            return FetchOutcome::Kept(FetchError::Unexpected);
        };
        let headers = CacheHeaders::of(&response);
        let (error, retry) = match response {
            FetchResponse::Received { status: 304, .. } if remote.document.is_some() => {
                remote.feed.succeeded(News::Same, headers.fresh_seconds, now);
                return FetchOutcome::Unchanged;
            }
            FetchResponse::Received { status: 200, body, .. } => {
                match KeySet::load(body, &self.algorithms) {
                    Ok(loaded) => {
                        remote.document = Some(Document::new(body, headers.entity_tag));
                        remote.feed.succeeded(News::Changed, headers.fresh_seconds, now);
                        return self.take(loaded.keys, loaded.skipped.len());
                    }
                    Err(error) => (FetchError::KeySet(error), None),
                }
            }
            FetchResponse::Received { status, .. } => {
                (FetchError::Status(status), headers.retry_after_seconds)
            }
            FetchResponse::Failed => (FetchError::Failed, None),
        };
        remote.feed.failed(retry, now);
        FetchOutcome::Kept(error)
    }

    /// Takes over what another engine fetched, if it is no older than what is in force here.
    pub(crate) fn adopt(&mut self, publication: Publication<'_>, now: Timestamp) -> FetchOutcome {
        let Some(remote) = &mut self.remote else {
            return FetchOutcome::Kept(FetchError::Unexpected);
        };
        if remote.feed.received().is_some_and(|received| publication.received < received) {
            return FetchOutcome::Kept(FetchError::Rollback);
        }
        if remote.document.as_ref().is_some_and(|document| document.is(&publication)) {
            remote.feed.adopted(publication.received, now);
            return FetchOutcome::Unchanged;
        }
        match KeySet::load(publication.body, &self.algorithms) {
            Ok(loaded) => {
                remote.document = Some(Document::from(publication));
                remote.feed.adopted(publication.received, now);
                self.take(loaded.keys, loaded.skipped.len())
            }
            Err(error) => FetchOutcome::Kept(FetchError::KeySet(error)),
        }
    }

    fn take(&mut self, keys: KeySet, skipped: usize) -> FetchOutcome {
        self.keys = keys;
        let keys = self.keys.iter().count();
        FetchOutcome::Accepted(FeedContent::KeySet { keys, skipped })
    }
}
