//! The list that is in force, and everybody who waits for the next one.

use core::time::Duration;
use std::sync::Arc;

use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

use super::{StatusDocument, StatusList};
use crate::config::IssuerUrl;
use crate::signing::SigningError;
use crate::snapshot::Signer;

/// Edges that may wait at once. One more is answered at once, which costs it a poll.
const MAX_WAITING: usize = 10_000;

/// A list is signed again after this time, so that its `exp` stays far away. Shorter than the ten
/// minutes that are promised, which leaves time to look.
const RENEW: Duration = Duration::from_mins(9);

/// One list for many readers; they wait, the writer never does.
pub(crate) struct StatusFeed {
    state: watch::Sender<State>,
    places: Semaphore,
}

#[derive(Default)]
struct State {
    document: Option<Arc<StatusDocument>>,
    is_closed: bool,
}

impl StatusFeed {
    pub(crate) fn new() -> Self {
        Self { state: watch::Sender::default(), places: Semaphore::new(MAX_WAITING) }
    }

    /// Signs and hands out the list, unless the one in force says the same and is young.
    pub(crate) fn publish(
        &self,
        list: &StatusList,
        issuer: &IssuerUrl,
        signer: Option<&Signer>,
        now: u64,
    ) -> Result<(), SigningError> {
        let current = self.current();
        let Some(signer) = signer else {
            // A list of a key that was withdrawn is worth nothing.
            self.state.send_if_modified(|state| state.document.take().is_some());
            return Ok(());
        };
        let is_young = |document: &Arc<StatusDocument>| {
            document.serves(list, signer, document.signed.elapsed())
        };
        if current.as_ref().is_some_and(is_young) {
            return Ok(());
        }
        let earliest = current.map_or(0, |document| document.issued_at);
        let document = StatusDocument::sign(list, issuer, signer, earliest, now)?;
        self.state.send_modify(|state| state.document = Some(Arc::new(document)));
        Ok(())
    }

    /// The list, at once; none without a key to sign with.
    pub(crate) fn current(&self) -> Option<Arc<StatusDocument>> {
        self.state.borrow().document.clone()
    }

    /// The list, once it is not one that the caller knows, or when the time is up.
    pub(crate) async fn wait(
        &self,
        is_known: impl Fn(&StatusDocument) -> bool,
        patience: Duration,
    ) -> Option<Arc<StatusDocument>> {
        let is_news =
            |state: &State| state.is_closed || !state.document.as_deref().is_some_and(&is_known);
        let Ok(_place) = self.places.try_acquire() else { return self.current() };
        // Looks before it waits, so no change is missed. Whichever way it ends, the answer is
        // the list of that moment.
        let _ = timeout(patience, self.state.subscribe().wait_for(is_news)).await;
        self.current()
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> usize {
        MAX_WAITING.saturating_sub(self.places.available_permits())
    }

    /// Ends all waiting: the issuer stops.
    pub(crate) fn close(&self) {
        self.state.send_modify(|state| state.is_closed = true);
    }
}

impl StatusDocument {
    /// Whether it still says all that is to be said.
    fn serves(&self, list: &StatusList, signer: &Signer, age: Duration) -> bool {
        self.sequence == list.sequence()
            && self.length == list.length
            && self.key_id == signer.key_id
            && age < RENEW
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::{SigningAlgorithm, SigningKey};
    use crate::store::StatusRecord;
    use tokio::time::Instant;

    fn signer(key_id: &str) -> Signer {
        let (key, _) = SigningKey::generate(SigningAlgorithm::Ed25519).unwrap();
        Signer { key_id: key_id.to_owned(), key }
    }

    fn list(sequence: u64) -> StatusList {
        StatusList::build(StatusRecord { sequence, ..StatusRecord::default() }, None)
    }

    fn issuer() -> IssuerUrl {
        IssuerUrl::parse("https://issuer.example").unwrap()
    }

    fn tag(feed: &StatusFeed) -> Option<String> {
        feed.current().map(|document| document.entity_tag.clone())
    }

    #[test]
    fn signs_again_for_a_change_or_another_key_only() {
        let (feed, a, b) = (StatusFeed::new(), signer("a"), signer("b"));
        feed.publish(&list(1), &issuer(), Some(&a), 100).unwrap();
        let first = tag(&feed);
        feed.publish(&list(1), &issuer(), Some(&a), 101).unwrap();
        assert_eq!(tag(&feed), first);
        feed.publish(&list(2), &issuer(), Some(&a), 101).unwrap();
        let second = tag(&feed);
        assert_ne!(second, first);
        feed.publish(&list(2), &issuer(), Some(&b), 101).unwrap();
        assert_ne!(tag(&feed), second);
        feed.publish(&list(2), &issuer(), None, 101).unwrap();
        assert_eq!(tag(&feed), None);
    }

    #[test]
    fn signs_again_within_ten_minutes() {
        let (feed, a) = (StatusFeed::new(), signer("a"));
        feed.publish(&list(1), &issuer(), Some(&a), 100).unwrap();
        let document = feed.current().unwrap();
        assert!(document.serves(&list(1), &a, Duration::from_secs(539)));
        assert!(!document.serves(&list(1), &a, RENEW));
    }

    /// Edges refuse a list that is older than the one they hold.
    #[test]
    fn never_dates_a_list_back() {
        let (feed, a) = (StatusFeed::new(), signer("a"));
        feed.publish(&list(1), &issuer(), Some(&a), 100).unwrap();
        feed.publish(&list(2), &issuer(), Some(&a), 90).unwrap();
        assert_eq!(feed.current().unwrap().issued_at, 100);
    }

    #[tokio::test]
    async fn wakes_who_waits_and_lets_others_go_in_time() {
        let (feed, a) = (Arc::new(StatusFeed::new()), signer("a"));
        feed.publish(&list(1), &issuer(), Some(&a), 100).unwrap();
        let late = feed.wait(|_| true, Duration::from_millis(5)).await;
        assert_eq!(late.unwrap().sequence, 1);

        let shared = Arc::clone(&feed);
        let known = |document: &StatusDocument| document.sequence == 1;
        let waiting = tokio::spawn(async move { shared.wait(known, Duration::from_mins(1)).await });
        while feed.waiting() == 0 {
            tokio::task::yield_now().await;
        }
        feed.publish(&list(2), &issuer(), Some(&a), 100).unwrap();
        let woken = waiting.await.unwrap();
        assert_eq!(woken.unwrap().sequence, 2);
        assert_eq!(feed.waiting(), 0);
    }

    #[tokio::test]
    async fn lets_nobody_wait_when_it_is_full_or_closed() {
        let (feed, a) = (StatusFeed::new(), signer("a"));
        feed.publish(&list(1), &issuer(), Some(&a), 100).unwrap();
        let started = Instant::now();
        let taken = feed.places.acquire_many(10_000).await.unwrap();
        feed.wait(|_| true, Duration::from_mins(1)).await;
        drop(taken);
        feed.close();
        feed.wait(|_| true, Duration::from_mins(1)).await;
        assert!(started.elapsed() < Duration::from_secs(30));
    }
}
