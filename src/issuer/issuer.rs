//! One issuer at work: what every request shares.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};

use crate::audit::Audit;
use crate::clock::HighWater;
use crate::config::IssuerUrl;
use crate::secret::Pepper;
use crate::snapshot::Snapshot;

/// The state of an issuer. Readers never wait: the snapshot is swapped, not locked.
pub(crate) struct Issuer {
    pub(crate) url: IssuerUrl,
    pub(crate) pepper: Pepper,
    pub(crate) audit: Audit,
    clock: HighWater,
    snapshot: ArcSwap<Snapshot>,
    uses: Mutex<HashMap<String, u64>>,
}

impl Issuer {
    pub(crate) fn new(url: IssuerUrl, pepper: Pepper, audit: Audit, snapshot: Snapshot) -> Self {
        let clock = HighWater::default();
        clock.raise(snapshot.newest_change());
        Self {
            url,
            pepper,
            audit,
            clock,
            snapshot: ArcSwap::from_pointee(snapshot),
            uses: Mutex::default(),
        }
    }

    pub(crate) fn snapshot(&self) -> Guard<Arc<Snapshot>> {
        self.snapshot.load()
    }

    pub(crate) fn replace_snapshot(&self, snapshot: Snapshot) {
        self.clock.raise(snapshot.newest_change());
        self.snapshot.store(Arc::new(snapshot));
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

    pub(crate) fn take_uses(&self) -> HashMap<String, u64> {
        core::mem::take(&mut *self.uses.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
