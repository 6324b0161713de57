//! Follows the database: swaps the snapshot when it changed, writes back when secrets were used.

use core::time::Duration;
use std::sync::Arc;

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Snapshot;
use crate::issuer::Issuer;
use crate::master_key::MasterKey;
use crate::report::{Reminder, warn};
use crate::store::{Store, StoreError};

/// How often to look: a change is seen well within a second and costs nothing to look for.
const POLL: Duration = Duration::from_millis(200);

/// How often the last uses of secrets are written, in one transaction.
const WRITE_BACK: Duration = Duration::from_secs(10);

/// How often to repeat that something is wrong.
const REMIND: Duration = Duration::from_mins(1);

/// The one owner of the database connection of a running issuer. It writes through the same
/// connection that it polls with, so its own writes do not look like changes.
pub(crate) struct Watcher {
    store: Store,
    master_key: MasterKey,
    issuer: Arc<Issuer>,
    seen: i64,
    reading: Reminder,
    writing: Reminder,
    written: Instant,
}

impl Watcher {
    pub(crate) async fn new(
        mut store: Store,
        master_key: MasterKey,
        issuer: Arc<Issuer>,
    ) -> Result<Self, StoreError> {
        // Somebody else who writes must not stop us from looking.
        store.be_impatient().await?;
        let (reading, writing) = (Reminder::new(REMIND), Reminder::new(REMIND));
        // 0 is never a data version, so the first poll reads once more: nothing that changed
        // between the first reading and now is missed.
        Ok(Self { store, master_key, issuer, seen: 0, reading, writing, written: Instant::now() })
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
            Ok(()) => self.issuer.freshness.confirm(),
            // The issuer answers from its last snapshot for a while; not said five times a second.
            Err(error) => self.reading.warn(&error),
        }
        if self.written.elapsed() >= WRITE_BACK {
            self.write_back().await;
        }
    }

    async fn follow(&mut self) -> Result<(), StoreError> {
        if !self.store.is_current() {
            self.reopen().await?;
        }
        let version = self.store.data_version().await?;
        if version == self.seen {
            return Ok(());
        }
        let sealer = self.master_key.sealer();
        let (snapshot, unusable) = Snapshot::build(self.store.contents().await?, &sealer);
        unusable.iter().for_each(warn);
        self.issuer.replace_snapshot(snapshot);
        self.seen = version;
        Ok(())
    }

    /// Another file has taken the place of the database, as when a backup is restored. Until now
    /// we looked at one that nobody can change any more; the new one passes the same checks as at
    /// start. A schema that is older stays as it is until the next start.
    async fn reopen(&mut self) -> Result<(), StoreError> {
        let mut store = Store::open(self.store.file(), &self.master_key).await?;
        store.be_impatient().await?;
        self.store = store;
        self.seen = 0;
        Ok(())
    }

    async fn write_back(&mut self) {
        self.written = Instant::now();
        let uses = self.issuer.take_uses();
        if uses.is_empty() {
            return;
        }
        if let Err(error) = self.store.note_use(&uses).await {
            self.writing.warn(&error);
            self.issuer.return_uses(uses);
        }
    }
}
