//! What an engine wants to have fetched, and what becomes of the answers.

use super::Engine;
use crate::feed::Feed;
use crate::fetch::{
    FeedId, FeedKind, FeedState, Fetch, FetchError, FetchOutcome, FetchResponse, Publication,
};
use crate::issuer_keys::CurrentKeys;
use crate::keys::KeySet;
use crate::status::{CurrentStatus, StatusDocument, StatusListError};
use crate::time::Timestamp;

impl Engine {
    /// The next fetch that is due, if any; the host asks again until there is none.
    pub fn poll(&mut self, now: Timestamp) -> Option<Fetch> {
        let feed = self.due_key_set(now).or_else(|| self.due_status_list(now))?;
        self.fetch(feed)
    }

    /// Takes the answer to a fetch.
    pub fn accept(
        &mut self,
        feed: FeedId,
        response: FetchResponse<'_>,
        now: Timestamp,
    ) -> FetchOutcome {
        let outcome = match self.holder(feed, now) {
            Some(Holder::Keys(keys)) => keys.accept(response, now),
            Some(Holder::Status(status, keys)) => status.accept(response, keys, now),
            None => FetchOutcome::Kept(FetchError::Unexpected),
        };
        self.look_for_key(feed, outcome, now)
    }

    /// The document that a feed has in force. Another engine of the same policy, such as that of another
    /// worker, may [adopt](Self::adopt) it instead of fetching it again.
    pub fn publication(&self, feed: FeedId) -> Option<Publication<'_>> {
        match feed.kind {
            FeedKind::KeySet => self.keys.get(feed.issuer)?.publication(),
            FeedKind::StatusList => self.status(feed)?.publication(),
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
        let outcome = match self.holder(feed, now) {
            Some(Holder::Keys(keys)) => keys.adopt(publication, now),
            Some(Holder::Status(status, keys)) => status.adopt(publication, keys, now),
            None => FetchOutcome::Kept(FetchError::Unexpected),
        };
        self.look_for_key(feed, outcome, now)
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

    fn status(&self, feed: FeedId) -> Option<&CurrentStatus> {
        self.statuses.get(feed.issuer)?.as_ref()
    }

    fn feed(&self, feed: FeedId) -> Option<&Feed> {
        match feed.kind {
            FeedKind::KeySet => self.keys.get(feed.issuer)?.feed(),
            FeedKind::StatusList => Some(self.status(feed)?.feed()),
        }
    }

    fn feed_mut(&mut self, feed: FeedId) -> Option<&mut Feed> {
        match feed.kind {
            FeedKind::KeySet => self.keys.get_mut(feed.issuer)?.feed_mut(),
            FeedKind::StatusList => Some(self.statuses.get_mut(feed.issuer)?.as_mut()?.feed_mut()),
        }
    }

    fn holder(&mut self, feed: FeedId, now: Timestamp) -> Option<Holder<'_>> {
        let keys = self.keys.get_mut(feed.issuer)?;
        match feed.kind {
            FeedKind::KeySet => Some(Holder::Keys(keys)),
            FeedKind::StatusList => {
                let status = self.statuses.get_mut(feed.issuer)?.as_mut()?;
                Some(Holder::Status(status, keys.usable(now)))
            }
        }
    }

    fn due_key_set(&mut self, now: Timestamp) -> Option<FeedId> {
        let due = |feed: Option<&mut Feed>| feed.is_some_and(|feed| feed.start_fetch(now));
        let issuer = self.keys.iter_mut().position(|keys| due(keys.feed_mut()))?;
        Some(FeedId { issuer, kind: FeedKind::KeySet })
    }

    /// A list whose keys are there: without them its signature could not be checked.
    fn due_status_list(&mut self, now: Timestamp) -> Option<FeedId> {
        let mut pairs = self.statuses.iter_mut().zip(&self.keys);
        let issuer = pairs.position(|(status, keys)| {
            let status = status.as_mut().filter(|_| keys.usable(now).is_some());
            status.is_some_and(|status| status.feed_mut().start_fetch(now))
        })?;
        Some(FeedId { issuer, kind: FeedKind::StatusList })
    }

    /// A list that is signed with an unknown key may be the first sign of a new key.
    fn look_for_key(
        &mut self,
        feed: FeedId,
        outcome: FetchOutcome,
        now: Timestamp,
    ) -> FetchOutcome {
        let unknown_key = FetchError::StatusList(StatusListError::UnknownKey);
        if outcome == FetchOutcome::Kept(unknown_key)
            && let Some(keys) = self.keys.get_mut(feed.issuer)
        {
            keys.ask(now);
        }
        outcome
    }

    fn entity_tag(&self, feed: FeedId) -> Option<&str> {
        match feed.kind {
            FeedKind::KeySet => self.keys.get(feed.issuer)?.entity_tag(),
            FeedKind::StatusList => self.status(feed)?.entity_tag(),
        }
    }

    fn fetch(&self, feed: FeedId) -> Option<Fetch> {
        let source = self.policy.feed_sources().find(|source| source.feed == feed)?;
        let seconds = self.feed(feed)?.timeout_seconds();
        let (accept, maximum_bytes) = match feed.kind {
            FeedKind::KeySet => {
                ("application/jwk-set+json, application/json", KeySet::MAXIMUM_BYTES)
            }
            FeedKind::StatusList => ("application/statuslist+jwt", StatusDocument::MAXIMUM_BYTES),
        };
        Some(Fetch {
            feed,
            kind: feed.kind,
            uri: source.uri.clone(),
            cluster: source.envoy_cluster.map(Into::into),
            accept,
            entity_tag: self.entity_tag(feed).map(Into::into),
            timeout_seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
            maximum_bytes,
        })
    }
}

/// Whom a document is for, and what it is checked with.
enum Holder<'a> {
    Keys(&'a mut CurrentKeys),
    Status(&'a mut CurrentStatus, Option<&'a KeySet>),
}
