//! What an engine wants to have fetched, and what becomes of the answers.

use alloc::string::String;

use super::Engine;
use crate::feed::Feed;
use crate::fetch::{
    FeedId, FeedKind, FeedState, Fetch, FetchError, FetchOutcome, FetchResponse, Publication,
};
use crate::keys::KeySet;
use crate::time::Timestamp;

impl Engine {
    /// The next fetch that is due, if any; the host asks again until there is none.
    pub fn poll(&mut self, now: Timestamp) -> Option<Fetch> {
        self.poll_key_set(now)
    }

    /// Takes the answer to a fetch.
    pub fn accept(
        &mut self,
        feed: FeedId,
        response: FetchResponse<'_>,
        now: Timestamp,
    ) -> FetchOutcome {
        match self.keys.get_mut(feed.issuer) {
            Some(keys) if feed.kind == FeedKind::KeySet => keys.accept(response, now),
            _ => FetchOutcome::Kept(FetchError::Unexpected),
        }
    }

    /// The document that a feed has in force. Another engine of the same policy, such as that of another
    /// worker, may [adopt](Self::adopt) it instead of fetching it again.
    pub fn publication(&self, feed: FeedId) -> Option<Publication<'_>> {
        match feed.kind {
            FeedKind::KeySet => self.keys.get(feed.issuer)?.publication(),
            FeedKind::StatusList => None,
        }
    }

    /// Takes over a document that another engine fetched, after the same checks as a fetched one. Only
    /// forward: what is older than the document in force is refused.
    pub fn adopt(
        &mut self,
        feed: FeedId,
        publication: Publication<'_>,
        now: Timestamp,
    ) -> FetchOutcome {
        match self.keys.get_mut(feed.issuer) {
            Some(keys) if feed.kind == FeedKind::KeySet => keys.adopt(publication, now),
            _ => FetchOutcome::Kept(FetchError::Unexpected),
        }
    }

    /// Leaves a polled fetch to another engine, which is no failure; asks again in a second.
    pub fn yield_fetch(&mut self, feed: FeedId, now: Timestamp) {
        if let Some(feed) = self.feed_mut(feed) {
            feed.yielded(now);
        }
    }

    /// The state of every feed.
    pub fn feeds(&self, now: Timestamp) -> impl Iterator<Item = FeedState<'_>> {
        self.policy.feed_sources().filter_map(move |source| {
            let feed = self.feed(source.feed)?;
            Some(FeedState {
                feed: source.feed,
                kind: source.feed.kind,
                issuer: source.issuer,
                freshness: feed.freshness(now),
                age_seconds: feed.age_seconds(now),
            })
        })
    }

    fn feed(&self, feed: FeedId) -> Option<&Feed> {
        match feed.kind {
            FeedKind::KeySet => self.keys.get(feed.issuer)?.feed(),
            FeedKind::StatusList => None,
        }
    }

    fn feed_mut(&mut self, feed: FeedId) -> Option<&mut Feed> {
        match feed.kind {
            FeedKind::KeySet => self.keys.get_mut(feed.issuer)?.feed_mut(),
            FeedKind::StatusList => None,
        }
    }

    fn poll_key_set(&mut self, now: Timestamp) -> Option<Fetch> {
        let due = |feed: Option<&mut Feed>| feed.is_some_and(|feed| feed.start_fetch(now));
        let issuer = self.keys.iter_mut().position(|keys| due(keys.feed_mut()))?;
        let entity_tag = self.keys.get(issuer)?.entity_tag().map(Into::into);
        self.fetch(FeedId { issuer, kind: FeedKind::KeySet }, entity_tag)
    }

    fn fetch(&self, feed: FeedId, entity_tag: Option<String>) -> Option<Fetch> {
        let source = self.policy.feed_sources().find(|source| source.feed == feed)?;
        let seconds = self.feed(feed)?.timeout_seconds();
        let (accept, maximum_bytes) = match feed.kind {
            FeedKind::KeySet => {
                ("application/jwk-set+json, application/json", KeySet::MAXIMUM_BYTES)
            }
            FeedKind::StatusList => ("application/statuslist+jwt", 0),
        };
        Some(Fetch {
            feed,
            kind: feed.kind,
            uri: source.uri.clone(),
            cluster: source.envoy_cluster.map(Into::into),
            accept,
            entity_tag,
            timeout_seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
            maximum_bytes,
        })
    }
}
