//! One issuer at work: what every request shares.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::audit::Audit;
use crate::clock::HighWater;
use crate::config::IssuerUrl;
use crate::freshness::Freshness;
use crate::metrics::Metrics;
use crate::revocation::Revoker;
use crate::secret::Pepper;
use crate::signing::SigningError;
use crate::snapshot::Snapshot;
use crate::status::StatusFeed;

/// Token requests that are worked on at once. Each may hold a body of 16 KiB, so all of them hold
/// 32 MiB at most, however many connections and streams there are.
const MAX_REQUESTS: usize = 2048;

/// The state of an issuer. Readers never wait: the snapshot is swapped, not locked.
pub(crate) struct Issuer {
    pub(crate) url: IssuerUrl,
    pub(crate) pepper: Pepper,
    pub(crate) audit: Audit,
    pub(crate) freshness: Freshness,
    pub(crate) metrics: Metrics,
    pub(crate) status_feed: StatusFeed,
    pub(crate) revoker: Revoker,
    clock: HighWater,
    places: Semaphore,
    snapshot: ArcSwap<Snapshot>,
    uses: Mutex<HashMap<String, u64>>,
}

impl Issuer {
    pub(crate) fn new(
        url: IssuerUrl,
        pepper: Pepper,
        audit: Audit,
        revoker: Revoker,
        snapshot: Snapshot,
    ) -> Self {
        let clock = HighWater::default();
        clock.raise(snapshot.newest_change());
        Self {
            url,
            pepper,
            audit,
            freshness: Freshness::new(),
            metrics: Metrics::new(),
            status_feed: StatusFeed::new(),
            revoker,
            clock,
            places: Semaphore::new(MAX_REQUESTS),
            snapshot: ArcSwap::from_pointee(snapshot),
            uses: Mutex::default(),
        }
    }

    /// A place among the requests that are worked on, until it is dropped; none when all are taken.
    pub(crate) fn take_place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.try_acquire().ok()
    }

    pub(crate) fn snapshot(&self) -> Guard<Arc<Snapshot>> {
        self.snapshot.load()
    }

    pub(crate) fn replace_snapshot(&self, snapshot: Snapshot) {
        self.clock.raise(snapshot.newest_change());
        self.snapshot.store(Arc::new(snapshot));
    }

    /// Hands out the status list of the present snapshot, if edges do not hold it already.
    pub(crate) fn publish_status(&self, now: u64) -> Result<(), SigningError> {
        let snapshot = self.snapshot();
        self.status_feed.publish(snapshot.status(), &self.url, snapshot.signer(), now)
    }

    /// Whether the clock can be trusted to date a token.
    pub(crate) fn clock_admits(&self, now: u64) -> bool {
        self.clock.admits(now)
    }

    /// Remembers that a secret opened the door, until the next write-back.
    pub(crate) fn note_use(&self, secret_id: &str, now: u64) {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        match uses.get_mut(secret_id) {
            Some(at) => *at = now,
            None => {
                uses.insert(secret_id.to_owned(), now);
            }
        }
    }

    /// Puts back what could not be written; what was noted meanwhile is newer.
    pub(crate) fn return_uses(&self, earlier: HashMap<String, u64>) {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        for (secret_id, at) in earlier {
            uses.entry(secret_id).or_insert(at);
        }
    }

    pub(crate) fn take_uses(&self) -> HashMap<String, u64> {
        core::mem::take(&mut *self.uses.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
