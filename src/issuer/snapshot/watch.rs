//! Follows the database: swaps the snapshot when it changed, writes back when secrets were used.

use core::time::Duration;
use std::sync::Arc;

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Snapshot;
use crate::issuer::Issuer;
use crate::report::warn;
use crate::signing::Sealer;
use crate::store::{Store, StoreError};

/// How often to look: a change is seen well within a second and costs nothing to look for.
const POLL: Duration = Duration::from_millis(200);

/// How often the last uses of secrets are written, in one transaction.
const WRITE_BACK: Duration = Duration::from_secs(10);

/// The one owner of the database connection of a running issuer. It writes through the same
/// connection that it polls with, so its own writes do not look like changes.
pub(crate) struct Watcher {
    store: Store,
    sealer: Sealer,
    issuer: Arc<Issuer>,
    seen: i64,
    failing: bool,
    written: Instant,
}

impl Watcher {
    pub(crate) async fn new(
        mut store: Store,
        sealer: Sealer,
        issuer: Arc<Issuer>,
    ) -> Result<Self, StoreError> {
        // 0 is never a data version, so the first poll reads once more: nothing that changed
        // between the first reading and now is missed.
        store.data_version().await?;
        Ok(Self { store, sealer, issuer, seen: 0, failing: false, written: Instant::now() })
    }

    /// Runs until it is dropped or `stop` is ready; then writes back once more.
    pub(crate) async fn run(mut self, stop: impl Future<Output = ()>) {
        let mut ticks = interval(POLL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = ticks.tick() => self.turn().await,
            }
        }
        self.write_back().await;
        if let Err(error) = self.store.close().await {
            warn(&error);
        }
    }

    async fn turn(&mut self) {
        match self.follow().await {
            Ok(()) => self.failing = false,
            // Said once: the issuer answers from its last snapshot until the database is back.
            Err(error) if !self.failing => {
                self.failing = true;
                warn(&error);
            }
            Err(_) => {}
        }
        if self.written.elapsed() >= WRITE_BACK {
            self.write_back().await;
        }
    }

    async fn follow(&mut self) -> Result<(), Box<dyn core::error::Error + Send + Sync>> {
        let version = self.store.data_version().await?;
        if version == self.seen {
            return Ok(());
        }
        let snapshot = Snapshot::build(self.store.contents().await?, &self.sealer)?;
        self.issuer.replace_snapshot(snapshot);
        self.seen = version;
        Ok(())
    }

    async fn write_back(&mut self) {
        self.written = Instant::now();
        let uses = self.issuer.take_uses();
        if uses.is_empty() {
            return;
        }
        if let Err(error) = self.store.note_use(&uses).await {
            warn(&error);
        }
    }
}
